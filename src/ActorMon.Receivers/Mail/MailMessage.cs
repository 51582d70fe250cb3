using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using MimeKit;

namespace ActorMon.Receivers.Mail;

/// <summary>
/// A notification as a mail: the configured headers, text and HTML as alternatives. Its id follows from the idempotency key, so that a mail that is sent twice is
/// seen once.
/// </summary>
internal sealed record MailMessage(MimeMessage Mime, MailboxAddress Sender, IReadOnlyList<MailboxAddress> Recipients)
{
    private const int IdDigits = 32;
    private const int ThreadDigits = 16;

    /// <summary>Null, and the failure in the composer, when a text or an address is wrong.</summary>
    public static MailMessage? Compose(MailTexts texts, Composer composer, ReceiverContext context)
    {
        var from = Run(composer, texts.From, "execute 'from' template");
        var to = Run(composer, texts.To, "execute 'to' template");
        var senders = Addresses(composer, from, "from");
        if (composer.Failure is null && senders.Count != 1)
            composer.Fail(FormattableString.Invariant($"must be exactly one 'from' address (got: {senders.Count})"));
        var recipients = Addresses(composer, to, "to");
        var now = context.Http.Time.GetUtcNow();
        var mime = new MimeMessage();
        mime.Headers.Clear();
        foreach (var (name, text) in texts.Headers)
            Add(mime, name, Run(composer, text, $"execute \"{name}\" header template"));
        if (!mime.Headers.Contains(HeaderId.MessageId))
            mime.Headers.Add(HeaderId.MessageId, $"<{Hash(composer.Notification.IdempotencyKey)[..IdDigits]}@{context.HostName}>");
        if (texts.IsThreaded)
            Thread(mime, composer, texts.IsThreadedByDay ? now.LocalDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "");
        mime.Date = now.ToLocalTime();
        mime.Body = Body(texts, composer);
        return composer.Failure is null ? new MailMessage(mime, senders[0], recipients) : null;
    }

    /// <summary>All mails of a group, of a day or for good, answer one mail that was never sent: mail programs show them as one thread.</summary>
    private static void Thread(MimeMessage mime, Composer composer, string day)
    {
        var root = $"<alert-{composer.GroupHash[..ThreadDigits]}-{day}@alertmanager>";
        mime.Headers.Add(HeaderId.References, root);
        mime.Headers.Add(HeaderId.InReplyTo, root);
    }

    private static MultipartAlternative Body(MailTexts texts, Composer composer)
    {
        var body = new MultipartAlternative();
        var text = Run(composer, texts.Text, "execute text template");
        if (!ReferenceEquals(texts.Text, TemplatedText.Empty))
            body.Add(Part("plain", text));
        // The preferred alternative is the last.
        if (!ReferenceEquals(texts.Html, TemplatedText.Empty))
            body.Add(Part("html", Run(composer, texts.Html, "execute html template", isHtml: true)));
        return body;
    }

    private static TextPart Part(string type, string text)
    {
        var part = new TextPart(type) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(Encoding.UTF8, text);
        part.ContentType.Charset = "UTF-8";
        return part;
    }

    /// <summary>A line break would start a header of its own: it becomes a blank.</summary>
    private static void Add(MimeMessage mime, string name, string value) =>
        mime.Headers.Replace(new Header(Encoding.UTF8, name, value.ReplaceLineEndings(" ")));

    private static List<MailboxAddress> Addresses(Composer composer, string text, string what)
    {
        if (composer.Failure is not null)
            return [];
        if (InternetAddressList.TryParse(text, out var list))
            return [.. list.Mailboxes];
        composer.Fail($"parse '{what}' addresses: \"{text}\" is no list of addresses");
        return [];
    }

    private static string Run(Composer composer, TemplatedText text, string prefix, bool isHtml = false)
    {
        var failed = composer.Failure is not null;
        var output = isHtml ? composer.Html(text) : composer.Text(text);
        if (!failed && composer.Failure is not null)
            composer.Explain(prefix);
        return output;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
