using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Sections;
using ActorMon.Configuration.Units;
using ActorMon.Model.Text;
using static ActorMon.Configuration.Mechanisms.MechanismKeys;

namespace ActorMon.Configuration.Mechanisms;

/// <summary>Files, HTTP, DNS and registries of services.</summary>
internal static class LocalMechanisms
{
    public static readonly (string Name, SectionSchema Schema)[] All =
    [
        ("file", Plain("file.plain", File, Key.PathList("files", always: true), Refresh(300))),
        ("http", WithHttp("http.plain", (s, c) => HttpUrl(s, c, "url"), HttpHere, Refresh(60), Key.Url("url", always: true))),
        ("dns", Plain("dns.plain", Dns, Key.TextList("names", always: true), Refresh(30), Key.Text("type", "SRV", always: true), Port(0))),
        ("consul", WithHttp("consul.plain", Consul, Key.Text("server", "localhost:8500"), Key.Text("path_prefix"), Key.Secret("token"), Key.Text("datacenter"),
            Key.Text("namespace"), Key.Text("partition"), Key.Text("tag_separator", ","), Key.Text("scheme", "http"), Key.Text("username"), Key.Secret("password"),
            Key.Bool("allow_stale", true, always: true), Refresh(30), Key.TextList("services"), Key.TextList("tags"), Key.TextMap("node_meta"), Key.Text("filter"),
            Key.Text("health_filter"))),
        ("eureka", WithHttp("eureka.plain", Eureka, Key.Url("server"), HttpHere, Refresh(30))),
        ("marathon", WithHttp("marathon.plain", Marathon, Key.TextList("servers"), Refresh(30), Key.Secret("auth_token"), Key.Path("auth_token_file"))),
        ("nomad", WithHttp("nomad.plain", (s, c) => Server(s, c, "nomad SD configuration requires a server address"), Key.Bool("allow_stale", true, always: true),
            HttpHere, Key.Text("namespace", "default", always: true), RefreshAlways(60), Key.Text("region", "global", always: true),
            Key.Text("server", "http://localhost:4646", always: true), Key.Text("tag_separator", ","))),
        ("puppetdb", WithHttp("puppetdb.plain", PuppetDb, HttpHere, Refresh(60), Key.Url("url", always: true), Key.Text("query", always: true),
            Key.Bool("include_parameters", always: true), Port(80))),
        ("kuma", WithHttp("xds.plainKumaConf", Kuma, HttpHere, Refresh(15), Key.Duration("fetch_timeout", 120), Key.Url("server"), Key.Text("client_id"))),
        ("serverset", ZooKeeper("serverset")),
        ("nerve", ZooKeeper("nerve")),
        ("uyuni", WithHttp("uyuni.plain", Uyuni, Key.Url("server", always: true), Key.Text("username", always: true), Key.Secret("password", always: true),
            HttpHere, Key.Text("entitlement", "monitoring_entitled"), Key.Text("separator", ","), Refresh(60))),
    ];

    /// <summary>A file pattern: at most one "*", in the last segment, and an ending of a target file.</summary>
    public static bool IsFilePattern(string path)
    {
        if (!GlobPattern.IsRulePattern(path))
            return false;
        var dot = path.LastIndexOf('.');
        return dot >= 0 && path[(dot + 1)..] is "json" or "yml" or "yaml" or "JSON" or "YML" or "YAML";
    }

    private static SectionSchema ZooKeeper(string name) => Plain("zookeeper.plain", (s, c) =>
    {
        if (s.List("servers").Count == 0)
            c.Error(s, "servers", $"{name} SD config must contain at least one Zookeeper server");
        if (s.List("paths").Count == 0)
            c.Error(s, "paths", $"{name} SD config must contain at least one path");
        foreach (var path in s.List("paths"))
            if (!path.StartsWith('/'))
                c.Error(s, "paths", $"{name} SD config paths must begin with '/': {path}");
    }, Key.TextList("servers", always: true), Key.TextList("paths", always: true), Key.Duration("timeout", 10));

