using ActorMon.Testing.Http;

namespace ActorMon.Receivers.Tests;

/// <summary>What chats are told, key by key in the original's order.</summary>
public sealed class ChatTests : IAsyncDisposable
{
    private const string Subject = "[FIRING:1] Load (a critical)";
    private const string Link = "http://am.example/#/alerts?receiver=team";
    private const string List = @"Labels:\n - alertname = Load\n - instance = a\n - severity = critical\nAnnotations:\n - summary = load \u003e 5 \u0026 rising\nSource: http://prom/graph?g0.expr=load\n";
    private const string Apart = @"\n\nAlerts Firing:\n" + List + @"\n\n\n";
    private const string Markdown = @"\n\n# Alerts Firing:\n\nLabels:\n  - alertname = Load\n  - instance = a\n  - severity = critical\n\nAnnotations:\n  - summary = load \u003e 5 \u0026 rising\n\n"
        + @"Source: http://prom/graph?g0.expr=load\n\n\n\n\n";

    private readonly Bench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Slack_gets_one_attachment()
    {
        var (line, body) = await _bench.RequestAsync("slack", "{api_url: 'URL/slack', channel: '#ops'}");
        Assert.Equal("POST /slack", line);
        Assert.Equal(
            $"{{\"channel\":\"#ops\",\"username\":\"Alertmanager\",\"attachments\":[{{\"title\":\"{Subject}\",\"title_link\":\"{Link}\",\"text\":\"\",\"fallback\":\"{Subject} | {Link}\","
            + "\"callback_id\":\"\",\"footer\":\"\",\"color\":\"danger\",\"mrkdwn_in\":[\"fallback\",\"pretext\",\"text\"]}]}\n",
            body);
    }

    [Fact]
    public async Task Slack_gets_all_keys()
    {
        const string settings = """
            {api_url: 'URL/s', channel: c, username: u, icon_emoji: ':x:', icon_url: 'http://i', link_names: true, message_text: hello, title: t, title_link: l, pretext: p, text: '{{ .Status }}',
            fallback: f, callback_id: cb, image_url: im, thumb_url: th, footer: fo, color: co, mrkdwn_in: [text], short_fields: true, fields: [{title: a, value: '{{ .Receiver }}'}, {title: b, value: c, short: false}],
            actions: [{type: button, text: go, name: n, value: v, style: s, confirm: {text: sure, title: really, ok_text: o, dismiss_text: d}}, {type: button, text: see, url: 'http://u'}]}
            """;
        var (_, body) = await _bench.RequestAsync("slack", settings.ReplaceLineEndings(" ").Trim());
        Assert.Equal(
            "{\"channel\":\"c\",\"username\":\"u\",\"icon_emoji\":\":x:\",\"icon_url\":\"http://i\",\"link_names\":true,\"text\":\"hello\",\"attachments\":[{\"title\":\"t\",\"title_link\":\"l\",\"pretext\":\"p\","
            + "\"text\":\"firing\",\"fallback\":\"f\",\"callback_id\":\"cb\",\"fields\":[{\"title\":\"a\",\"value\":\"team\",\"short\":true},{\"title\":\"b\",\"value\":\"c\",\"short\":false}],"
            + "\"actions\":[{\"type\":\"button\",\"text\":\"go\",\"style\":\"s\",\"name\":\"n\",\"value\":\"v\",\"confirm\":{\"text\":\"sure\",\"title\":\"really\",\"ok_text\":\"o\",\"dismiss_text\":\"d\"}},"
            + "{\"type\":\"button\",\"text\":\"see\",\"url\":\"http://u\"}],\"image_url\":\"im\",\"thumb_url\":\"th\",\"footer\":\"fo\",\"color\":\"co\",\"mrkdwn_in\":[\"text\"]}]}\n",
            body);
    }

