using ActorMon.Tsdb;
using ActorMon.Tsdb.Lifecycle;
using Akka.Actor;
using Akka.Event;

namespace ActorMon.Actors.Series;

/// <summary>
/// Cuts, checkpoints, compactions: the store hands the work out, the node's one worker runs it beside the writer, the result comes back as a message. One piece at a time;
/// the next is asked for when one has ended, at each maintenance, and when late samples pile up.
/// </summary>
public sealed partial class PartitionReplicaActor
{
    private int _damageReported;

    private void StorageWorkWhileServing()
    {
        Receive<WorkEnded>(OnWorkEnded);
        Receive<WorkFailed>(OnWorkFailed);
    }

    private void StorageWorkWhileAway()
    {
        Receive<WorkEnded>(_ => { });
        Receive<WorkFailed>(_ => { });
    }

    private void OnMaintain()
    {
        _store!.Maintain();
        BeginWork();
        ReportDamage();
    }

    private void BeginWork()
    {
        if (_store is not { } store || store.NextWork() is not { } work)
            return;
        _settings.WorkMetrics.Begin(work);
        _settings.Work.RunAsync(work, store.Closing).PipeTo(Self, success: () => new WorkEnded(store, work), failure: cause => new WorkFailed(store, work, cause));
    }

    private void OnWorkEnded(WorkEnded ended)
    {
        // Of a store that was closed meanwhile: the next one finds on disk what was finished.
        if (!ReferenceEquals(ended.Store, _store))
            return;
        _store.Complete(ended.Work);
        _settings.WorkMetrics.Observe(ended.Work);
        if (ended.Work.Failure is { } failure)
            _log.Error("Partition {Replica}: {Work} failed and is tried again: {Failure}", _id, ended.Work.Kind, failure);
        else
            _log.Debug("Partition {Replica}: {Work} wrote {Samples} samples, {Bytes} bytes in {Duration}", _id, ended.Work.Kind, ended.Work.Samples, ended.Work.BytesWritten, ended.Work.Duration);
        ReportDamage();
        BeginWork();
        AnswerCleaned(ended.Work.Failure);
    }

    private void OnWorkFailed(WorkFailed failed)
    {
        if (!ReferenceEquals(failed.Store, _store))
            return;
        // Not a disk that fails, which is a result: a fault in here. Opening anew gives up what the work was about; the log has everything.
        _log.Error(failed.Cause, "Partition {Replica}: {Work} crashed, the partition is opened again", _id, failed.Work.Kind);
        Reopen();
    }

    /// <summary>Names what is new of it: found at the start, by work, or by readers since the last maintenance.</summary>
    private void ReportDamage()
    {
        var damage = _store!.PartDamage;
        if (_damageReported < damage.Count)
            _settings.Damaged(_id.Partition);
        for (; _damageReported < damage.Count; _damageReported++)
            _log.Error("Partition {Replica}: {Damage}", _id, damage[_damageReported]);
    }

    private sealed record WorkEnded(PartitionStore Store, StorageWork Work) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

    private sealed record WorkFailed(PartitionStore Store, StorageWork Work, Exception Cause) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
