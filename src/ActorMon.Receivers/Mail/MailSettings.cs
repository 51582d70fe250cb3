using ActorMon.Http.Options;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;

namespace ActorMon.Receivers.Mail;

/// <summary>Where mails go and how the server is spoken to.</summary>
internal sealed record MailServer(string Host, int Port, string Hello, bool IsImplicitTls, bool RequiresTls)
{
    private const int ImplicitTlsPort = 465;

    public static MailServer Of(SettingsReader reader)
    {
        var smarthost = reader.Text("smarthost");
        var colon = smarthost.LastIndexOf(':');
        var host = smarthost[..Math.Max(colon, 0)].Trim('[', ']');
        _ = int.TryParse(smarthost.AsSpan(colon + 1), out var port);
        return new MailServer(host, port, reader.Text("hello"), reader.OptionalBool("force_implicit_tls") ?? port == ImplicitTlsPort, reader.OptionalBool("require_tls") ?? true);
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>Who is to be believed to send; an empty user name sends without.</summary>
internal sealed record MailCredentials(string User, string Identity, SecretSource Password, SecretSource Secret)
{
    public static MailCredentials Of(SettingsReader reader) =>
        new(reader.Text("auth_username"), reader.Text("auth_identity"), FileFirst(reader, "auth_password"), FileFirst(reader, "auth_secret"));

    private static SecretSource FileFirst(SettingsReader reader, string key) =>
        reader.Text(key + "_file") is { Length: > 0 } file ? new SecretSource(File: file) : reader.Secret(key);
}

/// <summary>What a mail is made of.</summary>
internal sealed class MailTexts
{
    public MailTexts(SettingsReader reader, Func<string, TemplatedText> compile)
    {
        From = reader.Template("from");
        To = reader.Template("to");
        Text = reader.Template("text");
        Html = reader.Template("html");
        var headers = new SortedDictionary<string, TemplatedText>(StringComparer.Ordinal);
        foreach (var (name, text) in reader.TemplateMap("headers"))
            headers[name] = text;
        headers.TryAdd("Subject", compile("{{ template \"email.default.subject\" . }}"));
        headers.TryAdd("To", To);
        headers.TryAdd("From", From);
        Headers = headers;
        if (reader.Section("threading") is { } threading && threading.Bool("enabled"))
            (IsThreaded, IsThreadedByDay) = (true, threading.Text("thread_by_date") != "none");
    }

    public TemplatedText From { get; }
    public TemplatedText To { get; }
    public TemplatedText Text { get; }
    public TemplatedText Html { get; }
    public IReadOnlyDictionary<string, TemplatedText> Headers { get; }
    public bool IsThreaded { get; }
    public bool IsThreadedByDay { get; }
}
