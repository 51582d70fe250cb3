using System.Net.Sockets;
using ActorMon.Alerting.Notifications;
using ActorMon.Http;
using ActorMon.Http.Errors;
using ActorMon.Http.Tls;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Templates.Notifications;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace ActorMon.Receivers.Mail;

/// <summary>E-mail by SMTP, one connection a mail. Everything that a server or the way to it refuses is worth another try; what is wrong in texts is not.</summary>
internal sealed class Email : IIntegration
{
    private readonly MailServer _server;
    private readonly MailCredentials _credentials;
    private readonly MailTexts _texts;
    private readonly ForeignTls _tls;
    private readonly NotificationTemplates _templates;
    private readonly ReceiverContext _context;

    public Email(IntegrationParts parts)
    {
        (Type, Index, SendResolved) = (parts.Settings.Type, parts.Settings.Index, parts.Settings.SendResolved);
        _server = MailServer.Of(parts.Reader);
        _credentials = MailCredentials.Of(parts.Reader);
        _texts = new MailTexts(parts.Reader, text => TemplatedText.Of(text, parts.Templates));
        _tls = new ForeignTls(parts.Http.Tls, parts.Context.Http);
        _templates = parts.Templates;
        _context = parts.Context;
    }

    public string Type { get; }
    public int Index { get; }
    public bool SendResolved { get; }

    public async Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation)
    {
        var composer = new Composer(notification, notification.Alerts, _templates, _context, cancellation);
        if (MailMessage.Compose(_texts, composer, _context) is not { } message)
            return Failed(composer.Failure!, retry: false);
        if (_context.Rehearsal is { } rehearsal)
        {
            rehearsal.Send(message, _server.ToString());
            return NotifyResult.Sent(notification.ReceiverData);
        }
        var step = "establish connection to server";
        try
        {
            using var client = new SmtpClient { LocalDomain = _server.Hello.Length > 0 ? _server.Hello : "localhost", SslProtocols = _tls.Protocols, CheckCertificateRevocation = false };
            var stream = await DialAsync(cancellation).ConfigureAwait(false);
            step = _server.IsImplicitTls ? "establish TLS connection to server" : _server.RequiresTls ? "send STARTTLS command" : "create SMTP client";
            await GreetAsync(client, stream, cancellation).ConfigureAwait(false);
            step = "find auth mechanism";
            if (await MailAuthentication.AuthenticateAsync(client, _credentials, _server.Host, composer, cancellation).ConfigureAwait(false) is { } refused)
                return Failed(refused, retry: true);
            step = "delivery failure";
            await client.SendAsync(FormatOptions.Default, message.Mime, message.Sender, message.Recipients, cancellation).ConfigureAwait(false);
            await GoodbyeAsync(client, cancellation).ConfigureAwait(false);
            return NotifyResult.Sent(notification.ReceiverData);
        }
        catch (NotSupportedException) when (step == "send STARTTLS command")
        {
            return Failed($"'require_tls' is true (default) but \"{_server}\" does not advertise the STARTTLS extension", retry: true);
        }
        catch (Exception e) when (e is SmtpCommandException or SmtpProtocolException or IOException or SocketException or HttpRequestException or SslHandshakeException
            or System.Security.Authentication.AuthenticationException or ServiceNotConnectedException or ServiceNotAuthenticatedException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return Failed(Describe(step, e), retry: true);
        }
    }

    private async Task<Stream> DialAsync(CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_server.Host, _server.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task GreetAsync(SmtpClient client, Stream stream, CancellationToken cancellation)
    {
        var host = _tls.ServerName.Length > 0 ? _tls.ServerName : _server.Host;
        client.ServerCertificateValidationCallback = (_, certificate, chain, errors) =>
            _tls.Refusal(certificate, chain, errors, host) is not { } refusal ? true : throw new HttpTransportException("tls: failed to verify certificate: " + refusal);
        if (_tls.ClientCertificate() is { } own)
            client.ClientCertificates = [own];
        var security = _server.IsImplicitTls ? SecureSocketOptions.SslOnConnect : _server.RequiresTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None;
        await client.ConnectAsync(stream, host, _server.Port, security, cancellation).ConfigureAwait(false);
    }

    /// <summary>The mail is delivered: a server that ends without the formalities changes nothing.</summary>
    private static async Task GoodbyeAsync(SmtpClient client, CancellationToken cancellation)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or SmtpProtocolException or SmtpCommandException or OperationCanceledException)
        {
            // Its connection is closed.
        }
    }

    private string Describe(string step, Exception e) => e switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } refused => $"send MAIL command: {Answer(refused)}",
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } refused => $"send RCPT command: {Answer(refused)}",
        SmtpCommandException refused => $"{step}: {Answer(refused)}",
        SocketException when step == "establish connection to server" => $"{step}: dial tcp {_server}: {HttpErrors.Cause(e)}",
        _ => $"{step}: {HttpErrors.Cause(e)}",
    };

    private static string Answer(SmtpCommandException e) => FormattableString.Invariant($"{(int)e.StatusCode} {e.Message}");

    private static NotifyResult Failed(string error, bool retry) => new(new SendOutcome(retry, error), "other", "");
}
