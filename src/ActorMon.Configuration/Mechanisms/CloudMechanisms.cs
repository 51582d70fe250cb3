using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Text;
using ActorMon.Model.Time;
using static ActorMon.Configuration.Mechanisms.MechanismKeys;

namespace ActorMon.Configuration.Mechanisms;

/// <summary>The clouds, AWS apart.</summary>
internal static class CloudMechanisms
{
    public static readonly (string Name, SectionSchema Schema)[] All =
    [
        ("azure", WithHttp("azure.plain", Azure, Key.Text("environment", "AzurePublicCloud"), Port(80), Key.Text("subscription_id", always: true), Key.Text("tenant_id"),
            Key.Text("client_id"), Key.Secret("client_secret"), Refresh(300), Key.Text("authentication_method", "OAuth"), Key.Text("resource_group"))),
        ("digitalocean", WithHttp("digitalocean.plain", (s, c) => Role(s, c, "role missing (one of: droplets, databases)", r => $"unknown DigitalOcean SD role {r}",
            "droplets", "databases"), HttpHere, RefreshAlways(60), Port(80), Key.Text("role", "droplets", always: true))),
        ("gce", Plain("gce.plain", Gce, Key.Text("project", always: true), Key.Text("zone", always: true), Key.Text("filter"), Refresh(60), Port(80),
            Key.Text("tag_separator", ","))),
        ("hetzner", WithHttp("hetzner.plain", (s, c) => Role(s, c, "role missing (one of: robot, hcloud)", r => $"unknown role {r}", "robot", "hcloud"),
            HttpHere, RefreshAlways(60), Port(80), Key.Text("role", always: true), Key.Text("label_selector"))),
        ("ionos", WithHttp("ionos.plain", (s, c) => Require(s, c, "datacenter_id", "datacenter id can't be empty"), Key.Text("datacenter_id", always: true),
            HttpHere, RefreshAlways(60), Port(80))),
        ("linode", WithHttp("linode.plain", null, HttpHere, RefreshAlways(60), Port(80), Key.Text("tag_separator", ","), Key.Text("region"))),
        ("oci", WithHttp("oci.plain", Oci, Key.Text("auth", "api_key"), Key.Text("tenancy"), Key.Text("user"), Key.Text("fingerprint"), Key.Path("key_file"),
            Key.Secret("key_passphrase"), Key.Path("key_passphrase_file"), Key.Text("region", always: true), Key.TextList("compartments"), HttpHere, Port(80), RefreshAlways(60))),
        ("outscale", WithHttp("outscale.plain", Outscale, Key.Text("endpoint"), Key.Text("region", "eu-west-2", always: true), Key.Text("access_key", always: true),
            Key.Secret("secret_key", always: true), Key.Path("secret_key_file", always: true), Refresh(60), Port(80))),
        ("ovhcloud", Plain("ovhcloud.plain", OvhCloud, Key.Text("endpoint", "ovh-eu", always: true), Key.Text("application_key", always: true),
            Key.Secret("application_secret", always: true), Key.Secret("consumer_key", always: true), RefreshAlways(60), Key.Text("service", always: true))),
        ("scaleway", WithHttp("scaleway.plain", Scaleway, Key.Text("project_id", always: true), Key.Url("api_url") with { Default = "https://api.scaleway.com" },
            Key.Text("zone", "fr-par-1", always: true), Key.Text("access_key", always: true), Key.Secret("secret_key", always: true),
            Key.Path("secret_key_file", always: true), Key.Text("name_filter"), Key.TextList("tags_filter"), HttpHere, RefreshAlways(60), Port(80), Key.Text("role", always: true))),
        ("stackit", WithHttp("stackit.plain", Stackit, HttpHere, Key.Text("project", always: true), Refresh(60), Key.Integer("port", 80), Key.Text("region", "eu01"),
            Key.Text("endpoint"), Key.Secret("service_account_key"), Key.Secret("private_key"), Key.Text("service_account_key_path"), Key.Text("private_key_path"),
            Key.Text("credentials_file_path"))),
        ("vultr", WithHttp("vultr.plain", null, HttpHere, RefreshAlways(60), Port(80))),
    ];

