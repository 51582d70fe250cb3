namespace ActorMon.Discovery.Static;

/// <summary>Tells the configured groups once and ends.</summary>
public sealed class StaticDiscoverer(StaticSdConfig config) : IDiscoverer
{
    public Task RunAsync(Action<DiscoveryEvent> publish, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.CompletedTask;
        publish(new GroupsDiscovered(config.Groups));
        return Task.CompletedTask;
    }
}
