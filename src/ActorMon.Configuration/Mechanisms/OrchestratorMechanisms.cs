using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Sections;
using ActorMon.Configuration.Units;
using ActorMon.Model.Text;
using static ActorMon.Configuration.Mechanisms.MechanismKeys;

namespace ActorMon.Configuration.Mechanisms;

/// <summary>Kubernetes, Docker, Triton and OpenStack.</summary>
internal static class OrchestratorMechanisms
{
    private static readonly Dictionary<string, string[]> SelectorRoles = new(StringComparer.Ordinal)
    {
        ["pod"] = ["pod", "node"],
        ["service"] = ["service"],
        ["endpointslice"] = ["pod", "service", "endpointslice"],
        ["endpoints"] = ["pod", "service", "endpoints"],
        ["node"] = ["node"],
        ["ingress"] = ["ingress"],
    };

    private static readonly SectionSchema Namespaces = new("kubernetes.plain", Key.Bool("own_namespace", always: true), Key.TextList("names", always: true));

    private static readonly SectionSchema Selector = new("kubernetes.SelectorConfig", KubernetesRole("role", always: false), Key.Text("label"), Key.Text("field")) { PrintEmpty = true };

    private static readonly SectionSchema Attach = new("kubernetes.AttachMetadataConfig", Key.Bool("node", always: true), Key.Bool("namespace", always: true),
        Key.Bool("deployment", always: true), Key.Bool("job", always: true), Key.Bool("cronjob", always: true));

    public static readonly (string Name, SectionSchema Schema)[] All =
    [
        ("kubernetes", Plain("kubernetes.plain", Kubernetes, [Key.Url("api_server"), KubernetesRole("role", always: true), Key.Path("kubeconfig_file", always: true),
            .. HttpClientSchema.Keys, Key.Section("namespaces", Namespaces), Key.SectionList("selectors", Selector, "empty or null section in selectors"),
            Key.Section("attach_metadata", Attach)])),
        ("docker", WithHttp("moby.plain", Docker, HttpHere, Key.Url("host", always: true), Port(80), Filters, Key.Text("host_networking_host", "localhost", always: true),
            RefreshAlways(60), Key.Bool("match_first_network", true, always: true))),
        ("dockerswarm", WithHttp("moby.plain", Swarm, HttpHere, Key.Url("host", always: true), Key.Text("role", always: true), Port(80), Filters, RefreshAlways(60))),
        ("triton", Plain("triton.plain", Triton, Key.Text("account", always: true), Key.Text("role", "container", always: true), Key.Text("dns_suffix", always: true),
            Key.Text("endpoint", always: true), Key.TextList("groups"), Port(9163), Refresh(60), Key.Section("tls_config", HttpClientSchema.Tls),
            Key.Integer("version", 1, always: true))),
        ("openstack", Plain("openstack.plain", OpenStack, Key.Text("identity_endpoint", always: true), Key.Text("username", always: true),
            Key.Text("userid", always: true), Key.Secret("password", always: true), Key.Text("project_name", always: true), Key.Text("project_id", always: true),
            Key.Text("domain_name", always: true), Key.Text("domain_id", always: true), Key.Text("application_credential_name", always: true),
            Key.Text("application_credential_id", always: true), Key.Secret("application_credential_secret", always: true), Key.Text("role", always: true),
            Key.Text("region", always: true), RefreshAlways(60), Port(80), Key.Bool("all_tenants"), Key.Section("tls_config", HttpClientSchema.Tls),
            Key.Text("availability", "public"))),
    ];

    private static KeySpec KubernetesRole(string name, bool always) => new(name, KeyKind.Text)
    {
        Default = "",
        Always = always,
        TypeName = "kubernetes.Role",
        Check = role => SelectorRoles.ContainsKey(role) ? null : $"unknown Kubernetes SD role {GoQuote.Quote(role)}",
    };

    private static void Kubernetes(ConfigSection s, ReadContext c)
    {
        Require(s, c, "role", "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)");
        var customClient = !HttpClientSchema.IsDefault(s);
        HttpClientChecks.Check(s, c);
        var server = s.Has("api_server");
        var kubeconfig = s.Has("kubeconfig_file");
        if (server && kubeconfig)
            c.Error(s, "kubeconfig_file", "cannot use 'kubeconfig_file' and 'api_server' simultaneously");
        if (kubeconfig && customClient)
            c.Error(s, "kubeconfig_file", "cannot use a custom HTTP client configuration together with 'kubeconfig_file'");
        else if (!server && customClient && !ReadContext.HasErrors(s, "api_server"))
            c.Error(s, "api_server", "to use custom HTTP client configuration please provide the 'api_server' URL explicitly");
        var own = s.Section("namespaces") is { } namespaces && namespaces.Bool("own_namespace");
        if (server && own)
            c.Error(s, "namespaces", "cannot use 'api_server' and 'namespaces.own_namespace' simultaneously");
        if (kubeconfig && own)
            c.Error(s, "namespaces", "cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously");
        Selectors(s, c);
    }

    private static void Selectors(ConfigSection s, ReadContext c)
    {
        var role = s.Text("role");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var selector in s.Sections("selectors"))
        {
            if (!seen.Add(selector.Text("role")))
                c.Error(selector, "role", $"duplicated selector role: {selector.Text("role")}");
            if (SelectorRoles.TryGetValue(role, out var allowed) && Array.IndexOf(allowed, selector.Text("role")) < 0)
                c.Error(selector, "role", $"{role} role supports only {string.Join(", ", allowed)} selectors");
            if (KubernetesSelectors.FieldProblem(selector.Text("field")) is { } field)
                c.Error(selector, "field", field);
            if (KubernetesSelectors.LabelProblem(selector.Text("label")) is { } label)
                c.Error(selector, "label", label);
        }
    }

    private static void Docker(ConfigSection s, ReadContext c) => Require(s, c, "host", "host missing");

    private static void Swarm(ConfigSection s, ReadContext c)
    {
        Require(s, c, "host", "host missing");
        Role(s, c, "role missing (one of: tasks, services, nodes)", _ => $"invalid role {s.Text("role")}, expected tasks, services, or nodes", "services", "nodes", "tasks");
    }

    private static void Triton(ConfigSection s, ReadContext c)
    {
        if (s.Text("role") is not ("container" or "cn"))
            c.Error(s, "role", "triton SD configuration requires role to be 'container' or 'cn'");
        Require(s, c, "account", "triton SD configuration requires an account");
        Require(s, c, "dns_suffix", "triton SD configuration requires a dns_suffix");
        Require(s, c, "endpoint", "triton SD configuration requires an endpoint");
        if (s.Duration("refresh_interval") <= TimeSpan.Zero)
            c.Error(s, "refresh_interval", "triton SD configuration requires RefreshInterval to be a positive integer");
    }

    private static void OpenStack(ConfigSection s, ReadContext c)
    {
        Role(s, c, "role missing (one of: instance, hypervisor, loadbalancer)", role => $"unknown OpenStack SD role {role}", "hypervisor", "instance", "loadbalancer");
        if (s.Text("availability") is not ("public" or "internal" or "admin"))
            c.Error(s, "availability", $"unknown availability {s.Text("availability")}, must be one of admin, internal or public");
        Require(s, c, "region", "openstack SD configuration requires a region");
    }
}
