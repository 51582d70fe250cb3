using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Text;
using ActorMon.Templates.Notifications;

namespace ActorMon.Configuration.Alertmanager;

/// <summary>What each integration demands of its own keys, in the original's words.</summary>
internal static class ReceiverChecks
{
    private static readonly string[] VictoropsReserved =
        ["routing_key", "message_type", "state_message", "entity_display_name", "monitoring_tool", "entity_id", "entity_state"];

    public static void Required(ConfigSection s, ReadContext context, string where, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (!s.Has(key))
                context.Error(s, key, $"missing {key} in {where}");
    }

    public static void WebhookUrl(ConfigSection s, ReadContext context)
    {
        OneOf(s, context, "webhook_url");
        AtMostOne(s, context, "webhook_url");
    }

    public static void Mattermost(ConfigSection s, ReadContext context) => AtMostOne(s, context, "webhook_url");

    public static void Webhook(ConfigSection s, ReadContext context)
    {
        OneOf(s, context, "url");
        AtMostOne(s, context, "url");
        var url = s.Text("url");
        if (url.Contains("{{", StringComparison.Ordinal))
        {
            if (!NotificationTemplates.Empty.TryCompile(url, out _, out var error))
                context.Error(s, "url", "invalid template syntax: " + error.Message);
        }
        else if (AlertmanagerUrl.Problem(url) is { } problem)
            context.Error(s, "url", "invalid URL: " + problem);
    }

    public static void Incidentio(ConfigSection s, ReadContext context)
    {
        OneOf(s, context, "url");
        AtMostOne(s, context, "url");
        AtMostOne(s, context, "alert_source_token");
        var token = s.Has("alert_source_token") || s.Has("alert_source_token_file");
        var authorization = s.Section("http_config")?.Section("authorization");
        if (authorization is not null && token)
            context.Error(s, "alert_source_token", "cannot specify alert_source_token or alert_source_token_file when using http_config.authorization");
        if (s.Section("http_config") is not null && authorization is null && !token)
            context.Error(s, "alert_source_token", "at least one of alert_source_token, alert_source_token_file or http_config.authorization must be configured");
    }

    public static void Pagerduty(ConfigSection s, ReadContext context)
    {
        if (!s.Has("routing_key") && !s.Has("service_key") && !s.Has("routing_key_file") && !s.Has("service_key_file"))
            context.Error(s, "routing_key", "missing service or routing key in PagerDuty config");
        AtMostOne(s, context, "routing_key");
        AtMostOne(s, context, "service_key");
        if (!s.Has("source"))
            s["source"] = s.Text("client");
        var details = s["details"] as SortedDictionary<string, object?> ?? new SortedDictionary<string, object?>(StringComparer.Ordinal);
        details.TryAdd("firing", "{{ .Alerts.Firing | toJson }}");
        details.TryAdd("resolved", "{{ .Alerts.Resolved | toJson }}");
        details.TryAdd("num_firing", "{{ .Alerts.Firing | len }}");
        details.TryAdd("num_resolved", "{{ .Alerts.Resolved | len }}");
        s["details"] = details;
    }

    public static void Slack(ConfigSection s, ReadContext context)
    {
        AtMostOne(s, context, "api_url");
        AtMostOne(s, context, "app_token");
        if ((s.Has("api_url") || s.Has("api_url_file")) && (s.Has("app_token") || s.Has("app_token_file")))
            context.Error(s, "api_url", "at most one of api_url/api_url_file & app_token/app_token_file must be configured");
        if (s.Bool("update_message") && s.Text("api_url") != "https://slack.com/api/chat.postMessage")
            context.Error(s, "update_message", "update_message can only be used with bot tokens. api_url must be set to https://slack.com/api/chat.postMessage");
    }

    public static void SlackAction(ConfigSection s, ReadContext context)
    {
        Required(s, context, "Slack action configuration", "type", "text");
        if (!s.Has("url") && !s.Has("name"))
            context.Error(s, "name", "missing name or url in Slack action configuration");
        if (!s.Has("url"))
            return;
        s["name"] = s["value"] = "";
        s["confirm"] = null;
    }

