using ActorMon.Actors.Facts;
using ActorMon.Actors.Series;
using ActorMon.Api.Ports;
using ActorMon.Host.Cluster;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Protocol.Facts;
using Akka.Actor;
using Google.Protobuf;
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
    private readonly TimeProvider _time;
    private readonly FactTopic<CleanQuestion, AdminReply> _clean;
    private readonly FactTopic<SnapshotQuestion, AdminReply> _snapshot;
    private readonly FactTopic<NoQuestion, DeletionsOfNode> _deletions;

    /// <param name="deadline">Longer than the actor's own deadlines; only guards against an actor system that is going down.</param>
    /// <param name="changes">Deletions go through the cluster's log.</param>
    public StorageAdminPort(Func<IActorRef> admin, PartitionTable table, ClusterFacts facts, ClusterDeletions changes, TimeSpan deadline, TimeProvider time)
    {
        (_admin, _table, _changes, _deadline, _time) = (admin, table, changes, deadline, time);
        _clean = facts.Add<CleanQuestion, AdminReply>("clean", (_, cancellation) => DoAsync(CleanDeletions.Instance, cancellation), deadline);
        _snapshot = facts.Add<SnapshotQuestion, AdminReply>(
            "snapshot",
            (asked, cancellation) => DoAsync(new TakeSnapshot(asked.SkipHead, DateTimeOffset.FromUnixTimeMilliseconds(asked.Time), unchecked((long)asked.Random)), cancellation), deadline);
        _deletions = facts.Add<NoQuestion, DeletionsOfNode>("deletions", (_, _) => ValueTask.FromResult(Here()));
    }

    public Task<string?> DeleteAsync(Guid id, IReadOnlyList<IReadOnlyList<Matcher>> selectors, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        _changes.DeleteAsync(id, selectors, min.Value, max.Value, cancellation);

    public async ValueTask<Partial<IReadOnlyList<PendingDeletion>>> DeletionsAsync(CancellationToken cancellation)
    {
        var (answers, missing) = await _deletions.AskAsync(new NoQuestion(), cancellation);
        var pending = answers.SelectMany(answer => answer.Deletions).GroupBy(deletion => deletion.Id).Select(copies => new PendingDeletion(
            new Guid(copies.Key.Span, bigEndian: true), copies.First().Selectors.FromWire(), new TimestampMs(copies.Min(d => d.Min)), new TimestampMs(copies.Max(d => d.Max)),
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
        return ErrorOf(await _clean.AskAsync(new CleanQuestion(), cancellation));
    }

    /// <summary>Each node writes what it holds, into its own data directory, under one name.</summary>
    public async Task<(string? Name, string? Error)> SnapshotAsync(bool skipHead, CancellationToken cancellation)
    {
        var asked = new SnapshotQuestion { SkipHead = skipHead, Time = _time.GetUtcNow().ToUnixTimeMilliseconds(), Random = unchecked((ulong)Random.Shared.NextInt64()) };
        var done = await _snapshot.AskAsync(asked, cancellation);
        return (ErrorOf(done) is { } error ? (null, error) : (done.Value[0].Name, null));
    }

    private static string? ErrorOf(Partial<IReadOnlyList<AdminReply>> done)
    {
        var errors = done.Value.Where(answer => answer.Failed).Select(answer => answer.Error).Concat(done.Warnings).ToList();
        return errors.Count == 0 ? null : string.Join("; ", errors);
    }

    private DeletionsOfNode Here()
    {
        var told = new DeletionsOfNode();
        foreach (var store in _table.Stores())
            foreach (var entry in store.PendingDeletions())
            {
                var row = new DeletionRow
                {
                    Partition = store.Partition.Value,
                    Id = UnsafeByteOperations.UnsafeWrap(entry.Id.ToByteArray(bigEndian: true)),
                    Min = entry.Min,
                    Max = entry.Max,
                    Created = entry.Created,
                };
                row.Selectors.Add(entry.Selectors);
                told.Deletions.Add(row);
            }
        return told;
    }

    private async ValueTask<AdminReply> DoAsync(IAdminRequest request, CancellationToken cancellation)
    {
        try
        {
            var done = await _admin().Ask<AdminDone>(request, _deadline, cancellation);
            return new AdminReply { Changed = done.Changed, Failed = done.Error is not null, Error = done.Error ?? "", Name = done.Name ?? "" };
        }
        catch (AskTimeoutException)
        {
            return new AdminReply { Failed = true, Error = $"no answer within {_deadline.TotalSeconds:0} s" };
        }
    }
}
