using System.Text;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.OpenApi;

/// <summary>/api/v1/openapi.yaml: the API described by OpenAPI 3.1, or by 3.2 with ?openapi_version=3.2.</summary>
public sealed class OpenApiEndpoint(BuildStatus build, ApiSettings settings)
{
    private readonly Lazy<byte[]> _version31 = new(() => Encoding.UTF8.GetBytes(OpenApiDocument.Write(OpenApiVersion.V31, build.Version, settings.ExternalUrl)));
    private readonly Lazy<byte[]> _version32 = new(() => Encoding.UTF8.GetBytes(OpenApiDocument.Write(OpenApiVersion.V32, build.Version, settings.ExternalUrl)));

    public async Task HandleAsync(HttpContext context, string _)
    {
        var document = context.Request.Query["openapi_version"].ToString() is "3.2" or "3.2.0" ? _version32.Value : _version31.Value;
        context.Response.ContentType = "application/yaml; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache, no-store, must-revalidate";
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }
}
