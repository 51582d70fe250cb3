namespace ActorMon.Protocol.Rules;

/// <summary>Messages of the rules' hierarchy: Control's coordinator -> rule groups (sharded, those of the configuration). A group knows its rules from its node's configuration.</summary>
public static class RuleProtocol
{
    /// <summary>Goes through the shard region to one group.</summary>
    public interface IGroupMessage
    {
        /// <summary>The group's id: the same on every node.</summary>
        string Group { get; }
    }

    /// <summary>Wakes a group, which answers with <see cref="GroupReport"/>: it should run by this version of the configuration. Crosses nodes.</summary>
    public sealed record TouchGroup(string Group, long ConfigurationVersion) : IGroupMessage;

    /// <summary>Told by a group when it is touched and when it has changed: the version it runs by, and its number of rules. Crosses nodes.</summary>
    public sealed record GroupReport(string Group, long ConfigurationVersion, int Rules);

    /// <summary>Told to a group in process: its shard moves or its node stops. It finishes the evaluation under way and stops.</summary>
    public sealed record HandOff : Akka.Actor.INoSerializationVerificationNeeded
    {
        public static readonly HandOff Instance = new();
    }
}