    public static void Email(ConfigSection s, ReadContext context)
    {
        if (!s.Has("to"))
            context.Error(s, "to", "missing to address in email config");
        if (s.Has("smarthost") && HostPort.Problem(s.Text("smarthost")) is { } problem)
            context.Error(s, "smarthost", problem);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in s.Map("headers"))
            if (!headers.TryAdd(HeaderName(name), value))
                context.Error(s, "headers", $"duplicate header {GoQuote.Quote(HeaderName(name))} in email config");
        s["headers"] = headers;
        if (s.Section("threading") is not { } threading || !threading.Bool("enabled"))
            return;
        foreach (var name in new[] { "References", "In-Reply-To" })
            if (headers.ContainsKey(name))
                context.Error(s, "threading", $"conflicting configuration: threading.enabled conflicts with custom {name} header");
        if (threading.Text("thread_by_date") is not ("none" or "daily"))
            context.Error(threading, "thread_by_date", "threading.thread_by_date must be either 'none' or 'daily'");
    }

    public static void Opsgenie(ConfigSection s, ReadContext context)
    {
        AtMostOne(s, context, "api_key");
        foreach (var responder in s.Sections("responders"))
        {
            var shown = $"{{{responder.Text("id")} {responder.Text("name")} {responder.Text("username")} {responder.Text("type")}}}";
            if (!responder.Has("id") && !responder.Has("name") && !responder.Has("username"))
                context.Error(responder, "id", $"opsGenieConfig responder {shown} has to have at least one of id, username or name specified");
            var type = responder.Text("type");
            if (!type.Contains("{{", StringComparison.Ordinal) && type.ToLowerInvariant() is not ("team" or "teams" or "user" or "escalation" or "schedule"))
                context.Error(responder, "type", $"opsGenieConfig responder {shown} type does not match valid options ^(team|teams|user|escalation|schedule)$");
        }
    }

    public static void Wechat(ConfigSection s, ReadContext context)
    {
        AtMostOne(s, context, "api_secret");
        if (!s.Has("message_type"))
            s["message_type"] = "text";
        if (s.Text("message_type") is not ("text" or "markdown"))
            context.Error(s, "message_type", $"weChat message type {GoQuote.Quote(s.Text("message_type"))} does not match valid options ^(text|markdown)$");
    }

    public static void Pushover(ConfigSection s, ReadContext context)
    {
        foreach (var key in new[] { "user_key", "token" })
        {
            OneOf(s, context, key);
            AtMostOne(s, context, key);
        }
        if (s.Bool("html") && s.Bool("monospace"))
            context.Error(s, "monospace", "at most one of monospace & html must be configured");
    }

    public static void Victorops(ConfigSection s, ReadContext context)
    {
        if (!s.Has("routing_key"))
            context.Error(s, "routing_key", "missing Routing key in VictorOps config");
        AtMostOne(s, context, "api_key");
        foreach (var name in VictoropsReserved)
            if (s.Map("custom_fields").ContainsKey(name))
                context.Error(s, "custom_fields", $"victorOps config contains custom field {name} which cannot be used as it conflicts with the fixed/static fields");
    }

    public static void Sns(ConfigSection s, ReadContext context)
    {
        if (!s.Has("target_arn") ^ !s.Has("topic_arn") ^ !s.Has("phone_number"))
            context.Error(s, "topic_arn", "must provide either a Target ARN, Topic ARN, or Phone Number for SNS config");
    }

    public static void Telegram(ConfigSection s, ReadContext context)
    {
        AtMostOne(s, context, "bot_token");
        var id = s.Integer("chat_id") != 0;
        if (!id && !s.Has("chat_id_file"))
            context.Error(s, "chat_id", "missing chat_id or chat_id_file on telegram_config");
        if (id && s.Has("chat_id_file"))
            context.Error(s, "chat_id", "at most one of chat_id & chat_id_file must be configured");
        if (s.Text("parse_mode") is not ("" or "Markdown" or "MarkdownV2" or "HTML"))
            context.Error(s, "parse_mode", "unknown parse_mode on telegram_config, must be Markdown, MarkdownV2, HTML or empty string");
    }

    public static void Webex(ConfigSection s, ReadContext context)
    {
        if (!s.Has("room_id"))
            context.Error(s, "room_id", "missing room_id on webex_config");
        if (s.Section("http_config")?.Section("authorization") is null)
            context.Error(s, "http_config", "missing webex_configs.http_config.authorization");
    }

    public static void Jira(ConfigSection s, ReadContext context)
    {
        Required(s, context, "jira_config", "project", "issue_type");
        if (s.Text("api_type") is not ("auto" or "cloud" or "datacenter"))
            context.Error(s, "api_type", "unknown api_type on jira_config, must be auto, cloud or datacenter");
        foreach (var key in new[] { "summary", "description" })
        {
            var field = s.SectionOrDefault(key);
            if (!field.IsWritten("template"))
                field["template"] = $"{{{{ template \"jira.default.{key}\" . }}}}";
            s[key] = field;
        }
    }

    public static void Rocketchat(ConfigSection s, ReadContext context)
    {
        AtMostOne(s, context, "token");
        AtMostOne(s, context, "token_id");
    }

    /// <summary>A key and its file: not both.</summary>
    public static void AtMostOne(ConfigSection s, ReadContext context, string key)
    {
        if (s.Has(key) && s.Has(key + "_file"))
            context.Error(s, key, $"at most one of {key} & {key}_file must be configured");
    }

    private static void OneOf(ConfigSection s, ReadContext context, string key)
    {
        if (!s.Has(key) && !s.Has(key + "_file"))
            context.Error(s, key, $"one of {key} or {key}_file must be configured");
    }

    private static string HeaderName(string name) =>
        string.Join('-', name.Split('-').Select(part => part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..].ToLowerInvariant()));
}
