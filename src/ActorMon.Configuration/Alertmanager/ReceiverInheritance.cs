using ActorMon.Configuration.Schema;

namespace ActorMon.Configuration.Alertmanager;

/// <summary>Fills what integrations leave out from the global section, and refuses those that still lack what they need.</summary>
internal static class ReceiverInheritance
{
    /// <summary>By type: keys and the global keys they come from.</summary>
    private static readonly Dictionary<string, (string Key, string Global)[]> Inherited = new(StringComparer.Ordinal)
    {
        ["email"] =
        [
            ("smarthost", "smtp_smarthost"), ("from", "smtp_from"), ("hello", "smtp_hello"), ("auth_username", "smtp_auth_username"), ("auth_identity", "smtp_auth_identity"),
        ],
        ["pagerduty"] = [("url", "pagerduty_url")],
        ["opsgenie"] = [("api_url", "opsgenie_api_url"), ("api_key", "opsgenie_api_key"), ("api_key_file", "opsgenie_api_key_file")],
        ["wechat"] = [("api_url", "wechat_api_url"), ("corp_id", "wechat_api_corp_id")],
        ["victorops"] = [("api_url", "victorops_api_url"), ("api_key", "victorops_api_key"), ("api_key_file", "victorops_api_key_file")],
        ["telegram"] = [("api_url", "telegram_api_url")],
        ["webex"] = [("api_url", "webex_api_url")],
        ["jira"] = [("api_url", "jira_api_url")],
        ["rocketchat"] =
        [
            ("api_url", "rocketchat_api_url"), ("token_id", "rocketchat_token_id"), ("token_id_file", "rocketchat_token_id_file"),
            ("token", "rocketchat_token"), ("token_file", "rocketchat_token_file"),
        ],
        ["slack"] = [("app_url", "slack_app_url")],
    };

    /// <summary>Pairs of a secret and its file: taken from the global section together, when neither is written.</summary>
    private static readonly Dictionary<string, (string Key, string Global)[]> InheritedPairs = new(StringComparer.Ordinal)
    {
        ["email"] = [("auth_password", "smtp_auth_password"), ("auth_secret", "smtp_auth_secret")],
        ["wechat"] = [("api_secret", "wechat_api_secret")],
        ["telegram"] = [("bot_token", "telegram_bot_token")],
        ["mattermost"] = [("webhook_url", "mattermost_webhook_url")],
        ["slack"] = [("api_url", "slack_api_url")],
    };

    /// <summary>What must be there in the end: the first key, or the second.</summary>
    private static readonly Dictionary<string, (string Key, string Other, string Text)[]> Needed = new(StringComparer.Ordinal)
    {
        ["email"] = [("smarthost", "smarthost", "no global SMTP smarthost set"), ("from", "from", "no global SMTP from set")],
        ["opsgenie"] = [("api_key", "api_key_file", "no global OpsGenie API Key set either inline or in a file")],
        ["wechat"] = [("api_secret", "api_secret_file", "no global Wechat Api Secret set either inline or in a file"), ("corp_id", "corp_id", "no global Wechat CorpID set")],
        ["victorops"] = [("api_key", "api_key_file", "no global VictorOps API Key set")],
        ["telegram"] = [("bot_token", "bot_token_file", "missing bot_token or bot_token_file on telegram_config")],
        ["jira"] = [("api_url", "api_url", "no global Jira Cloud URL set")],
        ["rocketchat"] =
        [
            ("token_id", "token_id_file", "no global Rocketchat TokenID set either inline or in a file"), ("token", "token_file", "no global Rocketchat Token set either inline or in a file"),
        ],
        ["mattermost"] = [("webhook_url", "webhook_url_file", "missing webhook_url or webhook_url_file on mattermost_config")],
    };

    public static void Resolve(string type, ConfigSection s, ConfigSection global, ReadContext context)
    {
        var ownHttp = s.Section("http_config");
        s["http_config"] = ownHttp ?? global.SectionOrDefault("http_config");
        if (type == "msteamsv2" && ownHttp is not null && !ownHttp.Has("proxy_url"))
            ownHttp["proxy_url"] = global.SectionOrDefault("http_config").Text("proxy_url");
        if (type == "slack" && !s.Has("app_token") && !s.Has("app_token_file") && ownHttp?.Section("authorization") is null && !s.Has("api_url"))
            FillPair(s, "app_token", global, "slack_app_token");
        foreach (var (key, from) in Inherited.GetValueOrDefault(type) ?? [])
            if (!s.Has(key))
                s[key] = global[from];
        foreach (var (key, from) in InheritedPairs.GetValueOrDefault(type) ?? [])
            FillPair(s, key, global, from);
        foreach (var (key, other, text) in Needed.GetValueOrDefault(type) ?? [])
            if (!s.Has(key) && !s.Has(other))
                context.Error(s, key, text);
        if (type == "email")
            FillEmail(s, global);
        if (type == "slack")
            FinishSlack(s, ownHttp, context);
        if (type is "opsgenie" or "wechat" or "victorops" && s.Has("api_url") && !s.Text("api_url").EndsWith('/'))
            s["api_url"] = s.Text("api_url") + "/";
    }

    private static void FillPair(ConfigSection s, string key, ConfigSection global, string from)
    {
        if (s.Has(key) || s.Has(key + "_file"))
            return;
        s[key] = global[from];
        s[key + "_file"] = global[from + "_file"];
    }

    private static void FillEmail(ConfigSection s, ConfigSection global)
    {
        s["tls_config"] ??= global["smtp_tls_config"];
        s["require_tls"] ??= global["smtp_require_tls"];
        s["force_implicit_tls"] ??= global["smtp_force_implicit_tls"];
    }

    private static void FinishSlack(ConfigSection s, ConfigSection? ownHttp, ReadContext context)
    {
        var hasToken = s.Has("app_token") || s.Has("app_token_file");
        if (!hasToken && !s.Has("api_url") && !s.Has("api_url_file"))
            context.Error(s, "api_url", "no Slack API URL nor App token set either inline or in a file");
        if (!hasToken)
            return;
        if (ownHttp?.Section("authorization") is not null)
            context.Error(s, "app_token", "http authorization can't be set when using Slack App tokens");
        s["api_url"] = s["app_url"];
    }
}
