using ActorMon.Api.Http;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.RemoteWrite;

/// <summary>POST /api/v1/otlp/v1/metrics, as an original answers whose receiver is off: the node takes no OTLP yet.</summary>
internal static class OtlpEndpoint
{
    public static Task HandleAsync(HttpContext context, string _) =>
        PlainText.WriteAsync(context, 404, "otlp write receiver needs to be enabled with --web.enable-otlp-receiver\n");
}
