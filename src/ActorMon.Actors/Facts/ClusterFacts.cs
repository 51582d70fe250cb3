using ActorMon.Actors.Reading;
using ActorMon.Actors.Series;
using ActorMon.Model.Reading;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;
using Google.Protobuf;

namespace ActorMon.Actors.Facts;

/// <summary>Where <see cref="ClusterFacts"/> looks for nodes and copies.</summary>
/// <param name="Peers">All other nodes that are up, whether they hold copies or not.</param>
/// <param name="Gate">What the copies of this node are worth.</param>
public sealed record FactSources(Func<IReadOnlyList<LinkPeer>> Peers, IReplicaHolders Holders, IReadGate Gate, PartitionTable Table);

/// <summary>
/// What nodes know of themselves alone (targets, running queries) and what is counted over partitions, asked of all at once: one operation, one request a node, a topic and a message for
/// each kind. Whoever does not answer in time is named in the answer's warnings. Topics are added before the node takes requests. Any thread.
/// </summary>
/// <param name="patience">How long another node has, where a topic says nothing else.</param>
public sealed class ClusterFacts(FactSources sources, INodeLinks links, TimeSpan patience) : ILinkOperation
{
    private readonly Dictionary<string, Func<List<PartitionId>, byte[], CancellationToken, ValueTask<IMessage>>> _topics = new(StringComparer.Ordinal);

    public string Name => LinkOperations.Facts;

    public LinkBounds Bounds => new(1 << 20, 64);

    /// <summary>There is nobody else.</summary>
    public bool IsAlone => sources.Peers().Count == 0;

    /// <summary>Something that every node knows of itself.</summary>
    /// <param name="name">Part of the wire format.</param>
    /// <param name="here">This node's own answer.</param>
    /// <param name="longest">How long another node has for this; null: as usual.</param>
    public FactTopic<TAsked, T> Add<TAsked, T>(string name, Func<TAsked, CancellationToken, ValueTask<T>> here, TimeSpan? longest = null)
        where TAsked : IMessage<TAsked>, new()
        where T : IMessage<T>, new()
    {
        var questions = new MessageParser<TAsked>(static () => new TAsked());
        _topics.Add(name, async (_, asked, cancellation) => await here(questions.Parse(asked), cancellation).ConfigureAwait(false));
        return new FactTopic<TAsked, T>(this, name, here, longest ?? patience);
    }

    /// <summary>Something that is known of each partition by whoever holds it, and counted once.</summary>
    /// <param name="here">The answer about some partitions that this node holds in sync.</param>
    public PartitionTopic<TAsked, T> AddByPartition<TAsked, T>(string name, Func<IReadOnlyList<PartitionId>, TAsked, CancellationToken, ValueTask<T>> here)
        where TAsked : IMessage<TAsked>, new()
        where T : IMessage<T>, new()
    {
        var questions = new MessageParser<TAsked>(static () => new TAsked());
        _topics.Add(name, async (partitions, asked, cancellation) => await here(partitions, questions.Parse(asked), cancellation).ConfigureAwait(false));
        return new PartitionTopic<TAsked, T>(this, name, here, patience);
    }

    public async Task HandleAsync(LinkRequest request, CancellationToken cancellation)
    {
        var body = new LinkFrameReader(request.Body, request.Sender.Node);
        if (await body.ReadAsync(cancellation).ConfigureAwait(false) is not { } frame || FactQuestion.Read(frame, sources.Table.Partitions) is not { } question)
        {
            request.Refuse(LinkStatus.Malformed, "not a question about a node");
            return;
        }
        if (!_topics.TryGetValue(question.Topic, out var topic))
        {
            request.Refuse(LinkStatus.UnknownOperation, $"nothing is known here of {question.Topic}");
            return;
        }
        var (served, refused) = Split(question.Partitions);
        if (served.Count == 0 && refused.Count > 0)
        {
            request.Refuse(LinkStatus.NotHeld, $"no copy in sync of partitions {PartitionNames.Of(refused)} is here");
            return;
        }
        IMessage answer;
        try
        {
            answer = await topic(served, question.Message, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException)
        {
            request.Refuse(LinkStatus.Malformed, e.Message);
            return;
        }
        await FactAnswer.WriteAsync(request, refused, Incomplete(served), answer, cancellation).ConfigureAwait(false);
    }

    internal IReplicaHolders Holders => sources.Holders;

    internal IReadOnlyList<LinkPeer> Peers => sources.Peers();

    internal IEnumerable<PartitionId> AllPartitions => Enumerable.Range(0, sources.Table.Partitions).Select(p => new PartitionId(p));

    /// <summary>Which of the partitions this node may speak for now.</summary>
    internal (List<PartitionId> Served, List<PartitionId> Refused) Split(IReadOnlyList<PartitionId> asked)
    {
        List<PartitionId> served = [], refused = [];
        foreach (var partition in asked)
            (sources.Table[partition] is not null && sources.Gate.IsCurrent(partition) ? served : refused).Add(partition);
        return (served, refused);
    }

    internal List<PartitionId> Incomplete(List<PartitionId> served) => [.. served.Where(partition => !sources.Gate.IsComplete(partition))];

    /// <returns>The answer and the partitions that the node would not or not wholly speak for; or why there is none.</returns>
    internal async Task<FactReply<T>> AskAsync<T>(
        LinkPeer peer, string topic, IReadOnlyList<PartitionId> partitions, byte[] message, TimeSpan longest, CancellationToken cancellation)
        where T : IMessage<T>, new()
    {
        List<PartitionId> refused = [], incomplete = [];
        try
        {
            await using var answer = await links.CallAsync(peer, Name, to => FactQuestion.Write(to, topic, partitions, message), longest, cancellation).ConfigureAwait(false);
            if (!answer.IsOk)
                return new FactReply<T>(default, answer.Error, refused, incomplete);
            var told = await FactAnswer.ReadAsync(answer.Frames, refused, incomplete, new MessageParser<T>(static () => new T()), cancellation).ConfigureAwait(false);
            return new FactReply<T>(told, null, refused, incomplete);
        }
        catch (LinkBrokenException e)
        {
            return new FactReply<T>(default, $"{peer}: {e.Message}", refused, incomplete);
        }
    }
}

/// <summary>What came of asking one node.</summary>
/// <param name="Error">Null: there is an answer.</param>
internal sealed record FactReply<T>(T? Answer, string? Error, IReadOnlyList<PartitionId> Refused, IReadOnlyList<PartitionId> Incomplete);
