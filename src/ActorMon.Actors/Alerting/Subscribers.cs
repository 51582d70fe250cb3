using Akka.Actor;

namespace ActorMon.Actors.Alerting;

/// <summary>Who follows an owner's changes: told of each at once; one that has missed some asks again, and gets the whole. Bounded by the nodes of the cluster.</summary>
internal sealed class Subscribers
{
    private readonly HashSet<IActorRef> _followers = [];

    public long Life { get; } = AlertingRuntime.NewLife();

    public long Version { get; private set; } = 1;

    /// <summary>A follower asks. True: it lacks something.</summary>
    public bool Add(IActorContext context, IActorRef follower, long life, long version)
    {
        if (_followers.Add(follower))
            context.Watch(follower);
        return life != Life || version != Version;
    }

    public void Remove(IActorRef follower) => _followers.Remove(follower);

    public void Tell(object change)
    {
        foreach (var follower in _followers)
            follower.Tell(change);
    }

    /// <summary>Something changes now.</summary>
    public long Next() => ++Version;
}
