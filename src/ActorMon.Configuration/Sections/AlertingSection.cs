using ActorMon.Configuration.Mechanisms;
using ActorMon.Configuration.Model;
using ActorMon.Configuration.Schema;
using ActorMon.Model.Names;
using ActorMon.Notifying.Options;

namespace ActorMon.Configuration.Sections;

/// <summary>The alerting section: relabelling of alerts and the Alertmanagers they go to.</summary>
internal static class AlertingSection
{
    public static readonly SectionSchema Alertmanager = new("config.AlertmanagerConfig",
    [
        .. HttpClientSchema.Keys, Key.Section("sigv4", CloudAuthSection.SigV4), Key.Text("scheme", "http"), Key.Text("path_prefix"), Key.Duration("timeout", 10),
        new KeySpec("api_version", KeyKind.Text)
        {
            Default = "v2", Always = true, CheckEmpty = true,
            Check = version => version == "v2" ? null : $"expected Alertmanager api version to be one of [v2] but got {version}",
        },
        RelabelSection.ListKey("relabel_configs", "empty or null Alertmanager target relabeling rule"),
        RelabelSection.ListKey("alert_relabel_configs", "empty or null Alertmanager alert relabeling rule"), .. MechanismSchemas.Keys,
    ])
    {
        Check = CheckAlertmanager,
    };

    public static readonly SectionSchema Schema = new("config.plain",
        RelabelSection.ListKey("alert_relabel_configs", "empty or null alert relabeling rule"),
        Key.SectionList("alertmanagers", Alertmanager, "empty or null Alertmanager config section"));

    public static bool IsUsed(ConfigSection? s) => s is not null && (s.Sections("alertmanagers").Count > 0 || s.Sections("alert_relabel_configs").Count > 0);

    public static void Resolve(ConfigSection s, NameValidation scheme, ReadContext context)
    {
        RelabelSection.CheckAll(s, "alert_relabel_configs", scheme, context);
        foreach (var alertmanager in s.Sections("alertmanagers"))
        {
            RelabelSection.CheckAll(alertmanager, "relabel_configs", scheme, context);
            RelabelSection.CheckAll(alertmanager, "alert_relabel_configs", scheme, context);
        }
    }

    public static AlertingOptions Build(ConfigSection s) => new()
    {
        AlertRelabelRules = RelabelSection.Build(s, "alert_relabel_configs"),
        Alertmanagers = [.. s.Sections("alertmanagers").Select(Build1)],
    };

    private static void CheckAlertmanager(ConfigSection s, ReadContext context)
    {
        HttpClientChecks.Check(s, context);
        if (s.Section("sigv4") is not null && (s.Section("basic_auth") ?? s.Section("authorization") ?? s.Section("oauth2")) is not null)
            context.Error(s, "sigv4", "at most one of basic_auth, authorization, oauth2, & sigv4 must be configured");
        if (s.Sections("relabel_configs").Count == 0)
            StaticTargets.Check(s, context);
    }

    private static ConfiguredAlertmanagers Build1(ConfigSection s) => new(
        new AlertmanagerOptions
        {
            Scheme = s.Text("scheme"),
            PathPrefix = s.Text("path_prefix"),
            Timeout = s.Duration("timeout"),
            Http = HttpClientBuilder.Build(s) with { SigV4 = CloudAuthSection.BuildSigV4(s.Section("sigv4")) },
            RelabelRules = RelabelSection.Build(s, "relabel_configs"),
            AlertRelabelRules = RelabelSection.Build(s, "alert_relabel_configs"),
        },
        MechanismBuilder.Build(s));
}
