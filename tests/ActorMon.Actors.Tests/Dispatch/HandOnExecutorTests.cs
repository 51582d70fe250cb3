using ActorMon.Actors.Dispatch;
using Akka.Actor;
using Akka.Dispatch;

namespace ActorMon.Actors.Tests.Dispatch;

public class HandOnExecutorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HandOnExecutor _executor = new("test");

    [Fact]
    public async Task What_the_running_one_hands_on_runs_next_on_the_same_thread_and_not_inside_it()
    {
        var done = new TaskCompletionSource<(int First, int Second, bool Inside)>(TaskCreationOptions.RunContinuationsAsynchronously);
        _executor.Execute(new Work(() =>
        {
            var first = Environment.CurrentManagedThreadId;
            var inside = true;
            _executor.Execute(new Work(() => done.SetResult((first, Environment.CurrentManagedThreadId, inside))));
            inside = false;
        }));
        var (first, second, inside) = await done.Task.WaitAsync(Patience);
        Assert.Equal(first, second);
        Assert.False(inside);
    }

    [Fact]
    public async Task Of_several_that_are_handed_on_only_one_waits_for_the_running_one()
    {
        var others = new CountdownEvent(2);
        var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _executor.Execute(new Work(() =>
        {
            var waits = false;
            _executor.Execute(new Work(() => waits = true));
            _executor.Execute(new Work(() => others.Signal()));
            _executor.Execute(new Work(() => others.Signal()));
            // The thread is held until both have run elsewhere.
            seen.SetResult(others.Wait(Patience) && !waits);
        }));
        Assert.True(await seen.Task.WaitAsync(Patience));
    }

    [Fact]
    public void Who_asks_last_finds_the_answer_when_everything_it_took_was_handed_on()
    {
        var answer = new TaskCompletionSource<int>();
        var asked = HandOnExecutor.AskLast(() =>
        {
            _executor.Execute(new Work(() => _executor.Execute(new Work(() => answer.SetResult(Environment.CurrentManagedThreadId)))));
            return answer.Task;
        });
        Assert.True(asked.IsCompletedSuccessfully);
        Assert.Same(answer.Task, asked);
    }

    [Fact]
    public async Task One_that_throws_does_not_lose_the_one_it_handed_on()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var broken = new Work(() =>
        {
            _executor.Execute(new Work(ran.SetResult));
            throw new InvalidOperationException("a broken mailbox");
        });
        Assert.Throws<InvalidOperationException>(() => HandOnExecutor.TellLast(new Told(() => _executor.Execute(broken)), "go"));
        await ran.Task.WaitAsync(Patience);
    }

    /// <summary>An actor that does its work when it is told anything: here, on the thread that tells.</summary>
    private sealed class Told(Action action) : MinimalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "told";

        public override IActorRefProvider Provider => throw new NotSupportedException();

        protected override void TellInternal(object message, IActorRef sender) => action();
    }

    private sealed class Work(Action action) : IRunnable
    {
        public void Run() => action();

        public void Execute() => action();
    }
}
