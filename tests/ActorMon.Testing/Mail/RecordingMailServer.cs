using System.Collections.Concurrent;
using System.Text;
using ActorMon.Testing.Http;

namespace ActorMon.Testing.Mail;

/// <summary>A mail as it was delivered.</summary>
/// <param name="Commands">What the client said before and after it, with its secrets, in order.</param>
/// <param name="Data">Headers and body, lines ended by CR and LF, leading dots removed.</param>
/// <param name="IsSecure">It came over TLS.</param>
public sealed record ReceivedMail(IReadOnlyList<string> Commands, string Data, bool IsSecure)
{
    /// <summary>Headers by name; folded lines joined.</summary>
    public ILookup<string, string> Headers => Data.Split("\r\n\r\n", 2)[0].Replace("\r\n\t", " ", StringComparison.Ordinal).Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n")
        .Select(line => line.Split(':', 2))
        .ToLookup(parts => parts[0], parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase);
}

/// <summary>An SMTP server in the test's process. It believes every secret, takes every mail and keeps it, unless told otherwise.</summary>
public sealed class RecordingMailServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly LoopbackTls? _tls;
    private readonly bool _isImplicitTls;

    public RecordingMailServer(LoopbackTls? tls = null, bool implicitTls = false)
    {
        _tls = tls;
        _isImplicitTls = implicitTls;
        _server = LoopbackServer.Raw(ServeAsync, "smtp");
    }

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{_server.Port}";

    public ConcurrentQueue<ReceivedMail> Mails { get; } = [];

    /// <summary>The mechanisms it offers; "": none.</summary>
    public string Mechanisms { get; init; } = "";

    /// <summary>Beginning of a command -> the answer in place of the usual one.</summary>
    public Dictionary<string, string> Refusals { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(Stream stream, int number, CancellationToken end)
    {
        var secure = _isImplicitTls;
        if (secure)
            (stream, _, _) = await _tls!.AcceptAsync(stream, end);
        var commands = new List<string>();
        await SayAsync(stream, "220 here", end);
        while (await LineAsync(stream, end) is { } command)
        {
            commands.Add(command);
            var verb = command.Split(' ')[0].ToUpperInvariant();
            if (Refusals.FirstOrDefault(refusal => command.StartsWith(refusal.Key, StringComparison.OrdinalIgnoreCase)) is { Value: { } refused })
            {
                await SayAsync(stream, refused, end);
                continue;
            }
            switch (verb)
            {
                case "EHLO":
                    await SayAsync(stream, string.Join("\r\n", Features(secure)), end);
                    break;
                case "STARTTLS":
                    await SayAsync(stream, "220 go", end);
                    (stream, _, _) = await _tls!.AcceptAsync(stream, end);
                    secure = true;
                    break;
                case "AUTH":
                    await AuthenticateAsync(stream, command, commands, end);
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go", end);
                    var data = await DataAsync(stream, end);
                    Mails.Enqueue(new ReceivedMail([.. commands], data, secure));
                    await SayAsync(stream, "250 taken", end);
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye", end);
                    return;
                default:
                    await SayAsync(stream, "250 ok", end);
                    break;
            }
        }
    }

    private IEnumerable<string> Features(bool secure)
    {
        yield return "250-here";
        if (_tls is not null && !secure)
            yield return "250-STARTTLS";
        if (Mechanisms.Length > 0)
            yield return "250-AUTH " + Mechanisms;
        yield return "250 SIZE 1000000";
    }

    private static async Task AuthenticateAsync(Stream stream, string command, List<string> commands, CancellationToken end)
    {
        string[] asked = command.Split(' ') switch
        {
            [_, "CRAM-MD5", ..] => ["<1.2@here>"],
            [_, "LOGIN"] => ["Username:", "Password:"],
            [_, "LOGIN", _] => ["Password:"],
            [_, "PLAIN"] => [""],
            _ => [],
        };
        foreach (var question in asked)
        {
            await SayAsync(stream, "334 " + Convert.ToBase64String(Encoding.UTF8.GetBytes(question)), end);
            commands.Add(await LineAsync(stream, end) ?? "");
        }
        await SayAsync(stream, "235 believed", end);
    }

    private static async Task<string> DataAsync(Stream stream, CancellationToken end)
    {
        var data = new StringBuilder();
        while (await LineAsync(stream, end) is { } line && line != ".")
            data.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        return data.ToString();
    }

    private static async Task SayAsync(Stream stream, string text, CancellationToken end) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), end);

    private static async Task<string?> LineAsync(Stream stream, CancellationToken end)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, end) > 0)
        {
            if (one[0] == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }
        return null;
    }
}
