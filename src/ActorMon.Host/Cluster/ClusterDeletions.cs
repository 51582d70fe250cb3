using System.Collections.Immutable;
using ActorMon.Actors.Control.Partitions;
using ActorMon.Actors.Facts;
using ActorMon.Actors.Series;
using ActorMon.Actors.Series.Copies;
using ActorMon.Host.Node;
using ActorMon.Model.Matchers;
using ActorMon.PromQL.Printing;
using ActorMon.Protocol.Facts;
using ActorMon.Replication.Deletions;

namespace ActorMon.Host.Cluster;

/// <summary>
/// Deletions at any node: an entry of the cluster's log, which every copy follows in its order. The request is answered when all copies that take batches have; a copy that is away
/// follows before it is read again.
/// </summary>
public sealed class ClusterDeletions
{
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FollowPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly Func<ActorNode> _actors;
    private readonly PartitionTable _table;
    private readonly MapView _view;
    private readonly FollowedDeletions _followed;
    private readonly TimeProvider _time;
    private readonly FactTopic<DeletionScope, DeletionTimes> _times;
    private readonly FactTopic<FollowQuestion, FollowReply> _follow;

    public ClusterDeletions(Func<ActorNode> actors, PartitionTable table, MapView view, ClusterFacts facts, TimeProvider time)
    {
        (_actors, _table, _view, _time) = (actors, table, view, time);
        _followed = new FollowedDeletions(table);
        _times = facts.Add<DeletionScope, DeletionTimes>("deletion-times", (scope, _) => ValueTask.FromResult(TimesHere(scope)));
        _follow = facts.Add<FollowQuestion, FollowReply>("deletions-followed", (asked, cancellation) => FollowHereAsync(asked.MapVersion, cancellation), FollowPatience + TimeSpan.FromSeconds(5));
    }

    /// <returns>Null: done in every copy that is read; else what was not.</returns>
    public async Task<string?> DeleteAsync(Guid id, IReadOnlyList<IReadOnlyList<Matcher>> selectors, long min, long max, CancellationToken cancellation)
    {
        var scope = new DeletionScope { Min = min, Max = max };
        scope.Selectors.Add(selectors);
        var (answers, missing) = await _times.AskAsync(scope, cancellation);
        var concerned = answers.Where(t => t.Oldest <= t.Newest).ToList();
        if (concerned.Count == 0)
            // Nothing to delete, as far as everybody has said.
            return missing.Count == 0 ? null : string.Join("; ", missing);
        if (answers.Max(t => t.Entries) is var entries && entries >= Tsdb.Deletion.DeletionLog.MaxEntries)
            return $"{entries} deletions are not rewritten yet, the limit is {Tsdb.Deletion.DeletionLog.MaxEntries}; run clean_tombstones first";
        // The same times in every copy, whatever it has just taken: samples that come after the newest one of now are visible everywhere.
        var request = new DeletionRequest(
            [.. selectors.Select(selector => $"{{{string.Join(",", selector.Select(ExprPrinter.Print))}}}")], Math.Max(min, concerned.Min(t => t.Oldest)), Math.Min(max, concerned.Max(t => t.Newest)))
        {
            Id = id,
            Created = _time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        return await LogAsync(request, cancellation);
    }

    /// <returns>Null: shown again in every copy that is read, as far as it was not rewritten.</returns>
    public Task<string?> UndoAsync(Guid id, CancellationToken cancellation) =>
        LogAsync(new DeletionRequest(ImmutableArray<string>.Empty, 0, 0) { Id = id, IsUndo = true, Created = _time.GetUtcNow().ToUnixTimeMilliseconds() }, cancellation);

    /// <summary>
    /// Before deleted samples are rewritten: until every known copy has applied the deletions, so that they leave the log and what is written into their place is seen. Not for long:
    /// a copy that is away may stay away.
    /// </summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        while (_view.Current is { Deletions.Entries.IsEmpty: false } && _time.GetElapsedTime(started) < SettlePatience)
            await Task.Delay(Step, _time, cancellation);
    }

    private async Task<string?> LogAsync(DeletionRequest request, CancellationToken cancellation)
    {
        var (version, error) = await _actors().LogAsync(request, LogPatience);
        if (error is not null)
            return error;
        var (answers, missing) = await _follow.AskAsync(new FollowQuestion { MapVersion = version }, cancellation);
        var behind = answers.Where(f => f.Failed).Select(f => f.Error).Concat(missing).ToList();
        return behind.Count == 0 ? null : "the cluster has noted it and carries it out as soon as it can; now it is not carried out everywhere: " + string.Join("; ", behind);
    }

    private DeletionTimes TimesHere(DeletionScope scope)
    {
        var selectors = scope.Selectors.FromWire();
        var (oldest, newest, entries) = (long.MaxValue, long.MinValue, 0);
        foreach (var store in _table.Stores())
        {
            entries = Math.Max(entries, store.Deletions.Entries.Length);
            if (store.WouldDelete(selectors, scope.Min, scope.Max) is not { } times)
                continue;
            (oldest, newest) = (Math.Min(oldest, times.Oldest), Math.Max(newest, times.Newest));
        }
        return new DeletionTimes { Oldest = oldest, Newest = newest, Entries = entries };
    }

    private async ValueTask<FollowReply> FollowHereAsync(long version, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        while (_time.GetElapsedTime(started) < FollowPatience)
        {
            if (_view.Current is { } map && map.Version >= version && _followed.Of(map, _view.Self.Node).Serving >= map.Deletions.Version)
                return new FollowReply();
            await Task.Delay(Step, _time, cancellation);
        }
        return new FollowReply { Failed = true, Error = $"node {_view.Self.Node} has not followed within {FollowPatience.TotalSeconds:0} s; its log says why" };
    }
}