    [Fact]
    public async Task Slack_says_in_the_body_whether_it_took_the_message()
    {
        Assert.Equal((false, "channel \"#ops\": received an error response from Slack: no_team", "clientError"), await RefusalAsync(_ => HttpReply.Ok("no_team")));
        Assert.Equal((false, "channel \"#ops\": error response from Slack: not_in_channel", "clientError"), await RefusalAsync(_ => HttpReply.Ok("{\"ok\":false,\"error\":\"not_in_channel\"}", "application/json")));
        Assert.Equal((true, "channel \"#ops\": could not unmarshal JSON response \"<\"", "clientError"), await RefusalAsync(_ => HttpReply.Ok("<", "application/json; charset=utf-8")));
        Assert.Equal((true, "channel \"#ops\": unexpected status code 500: x", "serverError"), await RefusalAsync(_ => HttpReply.Of(500, "x", "x")));
    }

    [Fact]
    public async Task A_message_of_a_Slack_bot_is_changed_the_next_time()
    {
        await using var slack = new Bench(_ => HttpReply.Ok("{\"ok\":true,\"channel\":\"C1\",\"ts\":\"12.34\"}", "application/json"));
        const string settings = "{channel: '#ops', update_message: true, api_url: 'https://slack.com/api/chat.postMessage', http_config: {proxy_url: 'URL'}}";
        var bot = slack.Make("slack", "{channel: '#ops', app_token: tok, app_url: 'URL/post'}");
        Assert.Equal("", (await bot.NotifyAsync(Told.Firing, default)).ReceiverData);
        Assert.Equal("Bearer tok", Assert.Single(slack.Requests).Header("Authorization"));
        // The reader demands Slack's own address of a bot that changes messages; where it changes them is fixed, too.
        var changing = slack.Make("slack", settings);
        var result = await changing.NotifyAsync(Told.Firing with { ReceiverData = "{\"channelId\":\"C1\",\"threadTs\":\"12.34\"}" }, default);
        Assert.Equal((null, "{\"channelId\":\"C1\",\"threadTs\":\"12.34\"}"), (result.Outcome.Error, result.ReceiverData));
        var change = slack.Requests.Last();
        Assert.EndsWith("/chat.update", change.Target, StringComparison.Ordinal);
        Assert.StartsWith("{\"channel\":\"C1\",\"ts\":\"12.34\",", change.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mattermost_gets_an_attachment_and_only_the_flags_its_priority_allows()
    {
        const string settings = "{webhook_url: 'URL/mm', channel: c, priority: {priority: Important, requested_ack: true, persistent_notifications: true}, props: {card: k}, fields: [{title: a, value: b}]}";
        var (line, body) = await _bench.RequestAsync("mattermost", settings);
        Assert.Equal("POST /mm", line);
        Assert.Equal(
            $"{{\"channel\":\"c\",\"username\":\"Alertmanager\",\"attachments\":[{{\"fallback\":\"{Subject} | {Link}\",\"color\":\"danger\",\"text\":\"{Markdown}\",\"title\":\"{Subject}\",\"title_link\":\"{Link}\","
            + "\"fields\":[{\"title\":\"a\",\"value\":\"b\"}]}],\"props\":{\"card\":\"k\"},\"priority\":{\"priority\":\"important\",\"requested_ack\":true}}\n",
            body);
    }

    [Fact]
    public async Task Mattermost_takes_attachments_of_ones_own()
    {
        var (_, body) = await _bench.RequestAsync("mattermost", "{webhook_url: 'URL/mm', text: hello, attachments: [{title: '{{ .Status }}', fields: [{title: a, value: b, short: true}]}]}");
        Assert.Equal(
            "{\"text\":\"hello\",\"username\":\"Alertmanager\",\"attachments\":[{\"title\":\"firing\",\"fields\":[{\"title\":\"a\",\"value\":\"b\",\"short\":true}]}]}\n", body);
    }

    [Fact]
    public async Task Rocketchat_gets_an_attachment_in_the_name_of_a_token()
    {
        await using var rocket = new Bench(_ => HttpReply.Ok("{\"success\":true}", "application/json"));
        rocket.Files["/id"] = "me\n";
        const string settings = "{api_url: 'URL/', channel: c, token: tok, token_id_file: /id, emoji: ':x:', short_fields: true, fields: [{title: a, value: b}], actions: [{type: x, text: go, url: u, msg: m}]}";
        var (line, body) = await rocket.RequestAsync("rocketchat", settings);
        Assert.Equal("POST /api/v1/chat.postMessage", line);
        Assert.Equal(
            $"{{\"channel\":\"c\",\"emoji\":\":x:\",\"attachments\":[{{\"title\":\"{Subject}\",\"title_link\":\"{Link}\",\"color\":\"red\",\"fields\":[{{\"short\":true,\"title\":\"a\",\"value\":\"b\"}}],"
            + "\"actions\":[{\"type\":\"button\",\"text\":\"go\",\"url\":\"u\",\"is_webview\":false,\"msg\":\"m\",\"msg_in_chat_window\":false}]}]}\n",
            body);
        var request = Assert.Single(rocket.Requests);
        Assert.Equal(("tok", "me"), (request.Header("X-Auth-Token"), request.Header("X-User-Id")));
    }

    [Fact]
    public async Task Rocketchat_refuses_under_a_status_of_success()
    {
        await using var rocket = new Bench(_ => HttpReply.Ok("{\"success\":false,\"error\":\"no room\"}", "application/json"));
        var result = await rocket.TellAsync("rocketchat", "{api_url: 'URL/', channel: c, token: tok, token_id: me}");
        Assert.Equal((false, "channel \"c\": error response from Rocketchat: no room"), (result.Outcome.Retry, result.Outcome.Error));
    }

    [Fact]
    public async Task Discord_gets_an_embed_in_the_colour_of_the_state()
    {
        var (_, body) = await _bench.RequestAsync("discord", "{webhook_url: 'URL/d', username: u, avatar_url: 'http://a'}");
        Assert.Equal($"{{\"content\":\"\",\"embeds\":[{{\"title\":\"{Subject}\",\"description\":\"{Apart}\",\"color\":10038562}}],\"username\":\"u\",\"avatar_url\":\"http://a\"}}\n", body);
        await using var again = new Bench();
        (_, body) = await again.RequestAsync("discord", "{webhook_url: 'URL/d', title: '" + new string('t', 300) + "'}", Told.Resolved);
        Assert.Contains("\"title\":\"" + new string('t', 255) + "…\"", body, StringComparison.Ordinal);
        Assert.Contains("\"color\":3066993", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Teams_get_cards()
    {
        var (_, body) = await _bench.RequestAsync("msteams", "{webhook_url: 'URL/t'}");
        Assert.Equal(
            $"{{\"@context\":\"http://schema.org/extensions\",\"type\":\"MessageCard\",\"title\":\"{Subject}\",\"summary\":\"{Subject}\",\"text\":\"{Markdown}\",\"themeColor\":\"8C1A1A\"}}\n", body);
        await using var again = new Bench();
        (_, body) = await again.RequestAsync("msteamsv2", "{webhook_url: 'URL/t', text: x}", Told.Resolved);
        Assert.Equal(
            "{\"type\":\"message\",\"attachments\":[{\"contentType\":\"application/vnd.microsoft.card.adaptive\",\"contentUrl\":null,\"content\":{\"$schema\":\"http://adaptivecards.io/schemas/adaptive-card.json\","
            + "\"type\":\"AdaptiveCard\",\"version\":\"1.2\",\"body\":[{\"type\":\"TextBlock\",\"text\":\"[RESOLVED] Load (a critical)\",\"weight\":\"Bolder\",\"size\":\"Medium\",\"wrap\":true,\"style\":\"heading\","
            + "\"color\":\"Good\"},{\"type\":\"TextBlock\",\"text\":\"x\",\"wrap\":true}],\"msteams\":{\"width\":\"full\"}}}]}\n",
            body);
    }

    [Fact]
    public async Task Webex_gets_markdown_cut_to_its_bytes()
    {
        var (line, body) = await _bench.RequestAsync("webex", "{api_url: 'URL/w', room_id: '{{ .Receiver }}', message: '" + new string('ü', 4000) + "', http_config: {authorization: {credentials: x}}}");
        Assert.Equal("POST /w", line);
        Assert.Equal($"{{\"markdown\":\"{new string('ü', 3718)}…\",\"roomId\":\"team\"}}\n", body);
    }

    [Fact]
    public async Task Telegram_gets_texts_only()
    {
        await using var telegram = new Bench(_ => HttpReply.Ok("{\"ok\":true,\"result\":{}}", "application/json"));
        telegram.Files["/chat"] = "-77\n";
        var (line, body) = await telegram.RequestAsync("telegram", "{api_url: 'URL', bot_token: '1:x', chat_id_file: /chat, message_thread_id: 5, disable_notifications: true, message: '<b>{{ .CommonAnnotations.summary }}</b>'}");
        Assert.Equal("POST /bot1:x/sendMessage", line);
        Assert.Equal(
            "{\"chat_id\":\"-77\",\"disable_notification\":\"true\",\"disable_web_page_preview\":\"true\",\"message_thread_id\":\"5\",\"parse_mode\":\"HTML\","
            + "\"text\":\"\\u003cb\\u003eload \\u0026gt; 5 \\u0026amp; rising\\u003c/b\\u003e\"}\n",
            body);
    }

    [Fact]
    public async Task Telegrams_refusals_are_tried_again_with_their_reason()
    {
        await using var telegram = new Bench(_ => HttpReply.Of(429, "Too Many", "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 5\"}"));
        var result = await telegram.TellAsync("telegram", "{api_url: 'URL', bot_token: '1:x', chat_id: 7, parse_mode: ''}");
        Assert.Equal((true, "telegram: Too Many Requests: retry after 5 (429)", "rateLimited"), (result.Outcome.Retry, result.Outcome.Error, result.FailureReason));
    }

    [Fact]
    public async Task HTML_that_is_too_long_for_Telegram_is_not_cut_but_replaced()
    {
        await using var telegram = new Bench(_ => HttpReply.Ok("{\"ok\":true}", "application/json"));
        var (_, body) = await telegram.RequestAsync("telegram", "{api_url: 'URL', bot_token: '1:x', chat_id: 7, message: '" + new string('m', 4097) + "'}");
        Assert.Contains("message length exceeds Telegram limits", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wechat_asks_for_a_token_and_keeps_it_until_it_is_old_or_refused()
    {
        var answers = new Queue<string>(["{\"access_token\":\"T1\"}", "{\"errcode\":0}", "{\"errcode\":42001,\"errmsg\":\"expired\"}", "{\"access_token\":\"T2\"}", "{\"errcode\":0}", "{\"access_token\":\"T3\"}", "{\"errcode\":9,\"errmsg\":\"no\"}"]);
        await using var wechat = new Bench(_ => HttpReply.Ok(answers.Dequeue(), "application/json"));
        var chat = wechat.Make("wechat", "{api_url: 'URL/', api_secret: 's&s', corp_id: c, to_user: u, agent_id: '1', message: hi}");
        Assert.Null((await chat.NotifyAsync(Told.Firing, default)).Outcome.Error);
        Assert.Equal((true, "expired"), Outcome(await chat.NotifyAsync(Told.Firing, default)));
        Assert.Null((await chat.NotifyAsync(Told.Firing, default)).Outcome.Error);
        wechat.Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal((false, "no"), Outcome(await chat.NotifyAsync(Told.Firing, default)));
        Assert.Equal(
            ["/gettoken?corpid=c&corpsecret=s%26s", "/message/send?access_token=T1", "/message/send?access_token=T1", "/gettoken?corpid=c&corpsecret=s%26s", "/message/send?access_token=T2",
                "/gettoken?corpid=c&corpsecret=s%26s", "/message/send?access_token=T3"],
            wechat.Requests.Select(request => request.Target));
        Assert.Equal(
            "{\"text\":{\"content\":\"hi\"},\"touser\":\"u\",\"agentid\":\"1\",\"safe\":\"0\",\"msgtype\":\"text\",\"markdown\":{\"content\":\"\"}}\n", wechat.Requests.ElementAt(1).Text);
    }

    private static (bool, string?) Outcome(Alerting.Notifications.NotifyResult result) => (result.Outcome.Retry, result.Outcome.Error);

    private static async Task<(bool, string?, string)> RefusalAsync(Func<ReceivedRequest, HttpReply> answer)
    {
        await using var slack = new Bench(answer);
        var result = await slack.TellAsync("slack", "{api_url: 'URL/slack', channel: '#ops'}");
        return (result.Outcome.Retry, result.Outcome.Error, result.FailureReason);
    }
}
