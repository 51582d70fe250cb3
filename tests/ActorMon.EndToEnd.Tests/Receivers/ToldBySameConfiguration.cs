using System.Text;
using System.Text.RegularExpressions;
using ActorMon.EndToEnd.Tests.Processes;
using ActorMon.Testing.Http;
using ActorMon.Testing.Mail;

namespace ActorMon.EndToEnd.Tests.Receivers;

/// <summary>
/// The same alertmanager.yml and the same alerts through Debian's Alertmanager (0.25) and through the tool's receivers: every type whose address can be set is told
/// the same requests. The differences between 0.25 and 0.34, which the receivers follow, are listed in <see cref="WithoutNews"/>.
/// </summary>
[Trait("Category", "Peers")]
public sealed partial class ToldBySameConfiguration : IDisposable
{
    private const string ExternalUrl = "http://am.example";
    private const int Types = 12;

    /// <summary>opsgenie makes an alert and changes it twice when it fires; wechat asks for its token first.</summary>
    private const int FiringRequests = 14;

    /// <summary>Of each type but email one; the token of wechat is kept.</summary>
    private const int ResolvedRequests = Types - 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_type_is_told_the_same_requests()
    {
        await using var theirs = new Recorders();
        await using var ours = new Recorders();
        var start = TimeProvider.System.GetUtcNow().AddMinutes(-10);
        File.WriteAllText(_folder["ca.pem"], NotificationRecorder.Authority.Pem);
        await using var alertmanager = new DebianAlertmanager(_folder["am"], "--web.external-url=" + ExternalUrl);
        alertmanager.WriteConfiguration(Configuration(theirs));
        await alertmanager.StartAsync();

        File.WriteAllText(_folder["alerts.json"], Alerts(start, start.AddHours(1)));
        await alertmanager.PostAsync("/api/v2/alerts", new StringContent(File.ReadAllText(_folder["alerts.json"]), Encoding.UTF8, "application/json"));
        await theirs.HaveAsync(FiringRequests, 1);
        await TellAsync(ours);
        Equal(theirs, ours);

        File.WriteAllText(_folder["alerts.json"], Alerts(start, start.AddMinutes(9)));
        await alertmanager.PostAsync("/api/v2/alerts", new StringContent(File.ReadAllText(_folder["alerts.json"]), Encoding.UTF8, "application/json"));
        await theirs.HaveAsync(FiringRequests + ResolvedRequests, 2);
        ours.Forget();
        theirs.Forget(FiringRequests, 1);
        await TellAsync(ours);
        Equal(theirs, ours);
    }

    private Task TellAsync(Recorders recorders)
    {
        File.WriteAllText(_folder["alertmanager.yml"], Configuration(recorders));
        return Programs.RunAsync(Programs.Tool, "config", "receivers", "test", "--config.file=" + _folder["alertmanager.yml"], "--alerts.file=" + _folder["alerts.json"], "--web.external-url=" + ExternalUrl);
    }

    private static void Equal(Recorders theirs, Recorders ours)
    {
        var (one, other) = (theirs.Printed(), ours.Printed());
        foreach (var name in one.Keys.Union(other.Keys).Order(StringComparer.Ordinal))
            Assert.Equal($"{name}\n{one.GetValueOrDefault(name)}", $"{name}\n{other.GetValueOrDefault(name)}");
        Assert.Equal(Types, one.Count);
    }

    private static string Alerts(DateTimeOffset start, DateTimeOffset end) => $$"""
        [{"labels": {"alertname": "Load", "instance": "a:1", "severity": "critical"}, "annotations": {"summary": "load > 5 & \"rising\"", "link": "http://x/?a=<b>"},
          "startsAt": "{{start:yyyy-MM-ddTHH:mm:ss.fff}}Z", "endsAt": "{{end:yyyy-MM-ddTHH:mm:ss.fff}}Z", "generatorURL": "http://prom/graph?g0.expr=load%3E5&g0.tab=1"},
         {"labels": {"alertname": "Load", "instance": "b:ü", "severity": "critical"}, "annotations": {"summary": "load > 5 & \"rising\""},
          "startsAt": "{{start.AddMinutes(1):yyyy-MM-ddTHH:mm:ss.fff}}Z", "endsAt": "{{end:yyyy-MM-ddTHH:mm:ss.fff}}Z"}]
        """;

