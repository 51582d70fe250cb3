using System.Globalization;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Sections;

/// <summary>The rules of the HTTP client keys, and the mapping of the deprecated bearer token keys to authorization.</summary>
internal static class HttpClientChecks
{
    public const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Host", "Content-Encoding", "Content-Length", "Content-Type", "User-Agent", "Connection", "Keep-Alive", "Proxy-Authenticate",
        "Proxy-Authorization", "Www-Authenticate", "Accept-Encoding", "X-Prometheus-Remote-Write-Version", "X-Prometheus-Remote-Read-Version",
        "X-Prometheus-Scrape-Timeout-Seconds", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256",
    };

    /// <summary>Checks the inline keys of <paramref name="s"/> and maps deprecated ones. Sections whose check looks at bearer_token itself do so before.</summary>
    public static void Check(ConfigSection s, ReadContext context)
    {
        var basic = s.Section("basic_auth");
        var oauth = s.Section("oauth2");
        var authorization = s.Section("authorization");
        var bearer = s.Has("bearer_token") || s.Has("bearer_token_file");
        if (s.Has("bearer_token") && s.Has("bearer_token_file"))
            context.Error(s, "bearer_token", "at most one of bearer_token & bearer_token_file must be configured");
        if (bearer && (basic ?? oauth) is not null)
            context.Error(s, "bearer_token", "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured");
        if (basic is not null)
            BasicAuth(basic, context);
        if (authorization is not null)
        {
            if (bearer)
                context.Error(s, "authorization", "authorization is not compatible with bearer_token & bearer_token_file");
            Authorization(authorization, context);
            if ((basic ?? oauth) is not null)
                context.Error(s, "authorization", "at most one of basic_auth, oauth2 & authorization must be configured");
        }
        else if (bearer)
        {
            MapBearer(s);
        }
        if (oauth is not null && basic is not null)
            context.Error(s, "oauth2", "at most one of basic_auth, oauth2 & authorization must be configured");
        Proxy(s, context);
        References(s, context);
        foreach (var name in s.SectionMap("http_headers").Keys)
            if (ReservedHeaders.Contains(name))
                context.Error(s, "http_headers", $"setting header {GoQuote.Quote(Canonical(name))} is not allowed");
    }

    public static void Tls(ConfigSection s, ReadContext context)
    {
        AtMostOne(s, context, "at most one of ca, ca_file & ca_ref must be configured", "ca", "ca_file", "ca_ref");
        AtMostOne(s, context, "at most one of cert, cert_file & cert_ref must be configured", "cert", "cert_file", "cert_ref");
        AtMostOne(s, context, "at most one of key and key_file must be configured", "key", "key_file", "key_ref");
        var cert = s.Has("cert") || s.Has("cert_file") || s.Has("cert_ref");
        var key = s.Has("key") || s.Has("key_file") || s.Has("key_ref");
        if (cert && !key)
            context.Error(s, "key", "exactly one of key or key_file must be configured when a client certificate is configured");
        else if (key && !cert)
            context.Error(s, "cert", "exactly one of cert or cert_file must be configured when a client key is configured");
    }

    public static void OAuth2(ConfigSection s, ReadContext context)
    {
        if (!s.Has("client_id"))
            context.Error(s, "client_id", "oauth2 client_id must be configured");
        if (!s.Has("token_url"))
            context.Error(s, "token_url", "oauth2 token_url must be configured");
        if (s.Text("grant_type") == JwtBearer)
        {
            AtMostOne(s, context, "at most one of oauth2 client_certificate_key, client_certificate_key_file & client_certificate_key_ref must be configured"
                + " using grant-type=urn:ietf:params:oauth:grant-type:jwt-bearer", "client_certificate_key", "client_certificate_key_file", "client_certificate_key_ref");
            if (s.Text("signature_algorithm") is not ("" or "RS256" or "RS384" or "RS512"))
                context.Error(s, "signature_algorithm", "valid signature algorithms are RS256, RS384 and RS512");
        }
        else
        {
            AtMostOne(s, context, "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured using grant-type=client_credentials",
                "client_secret", "client_secret_file", "client_secret_ref");
        }
        Proxy(s, context);
    }

    private static void BasicAuth(ConfigSection s, ReadContext context)
    {
        AtMostOne(s, context, "at most one of basic_auth username, username_file & username_ref must be configured", "username", "username_file", "username_ref");
        AtMostOne(s, context, "at most one of basic_auth password, password_file & password_ref must be configured", "password", "password_file", "password_ref");
    }

    private static void Authorization(ConfigSection s, ReadContext context)
    {
        AtMostOne(s, context, "at most one of authorization credentials & credentials_file must be configured", "credentials", "credentials_file", "credentials_ref");
        var type = s.Text("type").Trim();
        s["type"] = type.Length == 0 ? "Bearer" : type;
        if (type.Equals("basic", StringComparison.OrdinalIgnoreCase))
            context.Error(s, "type", "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
    }

    private static void MapBearer(ConfigSection s)
    {
        var authorization = new ConfigSection(HttpClientSchema.Authorization, s.Child("authorization"), s.Node);
        authorization["type"] = "Bearer";
        authorization["credentials"] = s["bearer_token"];
        authorization["credentials_file"] = s["bearer_token_file"];
        s["authorization"] = authorization;
        s["bearer_token"] = "";
        s["bearer_token_file"] = "";
    }

    private static void Proxy(ConfigSection s, ReadContext context)
    {
        if (s.ListMap("proxy_connect_header").Count > 0 && !s.Bool("proxy_from_environment") && !s.Has("proxy_url"))
            context.Error(s, "proxy_connect_header", "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured");
        if (s.Bool("proxy_from_environment") && s.Has("proxy_url"))
            context.Error(s, "proxy_url", "if proxy_from_environment is configured, proxy_url must not be configured");
        if (s.Bool("proxy_from_environment") && s.Has("no_proxy"))
            context.Error(s, "no_proxy", "if proxy_from_environment is configured, no_proxy must not be configured");
        else if (s.Has("no_proxy") && !s.Has("proxy_url"))
            context.Error(s, "no_proxy", "if no_proxy is configured, proxy_url must also be configured");
    }

    private static void AtMostOne(ConfigSection s, ReadContext context, string text, params ReadOnlySpan<string> keys)
    {
        string? first = null;
        foreach (var key in keys)
        {
            if (!s.Has(key))
                continue;
            if (first is not null)
            {
                context.Error(s, key, text);
                return;
            }
            first = key;
        }
    }

    // References parse, as in the peers, but nothing here could look a secret up.
    private static void References(ConfigSection s, ReadContext context)
    {
        foreach (var name in new[] { "basic_auth", "authorization", "oauth2", "tls_config" })
            if (s.Section(name) is { } part)
                foreach (var key in part.Schema.Keys)
                    if (key.Name.EndsWith("_ref", StringComparison.Ordinal) && part.Has(key.Name))
                        context.Warn(part, key.Name, "a reference needs a secret manager, and this version has none: no value will be found");
    }

    private static string Canonical(string header) => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(header.ToLowerInvariant());
}
