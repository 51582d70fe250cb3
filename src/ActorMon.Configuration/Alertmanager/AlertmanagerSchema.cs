using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Sections;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Alertmanager;

/// <summary>The keys of alertmanager.yml, all but those of the integrations.</summary>
internal static class AlertmanagerSchema
{
    public static readonly SectionSchema Global = new("config.plain",
    [
        Key.Duration("resolve_timeout", 300), Key.Section("http_config", ReceiverSchemas.Http), Url("jira_api_url", ""),
        Key.Text("smtp_from"), Key.Text("smtp_hello", "localhost"), Key.Text("smtp_smarthost"), Key.Text("smtp_auth_username"), Key.Secret("smtp_auth_password"),
        Key.Path("smtp_auth_password_file"), Key.Secret("smtp_auth_secret"), Key.Path("smtp_auth_secret_file"), Key.Text("smtp_auth_identity"),
        Key.Bool("smtp_require_tls", true), Key.Section("smtp_tls_config", HttpClientSchema.Tls), Key.OptionalBool("smtp_force_implicit_tls"),
        SecretUrl("slack_api_url"), Key.Path("slack_api_url_file"), Key.Secret("slack_app_token"), Key.Path("slack_app_token_file"),
        Later(Url("slack_app_url", "https://slack.com/api/chat.postMessage")), Url("pagerduty_url", "https://events.pagerduty.com/v2/enqueue"),
        Url("opsgenie_api_url", "https://api.opsgenie.com/"), Key.Secret("opsgenie_api_key"), Key.Path("opsgenie_api_key_file"),
        Url("wechat_api_url", "https://qyapi.weixin.qq.com/cgi-bin/"), Key.Secret("wechat_api_secret"), Key.Path("wechat_api_secret_file"), Key.Text("wechat_api_corp_id"),
        Url("victorops_api_url", "https://alert.victorops.com/integrations/generic/20131114/alert/"), Key.Secret("victorops_api_key"), Key.Path("victorops_api_key_file"),
        Url("telegram_api_url", "https://api.telegram.org"), Key.Secret("telegram_bot_token"), Key.Path("telegram_bot_token_file"),
        Url("webex_api_url", "https://webexapis.com/v1/messages"), Later(Url("rocketchat_api_url", "https://open.rocket.chat/")),
        Key.Secret("rocketchat_token"), Key.Path("rocketchat_token_file"), Key.Secret("rocketchat_token_id"), Key.Path("rocketchat_token_id_file"),
        SecretUrl("mattermost_webhook_url"), Key.Path("mattermost_webhook_url_file"),
    ])
    {
        Check = CheckGlobal,
    };

    public static readonly SectionSchema Route = new("config.plain",
    [
        Key.Text("receiver"), Key.TextList("group_by"), Key.TextMap("match"), Key.TextMap("match_re"), Key.TextList("matchers"), Key.Bool("continue"),
        Key.TextList("mute_time_intervals"), Key.TextList("active_time_intervals"), Key.TextMap("labels"),
        Key.Duration("group_wait"), Key.Duration("group_interval"), Key.Duration("repeat_interval"),
        // Not the original's: a resolved alert is told at once.
        Key.OptionalBool("resolve_immediately"),
        new KeySpec("routes", KeyKind.SectionList) { LateSchema = () => Route!, NullItem = "empty route" },
    ]);

    public static readonly SectionSchema InhibitRule = new("common.plain",
        Key.Text("name"), Key.TextMap("source_match"), Key.TextMap("source_match_re"), Key.TextList("source_matchers"),
        Key.TextMap("target_match"), Key.TextMap("target_match_re"), Key.TextList("target_matchers"), Key.TextList("equal"));

    private static readonly SectionSchema Interval = new("timeinterval.TimeInterval",
        Key.SectionList("times", new SectionSchema("timeinterval.yamlTimeRange", Key.Text("start_time"), Key.Text("end_time")), "both start and end times must be provided"),
        Key.TextList("weekdays"), Key.TextList("days_of_month"), Key.TextList("months"), Key.TextList("years"), Key.Text("location"));

    private static readonly SectionSchema NamedInterval = new("config.plain", Key.Text("name"), Key.SectionList("time_intervals", Interval, "empty time interval"));

    private static readonly SectionSchema Receiver = new("config.plain",
        [Key.Text("name"), Key.TextMap("labels") with { Hides = IsOwnName }, .. ReceiverSchemas.All.Select(type => Key.SectionList(type.Type + "_configs", type.Schema, type.NullItem))])
    {
        Check = CheckReceiver,
    };

    public static readonly SectionSchema Top = new("config.plain",
        Key.Section("global", Global), Key.Section("route", Route), Key.SectionList("inhibit_rules", InhibitRule, "empty inhibition rule"),
        Key.SectionList("receivers", Receiver, "empty receiver"), Key.PathList("templates"), Key.SectionList("mute_time_intervals", NamedInterval, "empty time interval"),
        Key.SectionList("time_intervals", NamedInterval, "empty time interval"), Key.Section("tracing", StorageSection.Tracing), new KeySpec("event_recorder", KeyKind.Any));

    private static KeySpec Url(string name, string fallback) => new(name, KeyKind.Url) { Default = fallback, Check = Units.AlertmanagerUrl.Problem };

    /// <summary>A key that amtool of earlier releases does not know: it reads the configuration that a node shows, so a default is not shown.</summary>
    private static KeySpec Later(KeySpec key) => key with { Hides = (_, value) => Equals(value, key.Default) };

    private static bool IsOwnName(ConfigSection receiver, object? labels) =>
        labels is SortedDictionary<string, string> { Count: 1 } only && only.TryGetValue("name", out var name) && name == receiver.Text("name");

    private static KeySpec SecretUrl(string name) => new(name, KeyKind.Secret) { Default = "", Check = Units.AlertmanagerUrl.Problem };

    private static void CheckGlobal(ConfigSection s, ReadContext context)
    {
        foreach (var key in new[]
        {
            "slack_app_token", "slack_api_url", "opsgenie_api_key", "victorops_api_key", "telegram_bot_token", "smtp_auth_password", "rocketchat_token", "rocketchat_token_id",
            "smtp_auth_secret", "wechat_api_secret", "mattermost_webhook_url",
        })
            ReceiverChecks.AtMostOne(s, context, key);
        if ((s.Has("slack_app_token") || s.Has("slack_app_token_file")) && (s.Has("slack_api_url") || s.Has("slack_api_url_file"))
            && s.Text("slack_api_url") != s.Text("slack_app_url"))
            context.Error(s, "slack_app_token", "at most one of slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file must be configured");
        if (s.Has("smtp_smarthost") && Units.HostPort.Problem(s.Text("smtp_smarthost")) is { } problem)
            context.Error(s, "smtp_smarthost", problem);
    }

    private static void CheckReceiver(ConfigSection s, ReadContext context)
    {
        var name = s.Text("name");
        if (name.Length == 0)
            context.Error(s, "name", "missing name in receiver");
        var labels = s.Map("labels");
        if (labels.TryGetValue("name", out var label) && label != name)
            context.Error(s, "labels", $"receiver label \"name\" must match receiver name {GoQuote.Quote(name)}, got {GoQuote.Quote(label)}");
        labels["name"] = name;
        s["labels"] = labels;
    }
}
