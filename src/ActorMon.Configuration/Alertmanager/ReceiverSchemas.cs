using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Sections;

namespace ActorMon.Configuration.Alertmanager;

/// <summary>The keys of the 18 integrations of Alertmanager 0.34, with their defaults.</summary>
internal static class ReceiverSchemas
{
    public static readonly SectionSchema Http = new("config.plain", HttpClientSchema.Keys) { Check = HttpClientChecks.Check };

    private static readonly SectionSchema Action = new("config.plain",
        Key.Text("type"), Key.Text("text"), Key.Text("url"), Key.Text("style"), Key.Text("name"), Key.Text("value"),
        Key.Section("confirm", new SectionSchema("config.plain", Key.Text("text"), Key.Text("title"), Key.Text("ok_text"), Key.Text("dismiss_text"))
        {
            Check = (s, context) => ReceiverChecks.Required(s, context, "Slack confirmation configuration", "text"),
        }))
    {
        Check = ReceiverChecks.SlackAction,
    };

    private static readonly SectionSchema JiraField = new("jira.plain", Key.Text("template"), Key.OptionalBool("enable_update"));

    private static readonly SectionSchema Attachment = new("mattermost.MattermostAttachment",
    [
        .. Texts("fallback", "color", "pretext", "text", "author_name", "author_link", "author_icon", "title", "title_link", "thumb_url", "footer", "footer_icon", "image_url"),
        Key.SectionList("fields", Field("Mattermost"), "empty field"),
    ]);

    /// <summary>Once no secret: amtool of that time reads it as a URL, so what hides it looks like one.</summary>
    private const string HiddenUrl = "http://<secret>";

