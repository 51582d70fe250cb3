using ActorMon.Actors.Series.Copies;
using ActorMon.Model.Matchers;
using ActorMon.PromQL.Parsing;
using ActorMon.Replication.Deletions;
using ActorMon.Tsdb.Deletion;
using Akka.Event;

namespace ActorMon.Actors.Series;

/// <summary>The cluster's deletions: followed in their order by the partition's writer, between two groups of batches; before the copy serves, those it has missed.</summary>
public sealed partial class PartitionReplicaActor
{
    private string? _deletionError;

    private void FollowDeletions()
    {
        if (_settings.Deletions() is not { } log)
            return;
        var store = _store!;
        if (store.Deletions.ClusterVersion < log.Pruned && store.View.MinTime > store.View.MaxTime)
            Follow(new DeletionCommand.Skip(log.Pruned));
        // Null: content of a time that the cluster remembers no more; the keeper of the node's copies drops it.
        if (log.After(store.Deletions.ClusterVersion) is { } missing)
            foreach (var deletion in missing.Span)
                if (!Follow(StepOf(deletion)))
                    break;
        store.ForgetFollowed(log.Pruned);
    }

    private bool Follow(DeletionCommand step)
    {
        var error = _store!.Follow(step).Error;
        if (error is not null && error != _deletionError)
            _log.Error("Partition {Replica} cannot follow the cluster's deletions, it is tried again: {Error}", _id, error);
        _deletionError = error;
        return error is null;
    }

    private static DeletionCommand StepOf(Deletion deletion)
    {
        var request = deletion.Request;
        if (request.IsUndo)
            return new DeletionCommand.FollowUndo(deletion.Version, request.Id);
        // They were printed from matchers that had been parsed.
        var selectors = request.Selectors.Select(text => PromQLParser.ParseMatchers(text).Matchers!).Cast<IReadOnlyList<Matcher>>().ToList();
        return new DeletionCommand.Follow(deletion.Version, request.Id, selectors, request.From, request.To, request.Created);
    }
}
