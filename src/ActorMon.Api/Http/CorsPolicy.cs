using ActorMon.Model.Matchers;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Http;

/// <summary>CORS headers of the API as the original sets them: an origin that matches is echoed, or * when every origin does.</summary>
public sealed class CorsPolicy(string originPattern)
{
    private readonly AnchoredRegex _origin = AnchoredRegex.Parse(originPattern);
    private readonly bool _any = originPattern == ".*";

    public void Apply(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return;
        var headers = context.Response.Headers;
        headers.AccessControlAllowHeaders = "Accept, Authorization, Content-Type, Origin";
        headers.AccessControlAllowMethods = "GET, POST, OPTIONS";
        headers.AccessControlExposeHeaders = "Date";
        headers.Vary = "Origin";
        if (_any)
            headers.AccessControlAllowOrigin = "*";
        else if (_origin.IsMatch(origin))
            headers.AccessControlAllowOrigin = origin;
    }
}
