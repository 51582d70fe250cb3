using ActorMon.Tsdb.Lifecycle;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Lifecycle;

public class NodeStorageWorkTests
{
    [Fact]
    public async Task Work_runs_one_after_the_other_cuts_before_all_else_and_what_was_cancelled_never()
    {
        var time = new FakeTimeProvider();
        var node = new NodeStorageWork(time, 1);
        var order = new List<string>();
        var first = new Piece(StorageWorkKind.Compaction, "first", order);
        var running = node.RunAsync(first, CancellationToken.None);
        await first.Started.Task;
        using var cancelled = new CancellationTokenSource();
        var abandoned = new Piece(StorageWorkKind.Cut, "cancelled", order);
        var never = node.RunAsync(abandoned, cancelled.Token);
        List<Task> waiting = [];
        foreach (var (kind, name) in new[] { (StorageWorkKind.Compaction, "compaction"), (StorageWorkKind.Checkpoint, "checkpoint"), (StorageWorkKind.Cut, "cut 1"), (StorageWorkKind.Cut, "cut 2") })
        {
            var piece = new Piece(kind, name, order);
            piece.MayEnd.SetResult();
            waiting.Add(node.RunAsync(piece, CancellationToken.None));
        }
        var idle = node.WhenIdleAsync();
        Assert.Equal(StorageWorkKind.Compaction, node.Running);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);
        Assert.True(abandoned.Ended.IsCompletedSuccessfully);
        Assert.False(idle.IsCompleted);
        first.MayEnd.SetResult();
        await running;
        await Task.WhenAll(waiting);
        await idle;
        Assert.Equal(["first", "cut 1", "cut 2", "checkpoint", "compaction"], order);
        Assert.Equal(0, node.Waiting);
        await node.WhenIdleAsync();
    }

    [Fact]
    public async Task A_pacer_waits_as_long_as_its_share_asks()
    {
        var time = new FakeTimeProvider();
        var pacer = new WorkPacer(time, 0.25);
        Assert.True(pacer.PaceAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        time.Advance(TimeSpan.FromMilliseconds(100));
        var pause = pacer.PaceAsync(CancellationToken.None).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(299));
        Assert.False(pause.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await pause;
        Assert.True(new WorkPacer(time, 1).PaceAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pacer.PaceAsync(new CancellationToken(canceled: true)).AsTask());
    }

    private sealed class Piece(StorageWorkKind kind, string name, List<string> order) : StorageWork
    {
        public TaskCompletionSource Started { get; } = new();

        public TaskCompletionSource MayEnd { get; } = new();

        public override StorageWorkKind Kind => kind;

        private protected override async Task WriteAsync(WorkPacer pacer, CancellationToken cancellation)
        {
            Started.SetResult();
            lock (order)
                order.Add(name);
            await MayEnd.Task;
        }
    }
}
