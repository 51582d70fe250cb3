using ActorMon.Actors.Series;
using ActorMon.Api.Ports;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using Akka.Actor;
using static ActorMon.Protocol.Series.StorageAdminProtocol;

namespace ActorMon.Host.Ports;

/// <summary>The API's changes to what is stored as messages to the node's StorageAdmin: one Ask at the edge, none behind it. Lists are read from the partitions' own.</summary>
/// <param name="deadline">Longer than the actor's own deadlines; only guards against an actor system that is going down.</param>
public sealed class StorageAdminPort(Func<IActorRef> admin, PartitionTable table, TimeSpan deadline) : IStorageAdminPort
{
    public async Task<string?> DeleteAsync(Guid id, IReadOnlyList<IReadOnlyList<Matcher>> selectors, TimestampMs min, TimestampMs max, CancellationToken cancellation) =>
        (await AskAsync(new DeleteSeries(id, selectors, min.Value, max.Value), cancellation)).Error;

    public IReadOnlyList<PendingDeletion> Deletions()
    {
        var pending = new Dictionary<Guid, PendingDeletion>();
        foreach (var store in table.Stores())
        {
            foreach (var entry in store.Deletions.Entries)
            {
                var here = new PendingDeletion(
                    entry.Id, entry.Selectors, new TimestampMs(entry.Min), new TimestampMs(entry.Max), DateTimeOffset.FromUnixTimeMilliseconds(entry.Created), 1);
                pending[entry.Id] = pending.TryGetValue(entry.Id, out var known) ? Joined(known, here) : here;
            }
        }
        return [.. pending.Values.OrderBy(d => d.Created).ThenBy(d => d.Id)];
    }

    public async Task<(bool Found, string? Error)> UndoAsync(Guid id, CancellationToken cancellation)
    {
        var done = await AskAsync(new UndoDeletion(id), cancellation);
        return (done.Changed > 0, done.Error);
    }

    public async Task<string?> CleanAsync(CancellationToken cancellation) => (await AskAsync(CleanDeletions.Instance, cancellation)).Error;

    public async Task<(string? Name, string? Error)> SnapshotAsync(bool skipHead, CancellationToken cancellation)
    {
        var done = await AskAsync(new TakeSnapshot(skipHead), cancellation);
        return (done.Name, done.Error);
    }

    private static PendingDeletion Joined(PendingDeletion a, PendingDeletion b) => a with
    {
        Min = a.Min < b.Min ? a.Min : b.Min,
        Max = a.Max > b.Max ? a.Max : b.Max,
        Created = a.Created < b.Created ? a.Created : b.Created,
        Partitions = a.Partitions + 1,
    };

    private async Task<AdminDone> AskAsync(IAdminRequest request, CancellationToken cancellation)
    {
        try
        {
            return await admin().Ask<AdminDone>(request, deadline, cancellation);
        }
        catch (AskTimeoutException)
        {
            return new AdminDone(0, $"no answer within {deadline.TotalSeconds:0} s");
        }
    }
}
