using ActorMon.Actors.Series.Copies;
using ActorMon.Model.Ingest;
using ActorMon.Tsdb;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorMon.Actors.Series;

/// <summary>What other copies bring, and what they want to know of the writer.</summary>
public sealed partial class PartitionReplicaActor
{
    private void CopiesWhileAway()
    {
        // Not opened now, so nothing is in force: files that are whole are found at the next opening.
        Receive<AdoptCopy>(_ => Sender.Tell(new CopyAdopted($"partition {_id} is not open now")));
        // No answer: who asks waits for one that is worth something.
        Receive<PassWriter>(_ => { });
        Receive<StopCopy>(_ => OnStopCopy());
        // They are followed when it opens.
        Receive<FollowDeletions>(_ => { });
    }

    private void CopiesWhileServing()
    {
        Receive<FollowDeletions>(_ => FollowDeletions());
        Receive<AdoptCopy>(OnAdopt);
        // Batches are let in and written in one step, so none is on its way when this comes.
        Receive<PassWriter>(_ => Sender.Tell(WriterPassed.Instance));
        Receive<StopCopy>(_ => OnStopCopy());
    }

    private void OnAdopt(AdoptCopy copy)
    {
        if (!ReferenceEquals(copy.Store, _store))
        {
            // The one that is open now has found the files, which were whole.
            foreach (var part in copy.Parts)
                part.Dispose();
            Sender.Tell(new CopyAdopted($"partition {_id} was opened again meanwhile"));
            return;
        }
        if (_settings.Deletions() is { } log && !log.MayMerge(copy.Deletions))
        {
            _store.GiveUp(copy.Parts);
            Sender.Tell(new CopyAdopted($"samples of partition {_id} were deleted everywhere while they were on their way; they are asked for again"));
            return;
        }
        _store.Adopt(copy.Parts, copy.Positions);
        Sender.Tell(new CopyAdopted(copy.Beside.Count == 0 ? null : AppendBeside([.. copy.Beside])));
        BeginWork();
    }

    private string? AppendBeside(SampleBatch[] batches)
    {
        var results = new AppendResult[batches.Length];
        _store!.Append(batches, results);
        foreach (var result in results)
            if (result.Status is not (AppendStatus.Accepted or AppendStatus.Duplicate))
                return $"exemplars and metadata of partition {_id} cannot be written: {result.Text ?? result.Status.ToString()}";
        return null;
    }

    private void OnStopCopy() => Context.Parent.Tell(new Passivate(PoisonPill.Instance));
}