    private static void Azure(ConfigSection s, ReadContext c)
    {
        const string Missing = "azure SD configuration requires a ";
        Require(s, c, "subscription_id", Missing + "subscription_id");
        var method = s.Text("authentication_method");
        if (method == "OAuth")
            foreach (var key in new[] { "tenant_id", "client_id", "client_secret" })
                Require(s, c, key, Missing + key);
        if (method is not ("OAuth" or "ManagedIdentity" or "SDK" or "WorkloadIdentity"))
            c.Error(s, "authentication_method",
                $"unknown authentication_type {GoQuote.Quote(method)}. Supported types are \"OAuth\", \"ManagedIdentity\", \"SDK\" or \"WorkloadIdentity\"");
    }

    private static void Gce(ConfigSection s, ReadContext c)
    {
        Require(s, c, "project", "GCE SD configuration requires a project");
        Require(s, c, "zone", "GCE SD configuration requires a zone");
    }

    private static void Oci(ConfigSection s, ReadContext c)
    {
        string[] keyed = ["tenancy", "user", "fingerprint", "key_file"];
        Require(s, c, "region", "oci_sd: region is required");
        switch (s.Text("auth"))
        {
            case "api_key":
                foreach (var key in keyed)
                    Require(s, c, key, $"oci_sd: api_key auth requires {key}");
                if (s.Has("key_passphrase") && s.Has("key_passphrase_file"))
                    c.Error(s, "key_passphrase", "oci_sd: at most one of key_passphrase and key_passphrase_file must be configured");
                break;
            case "instance_principal":
                if (keyed.Any(s.Has) || s.Has("key_passphrase") || s.Has("key_passphrase_file"))
                    c.Error(s, "auth",
                        "oci_sd: instance_principal auth must not have tenancy, user, fingerprint, key_file, key_passphrase, or key_passphrase_file set");
                break;
            default:
                c.Error(s, "auth", $"oci_sd: unknown auth method {GoQuote.Quote(s.Text("auth"))}, expected \"api_key\" or \"instance_principal\"");
                break;
        }
        var compartments = s.List("compartments");
        for (var i = 0; i < compartments.Count; i++)
            if (compartments[i].Length == 0)
                c.Error(s, "compartments", $"oci_sd: compartments[{i}] must not be empty");
        if (s.Duration("refresh_interval") <= TimeSpan.Zero)
            c.Error(s, "refresh_interval", $"oci_sd: refresh_interval must be positive, got {PrometheusDuration.Format(s.Duration("refresh_interval"))}");
    }

    private static void Outscale(ConfigSection s, ReadContext c)
    {
        Require(s, c, "region", "outscale SD configuration requires a region");
        Require(s, c, "access_key", "outscale SD configuration requires access_key");
        OneSecret(s, c);
        if (!s.Has("endpoint"))
            s["endpoint"] = $"https://api.{s.Text("region")}.outscale.com/api/v1";
    }

    private static void OvhCloud(ConfigSection s, ReadContext c)
    {
        Require(s, c, "endpoint", "endpoint can not be empty");
        Require(s, c, "application_key", "application key can not be empty");
        Require(s, c, "application_secret", "application secret can not be empty");
        Require(s, c, "consumer_key", "consumer key can not be empty");
        if (s.Text("service") is not ("dedicated_server" or "vps"))
            c.Error(s, "service", $"unknown service: {s.Text("service")}");
    }

    private static void Scaleway(ConfigSection s, ReadContext c)
    {
        Role(s, c, "role missing (one of: instance, baremetal)", r => $"unknown role {r}", "instance", "baremetal");
        Require(s, c, "project_id", "project_id is mandatory");
        OneSecret(s, c);
        Require(s, c, "access_key", "access_key is mandatory");
    }

    private static void Stackit(ConfigSection s, ReadContext c)
    {
        if (!s.Has("endpoint") && !s.Has("region"))
            c.Error(s, "endpoint", "stackit_sd: endpoint and region missing");
        if (!PeerUrl.TryParse(s.Text("endpoint"), out _, out var problem))
            c.Error(s, "endpoint", $"stackit_sd: invalid endpoint {GoQuote.Quote(s.Text("endpoint"))}: {problem}");
    }
}
