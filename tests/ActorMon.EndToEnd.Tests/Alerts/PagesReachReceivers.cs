using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>From a scraped metric to the page: a rule fires and its alert comes to a webhook, a chat and, by STARTTLS, to a mail server that Debian packages.</summary>
[Trait("Category", "Peers")]
public sealed class PagesReachReceivers : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const string Rules = """
        groups:
          - name: g
            interval: 1s
            rules:
              - {alert: Growing, expr: 'growing{s="0"} > 0', labels: {severity: page}, annotations: {summary: 'Grüße von {{ $labels.s }}'}}

        """;

    private readonly TestFolder _folder = new();
    private readonly GrowingTarget _target = new();
    private readonly Recorder _recorder = new();
    private readonly int _mailPort = FreePorts.Next();
    private RunningProcess _mail = null!;
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        WriteCertificate();
        _mail = new RunningProcess(
            "/usr/bin/python3",
            [
                "-m", "aiosmtpd", "--nosetuid", "--listen", FormattableString.Invariant($"127.0.0.1:{_mailPort}"), "--tlscert", _folder["mail.pem"], "--tlskey", _folder["mail.key"],
                "--class", "aiosmtpd.handlers.Mailbox", _folder["mails"],
            ]);
        await File.WriteAllTextAsync(_folder["alertmanager.yml"], $$"""
            global: {smtp_from: am@node.example, smtp_smarthost: '127.0.0.1:{{_mailPort}}', smtp_hello: node.example}
            route: {receiver: all, group_by: [alertname], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h}
            receivers:
              - name: all
                email_configs: [{to: ops@node.example, send_resolved: true, tls_config: {ca_file: '{{_folder["mail.pem"]}}' } }]
                webhook_configs: [{url: 'http://{{_recorder.Address}}/webhook'}]
                slack_configs: [{api_url: 'http://{{_recorder.Address}}/slack', channel: '#ops', send_resolved: true}]

            """);
        _node = new Node(
            _folder["node"], $"scrape_configs: [{{job_name: grow, scrape_interval: 1s, static_configs: [{{targets: ['{_target.Address}']}}]}}]\nrule_files: [rules.yml]\n",
            "--alertmanager.config.file=" + _folder["alertmanager.yml"]);
        await File.WriteAllTextAsync(Path.Combine(_node.Folder, "rules.yml"), Rules);
        await _node.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _mail.DisposeAsync();
        await _recorder.DisposeAsync();
        await _target.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_page_comes_to_each_once_and_so_does_its_end()
    {
        await Eventually.Async("all are told", () => Task.FromResult(_recorder.Bodies("/webhook").Length > 0 && _recorder.Bodies("/slack").Length > 0 && Mails.Length > 0), Patience);
        using (var page = JsonDocument.Parse(_recorder.Bodies("/webhook")[0]))
        {
            Assert.Equal("firing", page.RootElement.GetProperty("status").GetString());
            Assert.Equal("Grüße von 0", page.RootElement.GetProperty("commonAnnotations").GetProperty("summary").GetString());
            Assert.Equal("grow", page.RootElement.GetProperty("commonLabels").GetProperty("job").GetString());
        }
        Assert.Contains("\"channel\":\"#ops\"", _recorder.Bodies("/slack")[0], StringComparison.Ordinal);
        var mail = Mails[0];
        foreach (var line in new[] { "X-MailFrom: am@node.example", "X-RcptTo: ops@node.example", "From: am@node.example", "To: ops@node.example", "Subject: [FIRING:1] Growing" })
            Assert.Contains(line, mail, StringComparison.Ordinal);
        Assert.Contains("Gr=C3=BC=C3=9Fe von 0", mail, StringComparison.OrdinalIgnoreCase);

        _target.Series = 0;
        await Eventually.Async(
            "the end is told", () => Task.FromResult(_recorder.Bodies("/webhook").Length > 1 && _recorder.Bodies("/slack").Length > 1 && Mails.Length > 1), Patience);
        Assert.Equal((2, 2, 2), (_recorder.Bodies("/webhook").Length, _recorder.Bodies("/slack").Length, Mails.Length));
        Assert.Contains(Mails, one => one.Contains("Subject: [RESOLVED] Growing", StringComparison.Ordinal));
        Assert.Contains("\"status\":\"resolved\"", _recorder.Bodies("/webhook")[1], StringComparison.Ordinal);
    }

    /// <summary>Delivered so far.</summary>
    private string[] Mails => Directory.Exists(Path.Combine(_folder["mails"], "new"))
        ? [.. new DirectoryInfo(Path.Combine(_folder["mails"], "new")).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => File.ReadAllText(file.FullName))]
        : [];

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(_folder["mail.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(_folder["mail.key"], key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Keeps the bodies of requests by path, and is content.</summary>
    private sealed class Recorder : LoopbackPages
    {
        private readonly List<(string Path, string Body)> _bodies = [];

        public string[] Bodies(string path)
        {
            lock (_bodies)
                return [.. _bodies.Where(one => one.Path == path).Select(one => one.Body)];
        }

        protected override async Task AnswerAsync(HttpListenerContext context)
        {
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            lock (_bodies)
                _bodies.Add((context.Request.Url!.AbsolutePath, body));
            // What Slack says when it has taken a message.
            await context.Response.OutputStream.WriteAsync("ok"u8.ToArray());
        }
    }
}
