using ActorMon.Actors.Reading;
using ActorMon.Model.Reading;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using Google.Protobuf;

namespace ActorMon.Actors.Facts;

/// <summary>One kind of what is known of partitions; each is answered for by one of its copies in sync.</summary>
public sealed class PartitionTopic<TAsked, T>
    where TAsked : IMessage<TAsked>, new()
    where T : IMessage<T>, new()
{
    private readonly ClusterFacts _facts;
    private readonly string _name;
    private readonly Func<IReadOnlyList<PartitionId>, TAsked, CancellationToken, ValueTask<T>> _here;
    private readonly TimeSpan _longest;

    internal PartitionTopic(ClusterFacts facts, string name, Func<IReadOnlyList<PartitionId>, TAsked, CancellationToken, ValueTask<T>> here, TimeSpan longest) =>
        (_facts, _name, _here, _longest) = (facts, name, here, longest);

    /// <summary>
    /// Answers that cover every partition once, in the order of the nodes' ids; what a node does not answer is asked of the next holder. Partitions of which something may be missing are
    /// named.
    /// </summary>
    public async Task<Partial<IReadOnlyList<T>>> AskAsync(TAsked asked, CancellationToken cancellation)
    {
        var message = asked.ToByteArray();
        var answers = new List<(string Node, T Answer)>();
        var missing = new SortedSet<PartitionId>();
        var reasons = new SortedSet<string>(StringComparer.Ordinal);
        var failed = new HashSet<(PartitionId Partition, LinkPeer? Node)>();
        IReadOnlyCollection<PartitionId> left = [.. _facts.AllPartitions];
        while (left.Count > 0)
        {
            var spread = HolderSpread.Of(left, _facts.Holders, (partition, node) => failed.Contains((partition, node)));
            missing.UnionWith(spread.Nobody);
            var again = new List<PartitionId>();
            var others = spread.Elsewhere.Select(async of => (Peer: of.Key, Partitions: of.Value,
                Reply: await _facts.AskAsync<T>(of.Key, _name, of.Value, message, _longest, cancellation).ConfigureAwait(false))).ToArray();
            var (served, refused) = _facts.Split(spread.Here);
            if (served.Count > 0)
                answers.Add(("", await _here(served, asked, cancellation).ConfigureAwait(false)));
            if (refused.Count > 0)
                Fail(null, refused, "this node has not heard from a majority of the cluster, or its copies have left the sync");
            missing.UnionWith(_facts.Incomplete(served));
            foreach (var (peer, partitions, reply) in await Task.WhenAll(others).ConfigureAwait(false))
            {
                if (reply.Answer is not { } answer)
                {
                    Fail(peer, partitions, reply.Error!);
                    continue;
                }
                answers.Add((peer.Node, answer));
                missing.UnionWith(reply.Incomplete);
                if (reply.Refused.Count > 0)
                    Fail(peer, reply.Refused, $"{peer} holds no copy in sync of partitions {PartitionNames.Of(reply.Refused)}");
            }
            left = again;

            void Fail(LinkPeer? node, IReadOnlyList<PartitionId> partitions, string reason)
            {
                reasons.Add(reason);
                again.AddRange(partitions);
                foreach (var partition in partitions)
                    failed.Add((partition, node));
            }
        }
        var parts = answers.OrderBy(answer => answer.Node, StringComparer.Ordinal).Select(answer => answer.Answer).ToList();
        if (missing.Count == 0)
            return new Partial<IReadOnlyList<T>>(parts);
        var why = reasons.Count > 0 ? $" ({string.Join("; ", reasons)})" : "";
        return new Partial<IReadOnlyList<T>>(parts, [$"results are incomplete: no complete copy of partitions {PartitionNames.Of(missing)} is within reach{why}"]);
    }
}
