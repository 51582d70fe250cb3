using System.Text.Json;
using System.Text.Json.Serialization;
using ActorMon.Actors.Reading;
using ActorMon.Model.Bytes;
using ActorMon.Model.Reading;
using ActorMon.Protocol.Links;

namespace ActorMon.Host.Cluster;

/// <summary>
/// What each node knows of itself alone (its targets, its running queries), asked of all nodes at once: one operation, a topic for each kind. A node that does not
/// answer in time is named in the answer's warnings. Topics are added before the node takes requests.
/// </summary>
/// <param name="patience">How long another node has.</param>
public sealed class ClusterFacts(ReadPlacements placements, INodeLinks links, TimeSpan patience) : ILinkOperation
{
    private const byte AskFrame = 1;
    private const byte AnswerFrame = 1;
    private const int PieceBytes = 256 << 10;

    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new LabelSetConverter(), new MatcherConverter() },
    };

    private readonly Dictionary<string, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<byte[]>>> _topics = new(StringComparer.Ordinal);

    public string Name => LinkOperations.Status;

    public LinkBounds Bounds => new(1 << 20, 64);

    /// <param name="name">Part of the wire format.</param>
    /// <param name="here">This node's own answer.</param>
    /// <param name="longest">How long another node has for this; null: as usual.</param>
    public FactTopic<TAsked, T> Add<TAsked, T>(string name, Func<TAsked, CancellationToken, ValueTask<T>> here, TimeSpan? longest = null)
    {
        _topics.Add(name, async (asked, cancellation) =>
            JsonSerializer.SerializeToUtf8Bytes(await here(JsonSerializer.Deserialize<TAsked>(asked.Span, Json)!, cancellation), Json));
        return new FactTopic<TAsked, T>(this, name, here, longest ?? patience);
    }

    public async Task HandleAsync(LinkRequest request, CancellationToken cancellation)
    {
        var body = new LinkFrameReader(request.Body, request.Sender.Node);
        if (await body.ReadAsync(cancellation) is not { Kind: AskFrame } frame || Ask(frame) is not { } question)
        {
            request.Refuse(LinkStatus.Malformed, "not a question about a node");
            return;
        }
        if (!_topics.TryGetValue(question.Name, out var topic))
        {
            request.Refuse(LinkStatus.UnknownOperation, $"nothing is known here of {question.Name}");
            return;
        }
        byte[] answer;
        try
        {
            answer = await topic(question.Asked, cancellation);
        }
        catch (JsonException e)
        {
            request.Refuse(LinkStatus.Malformed, e.Message);
            return;
        }
        for (var at = 0; at < answer.Length; at += PieceBytes)
        {
            LinkFrames.Write(request.Answer, AnswerFrame, answer.AsSpan(at, Math.Min(PieceBytes, answer.Length - at)));
            await request.Answer.FlushAsync(cancellation);
        }
        LinkFrames.WriteEnd(request.Answer);
        await request.Answer.FlushAsync(cancellation);
    }

    /// <summary>The answers of this node and of all others that answer, this one's first.</summary>
    internal async Task<Partial<IReadOnlyList<T>>> AskAllAsync<TAsked, T>(
        string name, TAsked asked, Func<TAsked, CancellationToken, ValueTask<T>> here, TimeSpan longest, CancellationToken cancellation)
    {
        var peers = placements.Current.Peers;
        var others = peers.Count == 0 ? [] : new Task<(T? Answer, string? Error)>[peers.Count];
        var question = peers.Count == 0 ? [] : JsonSerializer.SerializeToUtf8Bytes(asked, Json);
        for (var i = 0; i < others.Length; i++)
            others[i] = AskAsync<T>(peers[i], name, question, longest, cancellation);
        var answers = new List<T> { await here(asked, cancellation) };
        var warnings = new List<string>();
        foreach (var (answer, error) in await Task.WhenAll(others))
        {
            if (error is null)
                answers.Add(answer!);
            else
                warnings.Add($"{name}: a node did not answer: {error}");
        }
        return new Partial<IReadOnlyList<T>>(answers, warnings);
    }

    private async Task<(T? Answer, string? Error)> AskAsync<T>(LinkPeer peer, string name, byte[] question, TimeSpan longest, CancellationToken cancellation)
    {
        try
        {
            await using var answer = await links.CallAsync(
                peer, Name,
                to =>
                {
                    var content = new ByteWriter();
                    content.Number((ulong)name.Length);
                    content.Bytes(System.Text.Encoding.ASCII.GetBytes(name));
                    content.Bytes(question);
                    LinkFrames.Write(to, AskFrame, content.Written);
                    LinkFrames.WriteEnd(to);
                },
                longest, cancellation);
            if (!answer.IsOk)
                return (default, answer.Error);
            var json = new MemoryStream();
            while (await answer.Frames.ReadAsync(cancellation) is { } frame)
                if (frame.Kind == AnswerFrame)
                    json.Write(frame.Content.Span);
            return (JsonSerializer.Deserialize<T>(json.GetBuffer().AsSpan(0, (int)json.Length), Json), null);
        }
        catch (Exception e) when (e is LinkBrokenException or JsonException)
        {
            return (default, $"{peer}: {e.Message}");
        }
    }

    private static (string Name, ReadOnlyMemory<byte> Asked)? Ask(LinkFrame frame)
    {
        var from = frame.Reader();
        var name = from.Text();
        return from.Failed ? null : (name, frame.Content[from.Position..]);
    }
}

/// <summary>One kind of facts.</summary>
public sealed class FactTopic<TAsked, T>(ClusterFacts facts, string name, Func<TAsked, CancellationToken, ValueTask<T>> here, TimeSpan longest)
{
    /// <summary>The answers of all nodes, this one's first; nodes that did not answer are named.</summary>
    public Task<Partial<IReadOnlyList<T>>> AskAsync(TAsked asked, CancellationToken cancellation) => facts.AskAllAsync(name, asked, here, longest, cancellation);
}
