using Akka.Configuration;
using Akka.Dispatch;

namespace ActorMon.Actors.Dispatch;

/// <summary>Named by <c>executor</c> in a dispatcher's configuration.</summary>
public sealed class HandOnExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) => new HandOnExecutor(id);
}

/// <summary>
/// The runtime's thread pool, but one mailbox that becomes busy while another runs stays on its thread and runs next. A scrape is a chain of actors that each tell
/// one other and are done: on the pool every link of it wakes a thread. What more becomes busy meanwhile goes to the pool, so a fan-out runs in parallel and at
/// most one mailbox waits for the one that runs.
/// </summary>
public sealed class HandOnExecutor(string id) : ExecutorService(id)
{
    [ThreadStatic]
    private static Runner? _current;

    public override void Execute(IRunnable run)
    {
        if (_current is { Next: null } runner)
            runner.Next = run;
        else
            ThreadPool.UnsafeQueueUserWorkItem(new Runner(run), preferLocal: false);
    }

    /// <summary>Mailboxes end with the actor system; the pool is the runtime's.</summary>
    public override void Shutdown()
    {
    }

    private sealed class Runner(IRunnable first) : IThreadPoolWorkItem
    {
        public IRunnable? Next;

        public void Execute()
        {
            Next = first;
            _current = this;
            try
            {
                while (Next is { } run)
                {
                    Next = null;
                    run.Run();
                }
            }
            finally
            {
                _current = null;
                // A mailbox threw, which ends the process or is a bug; the other one is not to be lost by it.
                if (Next is { } left)
                    ThreadPool.UnsafeQueueUserWorkItem(new Runner(left), preferLocal: false);
            }
        }
    }
}
