using System.Text;
using ActorMon.Testing.Http;
using ActorMon.Testing.Mail;

namespace ActorMon.Receivers.Tests;

public sealed class EmailTests : IAsyncDisposable
{
    private const string Plain = "require_tls: false";

    private static readonly TestAuthority Authority = TestAuthority.Root();

    private readonly Bench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_mail_has_its_addresses_headers_and_both_texts()
    {
        await using var server = new RecordingMailServer();
        await SendAsync(server, $"to: 'Ops <ops@x.example>, two@x.example', text: 'Grüße, {{{{ .Status }}}}', html: '<b>{{{{ .CommonAnnotations.summary }}}}</b>', headers: {{X-Team: 'a {{{{ .Receiver }}}}', subject: 'Störung'}}, {Plain}");
        var mail = Assert.Single(server.Mails);
        Assert.Equal(["EHLO there", "MAIL FROM:<am@x.example>", "RCPT TO:<ops@x.example>", "RCPT TO:<two@x.example>", "DATA"], Commands(mail));
        Assert.False(mail.IsSecure);
        var headers = mail.Headers;
        Assert.Equal("am@x.example", headers["From"].Single());
        Assert.Equal("Ops <ops@x.example>, two@x.example", headers["To"].Single());
        Assert.Equal("a team", headers["X-Team"].Single());
        Assert.Equal("=?utf-8?b?U3TDtnJ1bmc=?=", headers["Subject"].Single());
        Assert.Equal("1.0", headers["MIME-Version"].Single());
        Assert.StartsWith("multipart/alternative; boundary=", headers["Content-Type"].Single(), StringComparison.Ordinal);
        var parts = mail.Data.Split("Content-Type: text/");
        Assert.Equal(3, parts.Length);
        Assert.StartsWith("plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe, firing", parts[1], StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("html; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<b>load &gt; 5 &amp; rising</b>", parts[2], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_subject_and_the_page_have_defaults()
    {
        await using var server = new RecordingMailServer();
        await SendAsync(server, $"to: ops@x.example, {Plain}");
        var mail = Assert.Single(server.Mails);
        Assert.Equal("[FIRING:1] Load (a critical)", mail.Headers["Subject"].Single());
        Assert.Contains("View in Alertmanager</a>", mail.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_notification_has_the_same_id_whoever_sends_it()
    {
        await using var server = new RecordingMailServer();
        for (var i = 0; i < 2; i++)
            await SendAsync(server, $"to: ops@x.example, {Plain}");
        await SendAsync(server, $"to: ops@x.example, {Plain}", Told.Firing with { IdempotencyKey = "key-2" });
        var ids = server.Mails.Select(mail => mail.Headers["Message-Id"].Single()).ToArray();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
        Assert.EndsWith("@here>", ids[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("daily", "-2024-03-04@alertmanager>")]
    [InlineData("none", "-@alertmanager>")]
    public async Task Mails_of_a_group_form_a_thread(string by, string end)
    {
        await using var server = new RecordingMailServer();
        await SendAsync(server, $"to: ops@x.example, threading: {{enabled: true, thread_by_date: {by}}}, {Plain}");
        var headers = Assert.Single(server.Mails).Headers;
        Assert.Equal($"<alert-{Told.GroupHash[..16]}{end}", headers["References"].Single());
        Assert.Equal(headers["References"].Single(), headers["In-Reply-To"].Single());
    }

    [Fact]
    public async Task STARTTLS_is_asked_for_and_the_certificate_is_checked()
    {
        await using var server = new RecordingMailServer(new LoopbackTls(Authority.Issue("mail", ["mail.example", "127.0.0.1"])));
        Trust();
        await SendAsync(server, "to: ops@x.example, tls_config: {ca_file: /ca.pem}");
        Assert.True(Assert.Single(server.Mails).IsSecure);
        await SendAsync(server, "to: ops@x.example, tls_config: {ca_file: /ca.pem, server_name: mail.example}");
        await SendAsync(server, "to: ops@x.example, tls_config: {insecure_skip_verify: true}");
        Assert.Equal(3, server.Mails.Count);
        Assert.Contains("x509: certificate signed by unknown authority", await RefusalAsync(server, "to: ops@x.example"), StringComparison.Ordinal);
        Assert.Contains("not other.example", await RefusalAsync(server, "to: ops@x.example, tls_config: {ca_file: /ca.pem, server_name: other.example}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_may_begin_with_the_connection()
    {
        await using var server = new RecordingMailServer(new LoopbackTls(Authority.Issue("mail", ["127.0.0.1"])), implicitTls: true);
        Trust();
        await SendAsync(server, "to: ops@x.example, force_implicit_tls: true, tls_config: {ca_file: /ca.pem}");
        Assert.True(Assert.Single(server.Mails).IsSecure);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_is_refused_unless_it_may_do_without()
    {
        await using var server = new RecordingMailServer();
        Assert.Equal($"'require_tls' is true (default) but \"{server.Address}\" does not advertise the STARTTLS extension", await RefusalAsync(server, "to: ops@x.example"));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task The_first_mechanism_with_a_secret_is_taken()
    {
        await using var server = new RecordingMailServer { Mechanisms = "XOAUTH2 CRAM-MD5 PLAIN LOGIN" };
        _bench.Files["/pw"] = "pass\n";
        await SendAsync(server, $"to: ops@x.example, auth_username: me, auth_identity: id, auth_password_file: /pw, {Plain}");
        Assert.Contains($"AUTH PLAIN {Base64("id\0me\0pass")}", Assert.Single(server.Mails).Commands);
        await SendAsync(server, $"to: ops@x.example, auth_username: me, auth_secret: s, auth_password: p, {Plain}");
        Assert.Contains("AUTH CRAM-MD5", server.Mails.Last().Commands);
        await using var login = new RecordingMailServer { Mechanisms = "LOGIN" };
        await SendAsync(login, $"to: ops@x.example, auth_username: me, auth_password: p, {Plain}");
        Assert.Contains(Base64("p"), Assert.Single(login.Mails).Commands);
    }

    [Fact]
    public async Task Without_a_secret_for_any_mechanism_the_reasons_are_told()
    {
        await using var server = new RecordingMailServer { Mechanisms = "CRAM-MD5 PLAIN" };
        Assert.Equal(
            "find auth mechanism: missing secret for CRAM-MD5 auth mechanism\nmissing password for PLAIN auth mechanism",
            await RefusalAsync(server, $"to: ops@x.example, auth_username: me, {Plain}"));
        Assert.Equal("find auth mechanism: could not read /gone: open /gone: no such file or directory", await RefusalAsync(server, $"to: ops@x.example, auth_username: me, auth_secret_file: /gone, {Plain}"));
    }

    [Fact]
    public async Task Servers_refusals_are_tried_again_and_wrong_addresses_are_not()
    {
        await using var server = new RecordingMailServer();
        server.Refusals["RCPT TO:<nobody"] = "550 no such user";
        Assert.Equal("send RCPT command: 550 no such user", await RefusalAsync(server, $"to: nobody@x.example, {Plain}"));
        var (retry, error) = await OutcomeAsync(server.Address, $"to: ops@x.example, from: 'a@x, b@x', {Plain}");
        Assert.Equal((false, "must be exactly one 'from' address (got: 2)"), (retry, error));
        (retry, error) = await OutcomeAsync(server.Address, $"to: '{{{{ template \"none\" }}}}', {Plain}");
        Assert.False(retry);
        Assert.StartsWith("execute 'to' template: template: :1:", error, StringComparison.Ordinal);
        Assert.Equal("establish connection to server: dial tcp 127.0.0.1:1: connect: connection refused", (await OutcomeAsync("127.0.0.1:1", $"to: ops@x.example, {Plain}")).Error);
    }

    [Fact]
    public async Task A_header_cannot_smuggle_in_another()
    {
        await using var server = new RecordingMailServer();
        await SendAsync(server, $"to: ops@x.example, headers: {{Subject: '{{{{ .CommonAnnotations.summary }}}}'}}, {Plain}", Told.Of(Told.Alert("a", null, "one\r\nBcc: evil@x.example")));
        var headers = Assert.Single(server.Mails).Headers;
        Assert.Empty(headers["Bcc"]);
        Assert.Equal("one Bcc: evil@x.example", headers["Subject"].Single());
    }

    /// <summary>Certificates are judged by the clock, and these are made today.</summary>
    private void Trust()
    {
        _bench.Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        _bench.Files["/ca.pem"] = Authority.Pem;
    }

    private async Task SendAsync(RecordingMailServer server, string settings, Alerting.Notifications.Notification? notification = null) =>
        Assert.Null((await _bench.TellAsync("email", Settings(server.Address, settings), notification)).Outcome.Error);

    private async Task<string?> RefusalAsync(RecordingMailServer server, string settings)
    {
        var (retry, error) = await OutcomeAsync(server.Address, settings);
        Assert.True(retry);
        return error;
    }

    private async Task<(bool Retry, string? Error)> OutcomeAsync(string address, string settings)
    {
        var outcome = (await _bench.TellAsync("email", Settings(address, settings))).Outcome;
        return (outcome.Retry, outcome.Error);
    }

    private static string Settings(string address, string settings) =>
        $"{{smarthost: '{address}', hello: there, {(settings.Contains("from:", StringComparison.Ordinal) ? "" : "from: am@x.example, ")}{settings}}}";

    /// <summary>Without what some clients ask for beyond the addresses.</summary>
    private static IEnumerable<string> Commands(ReceivedMail mail) => mail.Commands.Select(command => command.Split('>')[0] + (command.Contains('>') ? ">" : ""));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
