using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ActorMon.Actors.Series;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;

namespace ActorMon.Actors.Reading;

/// <summary>What a read of all partitions has gathered.</summary>
/// <param name="Parts">One a node that answered; the caller's to dispose.</param>
/// <param name="Missing">Partitions of which something may be missing.</param>
/// <param name="Reasons">Why, by node.</param>
/// <param name="Lost">What of the samples other nodes have lost, as sentences.</param>
internal sealed record Gathered<T>(List<T> Parts, SortedSet<PartitionId> Missing, IReadOnlyCollection<string> Reasons, IReadOnlyCollection<string> Lost);

/// <summary>
/// Reads partitions wherever their copies in sync are: those of this node in place, the others with one request a node, all at once. What a node does not answer is asked
/// of the next holder; a node that failed once is not asked again by the same read. Any thread.
/// </summary>
internal sealed class PartitionReads
{
    private readonly NodeSeries _local;
    private readonly PartitionTable _table;
    private readonly ReadPlacements _placement;
    private readonly INodeLinks _links;
    private readonly ReadSettings _settings;
    private readonly ReadMetrics _metrics;
    private readonly TimeProvider _time;

    /// <summary>Most incarnations that are remembered.</summary>
    private const int MaxUnknown = 1024;

    private readonly ConcurrentDictionary<(string Node, ulong Incarnation, ReadKind Kind), bool> _unknown = [];

    /// <summary>Nodes choose differently among holders, each the same in all its reads.</summary>
    private readonly int _salt = Environment.ProcessId & 0xFFFF;

    public PartitionReads(NodeSeries local, PartitionTable table, ReadPlacements placement, INodeLinks links, ReadSettings settings, ReadMetrics metrics, TimeProvider time) =>
        (_local, _table, _placement, _links, _settings, _metrics, _time) = (local, table, placement, links, settings, metrics, time);

    /// <summary>All other nodes that hold copies are known to answer such reads: one that once called a kind of read malformed is older, and is not asked for it again in this life.</summary>
    public bool Know(ReadKind kind)
    {
        if (_unknown.IsEmpty)
            return true;
        var now = _placement.Current;
        for (var p = 0; p < _table.Partitions; p++)
            foreach (var peer in now.Elsewhere(new PartitionId(p)))
                if (_unknown.ContainsKey((peer.Node, peer.Incarnation, kind)))
                    return false;
        return true;
    }

    /// <summary>Every partition is here and complete: readers go straight to the node's own series, and ask again when they have read.</summary>
    public bool IsAllHere => _placement.IsAllHere;

    /// <param name="template">What is read; its partitions are those to read.</param>
    /// <param name="here">Reads this node's part.</param>
    /// <param name="receive">Reads another's answer behind its head. Any exception of the links makes the next holder be asked.</param>
    public async Task<Gathered<T>> GatherAsync<T>(
        ReadRequest template, Func<NodeSeries, ValueTask<T>> here, Func<AnswerFrames, Task<T>> receive, CancellationToken cancellation)
    {
        using var read = new Read<T>(this, template, here, receive, cancellation);
        return await read.RunAsync().ConfigureAwait(false);
    }

    /// <summary>One read under way.</summary>
    private sealed class Read<T>(
        PartitionReads owner, ReadRequest template, Func<NodeSeries, ValueTask<T>> here, Func<AnswerFrames, Task<T>> receive, CancellationToken cancellation) : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly HashSet<(int Partition, string Node)> _tried = [];
        private readonly SortedSet<string> _reasons = new(StringComparer.Ordinal);
        private readonly SortedSet<PartitionId> _missing = [];
        private readonly SortedSet<string> _lost = new(StringComparer.Ordinal);
        private readonly List<T> _parts = [];

        private ExceptionDispatchInfo? _failure;

        /// <summary>One part failed for good: the others need not go on.</summary>
        private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        public async Task<Gathered<T>> RunAsync()
        {
            try
            {
                await ReadAsync(template.Partitions).ConfigureAwait(false);
            }
            catch
            {
                foreach (var part in _parts)
                    (part as IDisposable)?.Dispose();
                // What came first, not what it has ended.
                _failure?.Throw();
                throw;
            }
            return new Gathered<T>(_parts, _missing, _missing.Count > 0 ? _reasons : [], _lost);
        }

        public void Dispose() => _ended.Dispose();

