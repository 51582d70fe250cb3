using ActorMon.Alerting.Notifications;
using ActorMon.Receivers.Mail;

namespace ActorMon.Receivers.Sending;

/// <summary>
/// Stands in for the network: integrations that are made with one compose and read secrets as always, but what they would send is kept here and answered as by a server that is content.
/// Thread-safe.
/// </summary>
public sealed class Rehearsal
{
    /// <summary>What each of the services says when it is content.</summary>
    private const string Content = """{"ok":true,"status":"success","success":true,"errcode":0,"access_token":"token","id":"1","key":"DRY-1","issues":[],"transitions":[]}""";

    private const string Hidden = "<secret>";

    /// <summary>Shorter ones are in texts by chance.</summary>
    private const int LeastSecret = 4;

    private readonly Lock _lock = new();
    private readonly List<TrialMessage> _messages = [];
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);

    /// <summary>What would have been sent since this was last asked.</summary>
    public IReadOnlyList<TrialMessage> Take()
    {
        lock (_lock)
        {
            TrialMessage[] taken = [.. _messages.Select(Clean)];
            _messages.Clear();
            return taken;
        }
    }

    internal void Hide(string secret)
    {
        if (secret.Length >= LeastSecret)
            lock (_lock)
                _secrets.Add(secret);
    }

    internal HttpAnswer Send(HttpCall call, Uri uri)
    {
        // Paths and queries of most receivers are or hold secrets.
        var address = call.HasPublicUrl ? call.Url
            : call.HasMessageInQuery ? uri.GetLeftPart(UriPartial.Path) + Uri.UnescapeDataString(uri.Query.Replace('+', ' ')) : uri.AbsolutePath.Length > 1 || uri.Query.Length > 0 ? $"{uri.Scheme}://{uri.Authority}/{Hidden}" : call.Url;
        var body = call.Body is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : "";
        Keep(new TrialMessage(call.Method.Method, address, [("Content-Type", call.ContentType), .. call.Headers], body));
        return new HttpAnswer(200, "application/json", Content, null);
    }

    internal void Send(MailMessage mail, string server)
    {
        using var text = new MemoryStream();
        mail.Mime.WriteTo(text);
        Keep(new TrialMessage(
            "MAIL", server, [("MAIL FROM", mail.Sender.Address), .. mail.Recipients.Select(to => ("RCPT TO", to.Address))], System.Text.Encoding.UTF8.GetString(text.ToArray())));
    }

    private void Keep(TrialMessage message)
    {
        lock (_lock)
            _messages.Add(message);
    }

    private TrialMessage Clean(TrialMessage message) =>
        message with { Address = Clean(message.Address), Headers = [.. message.Headers.Select(header => (header.Name, Clean(header.Value)))], Body = Clean(message.Body) };

    private string Clean(string text)
    {
        foreach (var secret in _secrets)
            text = text.Replace(secret, Hidden, StringComparison.Ordinal).Replace(Uri.EscapeDataString(secret), Hidden, StringComparison.Ordinal);
        return text;
    }
}
