using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Snapshots;
using ActorMon.Tsdb.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Lifecycle;

/// <summary>Every kind of work that may take long keeps to its share: it pauses as it goes, and can be stopped at each pause.</summary>
public class PacingTests
{
    [Theory]
    [InlineData(StorageWorkKind.Checkpoint)]
    [InlineData(StorageWorkKind.Snapshot)]
    [InlineData(StorageWorkKind.Cut)]
    [InlineData(StorageWorkKind.Removal)]
    public async Task Work_pauses_again_and_again_and_ends_when_it_is_cancelled(StorageWorkKind kind)
    {
        var time = new BusyTime();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Work(kind).RunAsync(new WorkPacer(time, 0.5), time, cancelled.Token));

        var work = Work(kind);
        var running = work.RunAsync(new WorkPacer(time, 0.5), time, CancellationToken.None);
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await running;
        Assert.Null(work.Failure);
        Assert.True(time.Pauses > 3, $"{time.Pauses} pauses");
    }

    private static StorageWork Work(StorageWorkKind kind)
    {
        var files = new MemoryFiles();
        var store = StoreLifeTests.Open(files, StoreLifeTests.Options(segmentBytes: 2_000) with
        {
            Ranges = WindowRanges.Of(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(45), null),
            CutThresholds = new CutThresholds { Samples = 1 },
        });
        store.AppendNext(new Workload(3), 60);
        switch (kind)
        {
            case StorageWorkKind.Checkpoint:
                return new CheckpointWork(store.BeginCheckpoint());
            case StorageWorkKind.Snapshot:
                return new SnapshotWork(new PartitionSnapshot(store.View, StoreLifeTests.Options(), "/data/snapshots/s/p-03", files, StoreLifeTests.Clock()), skipHead: false);
            case StorageWorkKind.Removal:
                store.Checkpoint();
                break;
        }
        var work = store.NextWork()!;
        Assert.Equal(kind, work.Kind);
        return work;
    }

    /// <summary>Looking at the clock takes 30 ms of it; counts what waits on it.</summary>
    private sealed class BusyTime : FakeTimeProvider
    {
        public int Pauses { get; private set; }

        public override long GetTimestamp()
        {
            Advance(TimeSpan.FromMilliseconds(30));
            return base.GetTimestamp();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses++;
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