    /// <summary>By type: the part of the key before <c>_configs</c>.</summary>
    public static readonly IReadOnlyList<(string Type, SectionSchema Schema, string NullItem)> All =
    [
        ("discord", Of("discord", true, ReceiverChecks.WebhookUrl, [Url("webhook_url"), .. Texts("content", "username", "avatar_url"), .. Templates("discord", "title", "message")]),
            "missing discord config"),
        ("email", Of("config", false, ReceiverChecks.Email,
        [
            .. Texts("to", "from", "hello", "smarthost", "auth_username", "auth_identity", "text"), .. SecretPair("auth_password"), .. SecretPair("auth_secret"),
            Key.TextMap("headers"), Key.Text("html", "{{ template \"email.default.html\" . }}"), Key.OptionalBool("require_tls"), Key.OptionalBool("force_implicit_tls"),
            Key.Section("tls_config", HttpClientSchema.Tls), Key.Section("threading", new SectionSchema("config.ThreadingConfig", Key.Bool("enabled"), Key.Text("thread_by_date", "daily"))),
        ]), "missing email config"),
        ("incidentio", Of("incidentio", true, ReceiverChecks.Incidentio, [Address("url"), Key.Path("url_file"), .. SecretPair("alert_source_token"), Key.Unsigned("max_alerts"), Timeout()]),
            "missing incidentio config"),
        ("pagerduty", Of("pagerduty", true, ReceiverChecks.Pagerduty,
        [
            .. SecretPair("service_key"), .. SecretPair("routing_key"), Address("url"), .. Texts("source", "severity", "class", "component", "group"), Timeout(),
            Key.Text("client", "{{ template \"pagerduty.default.client\" . }}"), Key.Text("client_url", "{{ template \"pagerduty.default.clientURL\" . }}"),
            Key.Text("description", "{{ template \"pagerduty.default.description\" .}}"), new KeySpec("details", KeyKind.Any),
            Key.SectionList("images", new SectionSchema("pagerduty.PagerdutyImage", Texts("src", "alt", "href")), "empty image"),
            Key.SectionList("links", new SectionSchema("pagerduty.PagerdutyLink", Texts("href", "text")), "empty link"),
        ]), "missing pagerduty config"),
        ("slack", Of("config", false, ReceiverChecks.Slack,
        [
            Url("api_url"), Key.Path("api_url_file"), .. SecretPair("app_token"), Address("app_url"), .. Texts("channel", "message_text", "image_url", "thumb_url"),
            .. Templates("slack", "color", "username", "title", "pretext", "text", "fallback", "footer"),
            Key.Text("title_link", "{{ template \"slack.default.titlelink\" . }}"), Key.Text("icon_emoji", "{{ template \"slack.default.iconemoji\" . }}"),
            Key.Text("icon_url", "{{ template \"slack.default.iconurl\" . }}"), Key.Text("callback_id", "{{ template \"slack.default.callbackid\" . }}"),
            Key.SectionList("fields", Field("Slack"), "empty field"), Key.Bool("short_fields"), Key.Bool("link_names"), Key.TextList("mrkdwn_in"),
            Key.SectionList("actions", Action, "empty action"), Key.Bool("update_message"), Timeout(),
        ]), "no Slack API URL nor App token set either inline or in a file"),
        ("webhook", Of("webhook", true, ReceiverChecks.Webhook, [Key.Secret("url") with { Mask = HiddenUrl }, Key.Path("url_file"), Key.Unsigned("max_alerts"), Timeout(), new KeySpec("payload", KeyKind.AnyValue)]),
            "missing webhook config"),
        ("opsgenie", Of("opsgenie", true, ReceiverChecks.Opsgenie,
        [
            .. SecretPair("api_key"), Address("api_url"), .. Templates("opsgenie", "message", "description", "source"), Key.TextMap("details"),
            .. Texts("entity", "actions", "tags", "note", "priority"), Key.Bool("update_alerts"),
            Key.SectionList("responders", new SectionSchema("opsgenie.OpsGenieConfigResponder", Texts("id", "name", "username", "type")), "empty responder"),
        ]), "no global OpsGenie API Key set either inline or in a file"),
        ("wechat", Of("config", false, ReceiverChecks.Wechat,
            [.. SecretPair("api_secret"), Key.Text("corp_id"), Address("api_url"), Key.Text("message_type", "text"), .. Templates("wechat", "message", "to_user", "to_party", "to_tag", "agent_id")]),
            "no global Wechat Api Secret set either inline or in a file"),
        ("pushover", Of("pushover", true, ReceiverChecks.Pushover,
        [
            .. SecretPair("user_key"), .. SecretPair("token"), .. Templates("pushover", "title", "message", "url"), .. Texts("url_title", "device", "sound"),
            Key.Text("priority", "{{ if eq .Status \"firing\" }}2{{ else }}0{{ end }}"), Nanoseconds("retry", 60), Nanoseconds("expire", 3600), Nanoseconds("ttl", 0),
            Key.Bool("html"), Key.Bool("monospace"),
        ]), "missing pushover config"),
        ("victorops", Of("config", true, ReceiverChecks.Victorops,
        [
            .. SecretPair("api_key"), Address("api_url"), Key.Text("routing_key"), Key.Text("message_type", "CRITICAL"), Key.TextMap("custom_fields"),
            .. Templates("victorops", "state_message", "entity_display_name", "monitoring_tool"),
        ]), "missing victorops config"),
        ("sns", Of("sns", true, ReceiverChecks.Sns,
        [
            .. Texts("api_url", "topic_arn", "phone_number", "target_arn"), Key.Section("sigv4", CloudAuthSection.SigV4), .. Templates("sns", "subject", "message"),
            Key.TextMap("attributes"), Key.Bool("use_aws_http_client"),
        ]), "missing sns config"),
        ("telegram", Of("telegram", true, ReceiverChecks.Telegram,
        [
            Address("api_url"), .. SecretPair("bot_token"), Key.Integer("chat_id"), Key.Path("chat_id_file"), Key.Integer("message_thread_id"), .. Templates("telegram", "message"),
            Key.Bool("disable_notifications"), Key.Text("parse_mode", "HTML"),
        ]), "missing telegram config"),
        ("webex", Of("config", true, ReceiverChecks.Webex, [Address("api_url"), .. Templates("webex", "message"), Key.Text("room_id")]), "missing webex config"),
        ("msteams", Of("msteams", true, ReceiverChecks.WebhookUrl, [Url("webhook_url"), .. Templates("msteams", "title", "summary", "text")]), "missing msteams config"),
        ("msteamsv2", Of("msteamsv2", true, ReceiverChecks.WebhookUrl, [Url("webhook_url"), .. Templates("msteamsv2", "title", "text")]), "missing msteamsv2 config"),
        ("jira", Of("jira", true, ReceiverChecks.Jira,
        [
            Address("api_url"), Key.Text("api_type", "auto"), .. Texts("project", "issue_type", "reopen_transition", "resolve_transition", "wont_fix_resolution"),
            new KeySpec("summary", KeyKind.Section) { Schema = JiraField, ScalarKey = "template" }, new KeySpec("description", KeyKind.Section) { Schema = JiraField, ScalarKey = "template" },
            Key.TextList("labels"), .. Templates("jira", "priority"), Key.Duration("reopen_duration"), new KeySpec("fields", KeyKind.Any),
        ]), "missing jira config"),
        ("rocketchat", Of("rocketchat", false, ReceiverChecks.Rocketchat,
        [
            Address("api_url"), .. SecretPair("token_id"), .. SecretPair("token"), .. Texts("channel", "image_url", "thumb_url"), .. Templates("rocketchat", "emoji", "title", "text"),
            Key.Text("color", "{{ if eq .Status \"firing\" }}red{{ else }}green{{ end }}"), Key.Text("title_link", "{{ template \"rocketchat.default.titlelink\" . }}"),
            Key.Text("icon_url", "{{ template \"rocketchat.default.iconurl\" . }}"), Key.Bool("short_fields"), Key.Bool("link_names"),
            Key.SectionList("fields", new SectionSchema("rocketchat.RocketchatAttachmentField", Key.Text("title"), Key.Text("value"), Key.OptionalBool("short")), "empty field"),
            Key.SectionList("actions", new SectionSchema("rocketchat.RocketchatAttachmentAction",
                [.. Texts("type", "text", "url", "imageurl", "webviewheightratio", "msg", "msgprocessingtype"), Key.Bool("iswebview"), Key.Bool("msginchatwindow")]), "empty action"),
        ]), "no global Rocketchat TokenID set either inline or in a file"),
        ("mattermost", Of("mattermost", true, ReceiverChecks.Mattermost,
        [
            Url("webhook_url"), .. Templates("mattermost", "username", "color", "text", "title", "fallback"), Key.Text("title_link", "{{ template \"mattermost.default.titlelink\" . }}"),
            .. Texts("channel", "pretext", "author_name", "author_link", "author_icon", "thumb_url", "footer", "footer_icon", "image_url", "icon_url", "icon_emoji", "type"),
            Key.SectionList("fields", Field("Mattermost"), "empty field"), Key.SectionList("attachments", Attachment, "empty attachment"),
            Key.Section("props", new SectionSchema("mattermost.MattermostProps", Key.Text("card"))),
            Key.Section("priority", new SectionSchema("mattermost.MattermostPriority", Key.Text("priority"), Key.Bool("requested_ack"), Key.Bool("persistent_notifications"))),
        ]), "missing mattermost config"),
    ];