        private async Task ReadAsync(IReadOnlyList<PartitionId> partitions)
        {
            var (mine, others) = Spread(partitions);
            var work = new List<Task>(others.Count + 1);
            foreach (var (peer, theirs) in others)
                work.Add(Guarded(AskAsync(peer, theirs)));
            if (mine.Count > 0)
                work.Add(Guarded(HereAsync(mine)));
            // All of them end before anything is thrown, so that no part comes after the parts were disposed.
            await Task.WhenAll(work).ConfigureAwait(false);
        }

        private async Task Guarded(Task work)
        {
            try
            {
                await work.ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
                await _ended.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }

        private async Task HereAsync(List<PartitionId> partitions)
        {
            var part = await here(owner._local.Over(partitions)).ConfigureAwait(false);
            lock (_gate)
            {
                _parts.Add(part);
                foreach (var partition in partitions)
                    if (!owner._placement.Gate.IsComplete(partition))
                        _missing.Add(partition);
            }
        }

        /// <summary>Who reads what. The choice among holders is the same for each read, and another on each node.</summary>
        private (List<PartitionId> Mine, Dictionary<LinkPeer, List<PartitionId>> Others) Spread(IReadOnlyList<PartitionId> partitions)
        {
            var now = owner._placement.Current;
            var mine = new List<PartitionId>();
            var others = new Dictionary<LinkPeer, List<PartitionId>>();
            lock (_gate)
            {
                foreach (var partition in partitions)
                {
                    var isOpen = owner._table[partition] is not null;
                    if (isOpen && now.IsHere(partition) && owner._placement.Gate.IsCurrent(partition) && _tried.Add((partition.Value, "")))
                    {
                        mine.Add(partition);
                        continue;
                    }
                    if (isOpen && now.IsHere(partition) && !owner._placement.Gate.IsCurrent(partition))
                        _reasons.Add("this node has not heard from a majority of the cluster, or its copies have left the sync");
                    var holders = now.Elsewhere(partition);
                    LinkPeer? chosen = null;
                    for (var i = 0; i < holders.Count && chosen is null; i++)
                    {
                        var holder = holders[(partition.Value + owner._salt + i) % holders.Count];
                        if (!_tried.Contains((partition.Value, holder.Node)))
                            chosen = holder;
                    }
                    if (chosen is null)
                    {
                        _missing.Add(partition);
                        // What this node has is better than nothing, whatever its copy is worth.
                        if (isOpen && _tried.Add((partition.Value, "")))
                            mine.Add(partition);
                        continue;
                    }
                    if (!others.TryGetValue(chosen, out var theirs))
                        others.Add(chosen, theirs = []);
                    theirs.Add(partition);
                }
            }
            return (mine, others);
        }

        private async Task AskAsync(LinkPeer peer, List<PartitionId> partitions)
        {
            var asked = template.Of(partitions, owner._table.Partitions);
            List<PartitionId> refused = [], incomplete = [];
            string? failure = null;
            owner._metrics.Asked.Add();
            using var patience = new CancellationTokenSource(owner._settings.FirstAnswer, owner._time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, patience.Token);
            try
            {
                await using var answer = await owner._links.CallAsync(
                    peer, ReadRequest.ReadOperationName, to => ReadRequestCodec.Write(asked, to), ReadSettings.Longest, both.Token).ConfigureAwait(false);
                failure = answer.Error;
                if (answer.Status == LinkStatus.Malformed && owner._unknown.Count < MaxUnknown)
                    owner._unknown[(peer.Node, peer.Incarnation, template.Kind)] = true;
                if (answer.IsOk)
                {
                    var frames = new AnswerFrames(peer, asked, answer.Frames, patience, owner._settings.NextAnswer, both.Token);
                    await frames.HeadAsync(refused, incomplete).ConfigureAwait(false);
                    var part = await receive(frames).ConfigureAwait(false);
                    lock (_gate)
                    {
                        _parts.Add(part);
                        _missing.UnionWith(incomplete);
                        _lost.UnionWith(frames.Lost);
                    }
                }
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested && !_ended.IsCancellationRequested)
            {
                failure = $"{peer} did not answer in time";
            }
            catch (LinkBrokenException e)
            {
                failure = e.Message;
            }
            if (failure is null && refused.Count == 0)
                return;
            if (failure is not null)
                owner._metrics.Failed.Add();
            lock (_gate)
            {
                _reasons.Add(failure ?? $"{peer} holds no copy in sync of partitions {PartitionNames.Of(refused)}");
                foreach (var partition in partitions)
                    _tried.Add((partition.Value, peer.Node));
            }
            await ReadAsync(failure is null ? refused : partitions).ConfigureAwait(false);
        }
    }
}
