using ActorMon.Configuration.Mechanisms;
using ActorMon.Discovery;

namespace ActorMon.Configuration.Tests.Mechanisms;

public sealed class MechanismTests
{
    /// <summary>The shortest entry of each mechanism that is valid.</summary>
    public static TheoryData<string, string> Shortest => new()
    {
        { "file", "files: [a.yml]" }, { "http", "url: http://a" }, { "dns", "names: [a]" }, { "consul", "" }, { "kubernetes", "role: pod" },
        { "docker", "host: 'unix:///x'" }, { "dockerswarm", "host: 'tcp://x', role: tasks" }, { "eureka", "server: http://a" }, { "marathon", "servers: [a]" },
        { "nomad", "" }, { "puppetdb", "url: http://a, query: q" }, { "kuma", "server: http://a" }, { "serverset", "servers: [a], paths: [/p]" },
        { "nerve", "servers: [a], paths: [/p]" }, { "uyuni", "server: http://a, username: u, password: p" },
        { "triton", "account: a, dns_suffix: b, endpoint: c" }, { "openstack", "role: instance, region: r" }, { "ec2", "" }, { "lightsail", "" }, { "ecs", "" },
        { "elasticache", "" }, { "msk", "" }, { "rds", "" }, { "aws", "role: ecs" }, { "azure", "authentication_method: SDK, subscription_id: s" }, { "digitalocean", "" },
        { "gce", "project: p, zone: z" }, { "hetzner", "role: robot" }, { "ionos", "datacenter_id: d" }, { "linode", "" },
        { "oci", "auth: instance_principal, region: r" }, { "outscale", "access_key: a, secret_key: b" },
        { "ovhcloud", "application_key: a, application_secret: b, consumer_key: c, service: vps" },
        { "scaleway", "role: instance, project_id: p, access_key: a, secret_key_file: f" }, { "stackit", "project: p" }, { "vultr", "" },
    };

    [Theory]
    [MemberData(nameof(Shortest))]
    public void The_shortest_entry_is_valid(string mechanism, string keys) =>
        Assert.Equal(mechanism, Assert.Single(TestConfig.GoodJob($"{mechanism}_sd_configs: [{{{keys}}}]").Discovery).Mechanism);

    [Theory]
    [MemberData(nameof(Shortest))]
    public void An_entry_may_stand_under_an_alertmanager_too(string mechanism, string keys)
    {
        var config = TestConfig.Good($"alerting: {{alertmanagers: [{{{mechanism}_sd_configs: [{{{keys}}}]}}]}}\n");
        Assert.Equal(mechanism, Assert.Single(config.Alerting.Alertmanagers[0].Discovery).Mechanism);
    }

    [Theory]
    [MemberData(nameof(Shortest))]
    public void Unknown_keys_and_null_entries_are_refused(string mechanism, string keys)
    {
        Assert.Contains(TestConfig.JobErrors($"{mechanism}_sd_configs: [{{{keys}{(keys.Length > 0 ? ", " : "")}no_such: 1}}]"),
            e => e.Contains("field no_such not found in type", StringComparison.Ordinal));
        Assert.Contains($"empty or null section in {mechanism}_sd_configs", Assert.Single(TestConfig.JobErrors($"{mechanism}_sd_configs: [null]")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mechanism_has_a_shortest_entry_here() =>
        Assert.Equal(MechanismSchemas.Keys.Length - 1, Shortest.Count());

    [Theory]
    [InlineData("dns", "names: [a], type: MX", "a port is required in DNS-SD configs for all record types except SRV")]
    [InlineData("dns", "names: [a], type: TXT", "invalid DNS-SD records type TXT")]
    [InlineData("dns", "", "DNS-SD config must contain at least one SRV record name")]
    [InlineData("file", "files: [a.txt]", "path name \"/etc/p/a.txt\" is not valid for file discovery")]
    [InlineData("file", "", "file service discovery config must contain at least one path name")]
    [InlineData("consul", "server: ' '", "consul SD configuration requires a server address")]
    [InlineData("consul", "token: a, authorization: {credentials: b}", "at most one of consul SD token, authorization, or oauth2 can be configured")]
    [InlineData("consul", "username: a, basic_auth: {}", "at most one of consul SD configuration username and password and basic auth can be configured")]
    [InlineData("kubernetes", "", "role missing")]
    [InlineData("kubernetes", "role: pod, selectors: [{role: pod, label: 'a in b'}]", "unable to parse requirement")]
    [InlineData("docker", "", "host missing")]
    [InlineData("dockerswarm", "host: x, role: y", "invalid role y, expected tasks, services, or nodes")]
    [InlineData("kuma", "server: x", "kuma SD server must not be empty and have a scheme: x")]
    [InlineData("nerve", "servers: [a], paths: [p]", "nerve SD config paths must begin with '/': p")]
    [InlineData("uyuni", "server: a", "Uyuni SD configuration requires a username")]
    [InlineData("triton", "account: a, dns_suffix: b, endpoint: c, role: d", "triton SD configuration requires role to be 'container' or 'cn'")]
    [InlineData("openstack", "role: instance", "openstack SD configuration requires a region")]
    [InlineData("aws", "", "unknown AWS SD role \"\"")]
    [InlineData("digitalocean", "role: x", "unknown DigitalOcean SD role \"x\"")]
    [InlineData("gce", "project: p", "GCE SD configuration requires a zone")]
    [InlineData("oci", "region: r", "oci_sd: api_key auth requires tenancy")]
    [InlineData("oci", "region: r, auth: instance_principal, user: u", "instance_principal auth must not have tenancy")]
    [InlineData("nomad", "server: ''", "nomad SD configuration requires a server address")]
    [InlineData("scaleway", "role: instance, secret_key: s, access_key: a", "project_id is mandatory")]
    public void Entries_the_peers_refuse_are_refused(string mechanism, string keys, string text) =>
        Assert.Contains(TestConfig.JobErrors($"{mechanism}_sd_configs: [{{{keys}}}]"), e => e.Contains(text, StringComparison.Ordinal));

    [Fact]
    public void Options_hold_defaults_and_leave_the_client_to_its_own_record()
    {
        var consul = Assert.IsType<DeclaredSdConfig>(Assert.Single(TestConfig.GoodJob("consul_sd_configs: [{username: u, password: p, follow_redirects: false}]").Discovery));
        Assert.Equal("localhost:8500", consul.Options["server"]);
        Assert.Equal(TimeSpan.FromSeconds(30), consul.Options["refresh_interval"]);
        Assert.False(consul.Options.ContainsKey("follow_redirects"));
        Assert.False(consul.Http!.FollowRedirects);
        Assert.Equal("u", consul.Http.BasicAuth!.Username.Inline);
    }

    [Theory]
    [InlineData("a=b,c==d,e!=f,g,!h,i in (j,k),l notin (m),n>1", true)]
    [InlineData("example.com/app=x", true)]
    [InlineData("", true)]
    [InlineData("a=b=c", false)]
    [InlineData("a in (b", false)]
    [InlineData("a>x", false)]
    [InlineData("=b", false)]
    [InlineData("a!b", false)]
    public void Label_selectors_are_checked(string selector, bool good) => Assert.Equal(good, KubernetesSelectors.LabelProblem(selector) is null);
}
