using Akka.Actor;
using Akka.Event;

namespace ActorMon.Protocol.Control;

/// <summary>Messages to and from the Control singleton.</summary>
public static class ControlProtocol
{
    /// <summary>A node has installed a configuration version; discovery follows it. Crosses nodes.</summary>
    public sealed record ConfigurationInstalled(long Version);

    /// <summary>Told to a Control of this node, in process, when the node stops: nothing that ends from now on is called back to life.</summary>
    public sealed record StandDown : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly StandDown Instance = new();
    }

    /// <summary>Asks whether every partition and scrape shard has answered its first touch. Crosses nodes.</summary>
    public sealed record GetControlState
    {
        public static readonly GetControlState Instance = new();
    }

    /// <summary>Numbers of copies and scrape shards that have answered, of how many (copies: 0 before there is a map), and what the newest failure says that still stands. Crosses nodes.</summary>
    public sealed record ControlState(int ServingReplicas, int Replicas, int ActiveShards, int Shards, string? LastFailure) : IDeadLetterSuppression
    {
        public bool Complete => Replicas > 0 && ServingReplicas == Replicas && ActiveShards == Shards;
    }
}
