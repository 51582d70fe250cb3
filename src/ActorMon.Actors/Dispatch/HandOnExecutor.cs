using Akka.Actor;
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

    /// <summary>
    /// Tells an actor as the last thing a thread of the pool has to do (a timer's callback, the end of an operation): the actor, if it was idle, runs on this very
    /// thread before this returns.
    /// </summary>
    public static void TellLast(IActorRef actor, object message)
    {
        if (_current is null)
            new Runner(null).Execute(static told => told.actor.Tell(told.message, ActorRefs.NoSender), (actor, message));
        else
            actor.Tell(message, ActorRefs.NoSender);
    }

    /// <summary>
    /// As <see cref="TellLast"/>, for a caller that has nothing to do until it is answered: what <paramref name="ask"/> makes busy runs on this thread before this
    /// returns, as far as one tells the next; the answer may be there already.
    /// </summary>
    public static Task<T> AskLast<T>(Func<Task<T>> ask)
    {
        if (_current is not null)
            return ask();
        Task<T>? answer = null;
        new Runner(null).Execute(asked => answer = asked(), ask);
        return answer!;
    }

    /// <summary>Mailboxes end with the actor system; the pool is the runtime's.</summary>
    public override void Shutdown()
    {
    }

    private sealed class Runner(IRunnable? next) : IThreadPoolWorkItem
    {
        public IRunnable? Next = next;

        public void Execute() => Execute<object?>(null, null);

        public void Execute<TState>(Action<TState>? first, TState state)
        {
            var run = Next;
            Next = null;
            _current = this;
            try
            {
                first?.Invoke(state);
                run?.Run();
                while ((run = Next) is not null)
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
