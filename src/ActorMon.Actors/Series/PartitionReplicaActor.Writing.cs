using ActorMon.Model.Ingest;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Copies;
using ActorMon.Tsdb;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Series;

/// <summary>
/// Batches: gathered, let in by the node's map, written as one group, answered. When the log fails, the store is opened again.
/// </summary>
public sealed partial class PartitionReplicaActor
{
    private void OnEarlyWrite(Write write)
    {
        if (write.Session == _session)
            _pending.Add(new PendingWrite(write.Batch, Sender, write.Sent));
        else
            _callers.Add(Sender);
    }

    private void OnWrite(Write write)
    {
        if (write.Session != _session)
        {
            // Meant for this actor before it crashed: batches ahead of this one may be lost, so the link hands over all of them again, in order.
            Sender.Tell(new ReplicaServing(_id, Self, _session));
            return;
        }
        _pending.Add(new PendingWrite(write.Batch, Sender, write.Sent));
        if (_pending.Count >= _settings.MaxBatchesPerWrite)
            OnFlush();
        else
            AskFlush();
    }

    /// <summary>The flush queues behind the writes that wait in the mailbox already, so it gathers them without waiting for anything.</summary>
    private void AskFlush()
    {
        if (_flushAsked)
            return;
        _flushAsked = true;
        Self.Tell(Flush.Instance);
    }

    private void OnFlush()
    {
        _flushAsked = false;
        var count = AdmitGroup(_trials.IsCautious ? 1 : _settings.MaxBatchesPerWrite);
        if (count == 0)
            return;
        if (_trials.IsPoison(_pending[0].Batch))
        {
            SetAside();
            return;
        }
        if (_batches.Length < count)
        {
            _batches = new SampleBatch[count];
            _results = new AppendResult[count];
        }
        for (var i = 0; i < count; i++)
            _batches[i] = _pending[i].Batch;
        _trials.Begin(_batches.AsSpan(0, count));
        _store!.Append(_batches.AsSpan(0, count), _results);
        _trials.End();
        string? walFailure = null;
        for (var i = 0; i < count; i++)
        {
            var result = _results[i];
            if (result.Status == AppendStatus.WalFailed)
                walFailure = result.Text;
            Answer(_pending[i], OutcomeOf(result.Status), result.Text);
        }
        Array.Clear(_batches, 0, count);
        _pending.RemoveRange(0, count);
        if (walFailure is not null)
            OnWalFailed(walFailure);
        else if (_pending.Count > 0)
            AskFlush();
        if (_store is { IsWorkUrgent: true })
            BeginWork();
    }

    /// <summary>
    /// How many of the batches in front make the next group: those that this copy may take by the map as it stands now. The others are answered. Asked here and not when they
    /// come, because a map may change while they wait.
    /// </summary>
    private int AdmitGroup(int max)
    {
        var count = 0;
        while (count < _pending.Count && count < max)
        {
            var write = _pending[count];
            var admission = _settings.Gate.Admit(_id, _store!.Deletions.ClusterVersion, write.Sent);
            if (admission.IsTaken)
            {
                _pending[count++] = write with { Stay = admission.Stay };
                continue;
            }
            _pending.RemoveAt(count);
            Answer(write, BatchOutcome.NotTaken, admission.Reason);
        }
        return count;
    }

    private void Answer(PendingWrite write, BatchOutcome outcome, string? error) =>
        write.Sender.Tell(new Written(_id, write.Batch.Writer, write.Batch.Number, outcome, error, write.Stay));

    private void SetAside()
    {
        var write = _pending[0];
        var batch = write.Batch;
        _pending.RemoveAt(0);
        _trials.SetAside(batch);
        _settings.Metrics.BatchesSetAside.Add();
        var error = $"batch {batch.Number} of writer {batch.Writer} was set aside: partition {_id} crashed at it {BatchTrials.MaxCrashes} times";
        var content = $"{batch.Columns?.SlotCount ?? 0} slots, {batch.Columns?.NewSeries.Length ?? 0} of them new, {batch.Loose.Length} samples outside a layout, {batch.Exemplars.Length} exemplars";
        _log.Error("{Error}; it has {Content}", error, content);
        Answer(write, BatchOutcome.SetAside, error);
        if (_pending.Count > 0)
            AskFlush();
    }

    private BatchOutcome OutcomeOf(AppendStatus status)
    {
        switch (status)
        {
            case AppendStatus.Accepted:
                _failures = 0;
                _settings.Metrics.BatchesWritten.Add();
                return BatchOutcome.Accepted;
            case AppendStatus.Duplicate:
                return BatchOutcome.Accepted;
            case AppendStatus.UnknownLayout:
            case AppendStatus.HashMismatch:
                _settings.Metrics.LayoutsUnknown.Add();
                return BatchOutcome.UnknownLayout;
            case AppendStatus.WalFailed:
                _settings.Metrics.BatchesFailed.Add();
                return BatchOutcome.Failed;
            default:
                return BatchOutcome.Refused;
        }
    }

    private void OnWalFailed(string failure)
    {
        _settings.Metrics.WalWritesFailed.Add();
        _log.Error("Partition {Replica} cannot write its log and is opened again: {Failure}", _id, failure);
        _isUnwritable = true;
        _settings.Unwritable(_id.Partition, true);
        Reopen();
    }

    private void Reopen()
    {
        Close();
        Become(Failed);
        Timers.StartSingleTimer(RetryTimer, Retry.Instance, NextBackoff());
    }

    /// <summary>A batch that waits for its turn, whom to answer, what it was sent by and, once admitted, the stay for which the answer counts.</summary>
    private readonly record struct PendingWrite(SampleBatch Batch, IActorRef Sender, BatchTerms Sent, long Stay = 0);

    private sealed class Flush : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Flush Instance = new();
    }
}