    private static SectionSchema Of(string package, bool sendResolved, Action<ConfigSection, ReadContext> check, KeySpec[] keys)
    {
        // A secret URL has its file beside it, whatever the integration.
        var files = keys.Where(key => key.Name == "webhook_url").Select(key => Key.Path(key.Name + "_file"));
        return new SectionSchema(package + ".plain", [Key.Bool("send_resolved", sendResolved), Key.Section("http_config", Http), .. keys, .. files]) { Check = check };
    }

    private static SectionSchema Field(string product) => new("config.plain", Key.Text("title"), Key.Text("value"), Key.OptionalBool("short"))
    {
        Check = (s, context) => ReceiverChecks.Required(s, context, product + " field configuration", "title", "value"),
    };

    private static KeySpec Address(string name) => new(name, KeyKind.Url) { Default = "", Check = Units.AlertmanagerUrl.Problem };

    private static KeySpec Url(string name) => new(name, KeyKind.Secret) { Default = "", Check = Units.AlertmanagerUrl.Problem };

    private static KeySpec[] Texts(params string[] names) => [.. names.Select(name => Key.Text(name))];

    private static KeySpec[] Templates(string type, params string[] names) => [.. names.Select(name => Key.Text(name, $"{{{{ template \"{type}.default.{name}\" . }}}}"))];

    private static KeySpec[] SecretPair(string name) => [Key.Secret(name), Key.Path(name + "_file")];

    private static KeySpec Timeout() => Nanoseconds("timeout", 0);

    private static KeySpec Nanoseconds(string name, double seconds) => new(name, KeyKind.GoDuration) { Default = TimeSpan.FromSeconds(seconds), TypeName = "time.Duration" };
}