    private static void File(ConfigSection s, ReadContext c)
    {
        if (s.List("files").Count == 0)
            c.Error(s, "files", "file service discovery config must contain at least one path name");
        foreach (var file in s.List("files"))
            if (!IsFilePattern(file))
                c.Error(s, "files", $"path name {GoQuote.Quote(file)} is not valid for file discovery");
    }

    private static void Dns(ConfigSection s, ReadContext c)
    {
        if (s.List("names").Count == 0)
            c.Error(s, "names", "DNS-SD config must contain at least one SRV record name");
        switch (s.Text("type").ToUpperInvariant())
        {
            case "SRV":
                break;
            case "A" or "AAAA" or "MX" or "NS":
                if (s.Integer("port") == 0)
                    c.Error(s, "port", "a port is required in DNS-SD configs for all record types except SRV");
                break;
            default:
                c.Error(s, "type", $"invalid DNS-SD records type {s.Text("type")}");
                break;
        }
    }

    private static void Consul(ConfigSection s, ReadContext c)
    {
        Server(s, c, "consul SD configuration requires a server address");
        if (s.Has("username") || s.Has("password"))
        {
            if (s.Section("basic_auth") is not null)
            {
                c.Error(s, "username", "at most one of consul SD configuration username and password and basic auth can be configured");
            }
            else
            {
                var basic = new ConfigSection(HttpClientSchema.BasicAuth, s.Child("basic_auth"), s.Node);
                basic["username"] = s["username"];
                basic["password"] = s["password"];
                s["basic_auth"] = basic;
            }
        }
        if (s.Has("token") && (s.Section("authorization") ?? s.Section("oauth2")) is not null)
            c.Error(s, "token", "at most one of consul SD token, authorization, or oauth2 can be configured");
    }

    private static void Eureka(ConfigSection s, ReadContext c)
    {
        if (!s.Has("server"))
            c.Error(s, "server", "eureka_sd: empty or null eureka server");
        else if (!PeerUrl.TryParse(s.Text("server"), out var url, out _) || url.Scheme.Length == 0 || url.Host.Length == 0)
            c.Error(s, "server", "eureka_sd: invalid eureka server URL");
    }

    private static void Marathon(ConfigSection s, ReadContext c)
    {
        if (s.List("servers").Count == 0)
            c.Error(s, "servers", "marathon_sd: must contain at least one Marathon server");
        if (s.Has("auth_token") && s.Has("auth_token_file"))
            c.Error(s, "auth_token", "marathon_sd: at most one of auth_token & auth_token_file must be configured");
        if (!s.Has("auth_token") && !s.Has("auth_token_file"))
            return;
        if (s.Section("basic_auth") is not null)
            c.Error(s, "basic_auth", "marathon_sd: at most one of basic_auth, auth_token & auth_token_file must be configured");
        else if (s.Has("bearer_token") || s.Has("bearer_token_file"))
            c.Error(s, "bearer_token", "marathon_sd: at most one of bearer_token, bearer_token_file, auth_token & auth_token_file must be configured");
        else if (s.Section("authorization") is not null)
            c.Error(s, "authorization", "marathon_sd: at most one of auth_token, auth_token_file & authorization must be configured");
    }

    private static void PuppetDb(ConfigSection s, ReadContext c)
    {
        HttpUrl(s, c, "url");
        Require(s, c, "query", "query missing");
    }

    private static void Kuma(ConfigSection s, ReadContext c)
    {
        if (!s.Has("server"))
            c.Error(s, "server", "kuma SD server must not be empty: ");
        else if (!PeerUrl.TryParse(s.Text("server"), out var url, out var problem))
            c.Error(s, "server", problem);
        else if (url.Scheme.Length == 0 || url.Host.Length == 0)
            c.Error(s, "server", $"kuma SD server must not be empty and have a scheme: {s.Text("server")}");
    }

    private static void Uyuni(ConfigSection s, ReadContext c)
    {
        Require(s, c, "server", "Uyuni SD configuration requires server host");
        Require(s, c, "username", "Uyuni SD configuration requires a username");
        Require(s, c, "password", "Uyuni SD configuration requires a password");
    }

    private static void Server(ConfigSection s, ReadContext c, string missing)
    {
        if (s.Text("server").AsSpan().Trim().IsEmpty)
            c.Error(s, "server", missing);
    }
}
