using ActorMon.Configuration.Schema;

namespace ActorMon.Configuration.Sections;

/// <summary>Headers that remote endpoints and tracing must not have set by hand.</summary>
internal static class RequestHeaders
{
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "host", "content-encoding", "content-length", "content-type", "user-agent", "connection", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "www-authenticate", "accept-encoding", "x-prometheus-remote-write-version", "x-prometheus-remote-read-version", "x-amz-date", "x-amz-security-token",
        "x-amz-content-sha256",
    };

    public const string RemoteAuthorization = "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, azuread or google_iam parameter";
    public const string TracingAuthorization = "custom authorization header configuration is not yet supported";

    public static void Check(ConfigSection s, ReadContext context, string authorization)
    {
        foreach (var header in s.Map("headers").Keys)
        {
            var lower = header.ToLowerInvariant();
            if (lower == "authorization")
                context.Error(s, "headers", authorization);
            else if (Reserved.Contains(lower))
                context.Error(s, "headers", $"{header} is a reserved header. It must not be changed");
        }
    }
}