    private string Configuration(Recorders to) => $$$"""
        route: {receiver: team, group_by: [alertname], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}
        receivers:
        - name: team
          webhook_configs: [{url: 'http://{{{to.Address}}}/webhook', send_resolved: true}]
          slack_configs:
          - {api_url: 'http://{{{to.Address}}}/slack', channel: '#ops', send_resolved: true, text: '{{ range .Alerts }}{{ .Annotations.summary }} {{ end }}', fields: [{title: a, value: '{{ .Status }}'}],
             actions: [{type: button, text: see, url: '{{ .ExternalURL }}'}]}
          pagerduty_configs:
          - {url: 'http://{{{to.Address}}}/pagerduty', routing_key: key, send_resolved: true, links: [{href: h, text: t}],
             details: {firing: 'are {{ .Alerts.Firing | len }}', resolved: 'are {{ .Alerts.Resolved | len }}', num_firing: a few, num_resolved: some}}
          opsgenie_configs:
          - {api_url: 'http://{{{to.Address}}}/opsgenie', api_key: key, send_resolved: true, update_alerts: true, tags: 'a,b', priority: P1, details: {more: '{{ .Status }}'}, responders: [{name: n, type: team}]}
          victorops_configs: [{api_url: 'http://{{{to.Address}}}/victorops', api_key: key, routing_key: route, send_resolved: true, custom_fields: {more: '{{ .Status }}'}}]
          telegram_configs: [{api_url: 'http://{{{to.Address}}}/telegram', bot_token: '1:x', chat_id: -77, parse_mode: HTML, send_resolved: true}]
          discord_configs: [{webhook_url: 'http://{{{to.Address}}}/discord', send_resolved: true}]
          webex_configs: [{api_url: 'http://{{{to.Address}}}/webex', room_id: room, http_config: {authorization: {credentials: secret}}, send_resolved: true}]
          wechat_configs: [{api_url: 'http://{{{to.Address}}}/wechat/', api_secret: secret, corp_id: corp, to_user: user, agent_id: '1', send_resolved: true}]
          sns_configs: [{api_url: 'http://{{{to.Address}}}', topic_arn: 'arn:aws:sns:eu-1:1:t.fifo', sigv4: {region: eu-1, access_key: AK, secret_key: SK}, attributes: {b: '{{ .Status }}', a: x}, send_resolved: true}]
          pushover_configs:
          - {http_config: {proxy_url: 'http://{{{to.Address}}}', tls_config: {ca_file: '{{{_folder["ca.pem"]}}}'}}, token: token, user_key: user, send_resolved: true, html: true}
          email_configs:
          - {smarthost: '{{{to.MailAddress}}}', from: 'Am <am@x.example>', to: 'ops@x.example, two@x.example', hello: here, require_tls: false, send_resolved: true, text: '{{ template "opsgenie.default.description" . }}',
             auth_username: me, auth_password: secret, headers: {X-Team: '{{ .Receiver }} x'}}

        """;

    /// <summary>What 0.34 tells that 0.25 did not know, and what no two senders have in common.</summary>
    private static string WithoutNews(string told)
    {
        // webhook: why it is told, and labels of the route.
        told = told.Replace(",\"notification_reason\":\"first notification\"", "", StringComparison.Ordinal).Replace(",\"routeLabels\":{}", "", StringComparison.Ordinal);
        // pushover: the device is named even when it is none.
        told = told.Replace("?device=&", "?", StringComparison.Ordinal);
        // email: the address of a schema.
        told = told.Replace("\"http://schema.org", "\"https://schema.org", StringComparison.Ordinal);
        // sns: another library signs other headers at another time, and names no character set.
        told = told.Replace("x-www-form-urlencoded; charset=utf-8", "x-www-form-urlencoded", StringComparison.Ordinal);
        return Signature().Replace(told, "aws4_request");
    }

    [GeneratedRegex(@"(?<=Credential=AK/)\d{8}/(?<region>[^/]*)/(?<service>[^/]*)/aws4_request,[^\n]*")]
    private static partial Regex Signature();

    /// <summary>One side: HTTP and mail.</summary>
    private sealed class Recorders : IAsyncDisposable
    {
        private readonly NotificationRecorder _http = new();
        private readonly RecordingMailServer _mail = new() { Mechanisms = "PLAIN" };

        public string Address => _http.Address;
        public string MailAddress => _mail.Address;

        public Task HaveAsync(int requests, int mails) => Eventually.Async(
            $"{requests} requests and {mails} mails (now {_http.Requests.Count} and {_mail.Mails.Count})", () => Task.FromResult(_http.Requests.Count >= requests && _mail.Mails.Count >= mails), Patience);

        public void Forget(int requests = int.MaxValue, int mails = int.MaxValue)
        {
            while (requests-- > 0 && _http.Requests.TryDequeue(out _))
                continue;
            while (mails-- > 0 && _mail.Mails.TryDequeue(out _))
                continue;
        }

        /// <summary>By the first part of the path, or "mail".</summary>
        public Dictionary<string, string> Printed()
        {
            var printed = _http.Requests.Where(request => !request.Target.Contains("gettoken", StringComparison.Ordinal))
                .GroupBy(request => request.Target.Split('/', '?')[1])
                .ToDictionary(group => group.Key, group => WithoutNews(string.Join("\n\n", group.Select(NotificationRecorder.Print))));
            printed["mail"] = WithoutNews(string.Join("\n\n", _mail.Mails.Select(Print)));
            return printed;
        }

        public async ValueTask DisposeAsync()
        {
            await _http.DisposeAsync();
            await _mail.DisposeAsync();
        }

        private static string Print(ReceivedMail mail)
        {
            var text = new StringBuilder();
            foreach (var command in mail.Commands)
                text.Append(command.Split('>')[0]).Append('\n');
            foreach (var name in new[] { "From", "To", "Subject", "X-Team", "MIME-Version" })
                text.Append($"{name}: {string.Join(", ", mail.Headers[name])}\n");
            var boundary = Boundary().Match(mail.Data).Groups[1].Value;
            foreach (var part in mail.Data.Split("--" + boundary)[1..^1])
            {
                var (head, body) = part.Split("\r\n\r\n", 2) is [var before, var after] ? (before, after) : (part, "");
                text.Append($"{Type().Match(head).Value.ToLowerInvariant()}\n{QuotedPrintable(body).TrimEnd()}\n");
            }
            return text.ToString();
        }

        private static string QuotedPrintable(string text)
        {
            var bytes = new List<byte>();
            text = text.Replace("=\r\n", "", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal);
            for (var i = 0; i < text.Length; i++)
                if (text[i] == '=')
                {
                    bytes.Add(Convert.ToByte(text[(i + 1)..(i + 3)], 16));
                    i += 2;
                }
                else
                    bytes.Add((byte)text[i]);
            return Encoding.UTF8.GetString([.. bytes]).Replace("\r\n", "\n", StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("boundary=\"?([^\"\r\n;]+)")]
    private static partial Regex Boundary();

    [GeneratedRegex("text/[a-z]+")]
    private static partial Regex Type();
}
