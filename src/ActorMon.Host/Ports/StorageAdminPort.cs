using ActorMon.Actors.Series;
using ActorMon.Api.Ports;
using ActorMon.Host.Cluster;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using Akka.Actor;
using static ActorMon.Protocol.Series.StorageAdminProtocol;

namespace ActorMon.Host.Ports;

/// <summary>
/// The API's changes to what is stored. Deletions go through the cluster's log; the rest is asked of all nodes, and each node's StorageAdmin does it in all its copies. What a
/// node has not done is named, and the same request may be sent again.
/// </summary>
public sealed class StorageAdminPort : IStorageAdminPort
{
    private readonly Func<IActorRef> _admin;
    private readonly PartitionTable _table;
    private readonly TimeSpan _deadline;
    private readonly ClusterDeletions _changes;
    private readonly FactTopic<bool, Done> _clean;
    private readonly FactTopic<bool, Done> _snapshot;
    private readonly FactTopic<bool, IReadOnlyList<DeletionHere>> _deletions;

    /// <param name="deadline">Longer than the actor's own deadlines; only guards against an actor system that is going down.</param>
    /// <param name="changes">Deletions go through the cluster's log.</param>
    public StorageAdminPort(Func<IActorRef> admin, PartitionTable table, ClusterFacts facts, ClusterDeletions changes, TimeSpan deadline)
    {
        (_admin, _table, _changes, _deadline) = (admin, table, changes, deadline);
        _clean = facts.Add<bool, Done>("clean", (_, cancellation) => DoAsync(CleanDeletions.Instance, cancellation), deadline);
        _snapshot = facts.Add<bool, Done>("snapshot", (skipHead, cancellation) => DoAsync(new TakeSnapshot(skipHead), cancellation), deadline);
        _deletions = facts.Add<bool, IReadOnlyList<DeletionHere>>("deletions", (_, _) => ValueTask.FromResult(Here()));
    }

    public Task<string?> DeleteAsync(Guid id, IReadOnlyList<IReadOnlyList<Matcher>> selectors, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        _changes.DeleteAsync(id, selectors, min.Value, max.Value, cancellation);

    public async ValueTask<Partial<IReadOnlyList<PendingDeletion>>> DeletionsAsync(CancellationToken cancellation)
    {
        var (answers, missing) = await _deletions.AskAsync(true, cancellation);
        var pending = answers.SelectMany(answer => answer).GroupBy(deletion => deletion.Id).Select(copies => new PendingDeletion(
            copies.Key, copies.First().Selectors, new TimestampMs(copies.Min(d => d.Min)), new TimestampMs(copies.Max(d => d.Max)),
            DateTimeOffset.FromUnixTimeMilliseconds(copies.Min(d => d.Created)), copies.Select(d => d.Partition).Distinct().Count()));
        return new([.. pending.OrderBy(d => d.Created).ThenBy(d => d.Id)], missing);
    }

    public async Task<(bool Found, string? Error)> UndoAsync(Guid id, CancellationToken cancellation)
    {
        var (pending, _) = await DeletionsAsync(cancellation);
        return pending.Any(deletion => deletion.Id == id) ? (true, await _changes.UndoAsync(id, cancellation)) : (false, null);
    }

    public async Task<string?> CleanAsync(CancellationToken cancellation)
    {
        await _changes.SettleAsync(cancellation);
        return ErrorOf(await _clean.AskAsync(true, cancellation));
    }

    /// <summary>Each node writes what it holds, into its own data directory; the name is that of this one.</summary>
    public async Task<(string? Name, string? Error)> SnapshotAsync(bool skipHead, CancellationToken cancellation)
    {
        var done = await _snapshot.AskAsync(skipHead, cancellation);
        return (done.Value[0].Name, ErrorOf(done));
    }

    private static string? ErrorOf(Partial<IReadOnlyList<Done>> done)
    {
        var errors = done.Value.Where(answer => answer.Error is not null).Select(answer => answer.Error!).Concat(done.Warnings).ToList();
        return errors.Count == 0 ? null : string.Join("; ", errors);
    }

    private IReadOnlyList<DeletionHere> Here() =>
    [
        .. _table.Stores().SelectMany(
            store => store.PendingDeletions(), (store, entry) => new DeletionHere(store.Partition.Value, entry.Id, entry.Selectors, entry.Min, entry.Max, entry.Created)),
    ];

    private async ValueTask<Done> DoAsync(IAdminRequest request, CancellationToken cancellation)
    {
        try
        {
            var done = await _admin().Ask<AdminDone>(request, _deadline, cancellation);
            return new Done(done.Changed, done.Error, done.Name);
        }
        catch (AskTimeoutException)
        {
            return new Done(0, $"no answer within {_deadline.TotalSeconds:0} s", null);
        }
    }

    private sealed record Done(int Changed, string? Error, string? Name);

    /// <summary>A deletion as one partition's copy holds it.</summary>
    private sealed record DeletionHere(int Partition, Guid Id, IReadOnlyList<IReadOnlyList<Matcher>> Selectors, long Min, long Max, long Created);
}
