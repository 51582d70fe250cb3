using ActorMon.Protocol.Series;
using Akka.Actor;
using static ActorMon.Protocol.Series.StorageAdminProtocol;

namespace ActorMon.Actors.Series;

/// <summary>Cleaning: what is deleted is rewritten.</summary>
public sealed partial class PartitionReplicaActor
{
    private const string NotOpen = "the partition is not open now; try again";

    // Bounded by the requests that the node's StorageAdmin lets run.
    private readonly List<(long Version, IActorRef Asker)> _cleaning = [];

    private void AdminWhileAway()
    {
        Receive<CleanReplica>(m => m.ReplyTo.Tell(new ReplicaDone(_id, false, NotOpen)));
    }

    private void AdminWhileServing()
    {
        Receive<CleanReplica>(OnClean);
    }

    private void OnClean(CleanReplica request)
    {
        FollowDeletions();
        var version = _store!.RequestClean();
        if (_store.IsClean(version))
        {
            request.ReplyTo.Tell(new ReplicaDone(_id, false, null));
            return;
        }
        _cleaning.Add((version, request.ReplyTo));
        BeginWork();
        AnswerCleaned(null);
    }

    /// <summary>After a piece of work: who waits for a clean partition gets his answer when it is, or when nothing more is under way to make it so.</summary>
    private void AnswerCleaned(string? failure)
    {
        if (_cleaning.Count == 0)
            return;
        if (failure is null && !_store!.IsWorking)
            failure = "deleted samples stand in files that cannot be written anew; the log names the damage";
        for (var i = _cleaning.Count - 1; i >= 0; i--)
        {
            var isClean = _store!.IsClean(_cleaning[i].Version);
            if (!isClean && failure is null)
                continue;
            _cleaning[i].Asker.Tell(new ReplicaDone(_id, isClean, isClean ? null : failure));
            _cleaning.RemoveAt(i);
        }
    }

    /// <summary>The store goes: what it was writing is given up.</summary>
    private void GiveUpCleaning()
    {
        foreach (var (_, asker) in _cleaning)
            asker.Tell(new ReplicaDone(_id, false, "the partition was closed before it was clean; try again"));
        _cleaning.Clear();
    }
}
