using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;
using Akka.Actor;

namespace ActorMon.Protocol.Alerting;

/// <summary>
/// Messages of the Alertmanager's hierarchy: routers and views (on every node) and shards and the owner of silences (entities of one shard region). A life is the number of an owner's
/// run: versions of two lives cannot be compared.
/// </summary>
public static class AlertingProtocol
{
    /// <summary>Goes through the shard region to one of its entities.</summary>
    public interface IAlertEntityMessage
    {
        /// <summary>0 to the number of shards - 1, or <see cref="Silences"/>.</summary>
        int Shard { get; }
    }

    /// <summary>In place of a shard's number: the owner of the silences.</summary>
    public const int Silences = -1;

    /// <summary>Answered with <see cref="AlertsAccepted"/> when the shard has them. Crosses nodes.</summary>
    /// <param name="ConfigurationVersion">By which they were routed.</param>
    public sealed record TakeAlerts(int Shard, long ConfigurationVersion, long Correlation, IReadOnlyList<Alert> Alerts) : IAlertEntityMessage;

    public sealed record AlertsAccepted(int Shard, long Correlation);

    /// <summary>A view asks for the sources of inhibition of a shard beyond what it knows, and for those that come; told again and again. Crosses nodes.</summary>
    /// <param name="ConfigurationVersion">Whose rules say what a source is; a shard that has an earlier one does not answer yet.</param>
    /// <param name="Life">0: nothing is known.</param>
    public sealed record WatchShard(int Shard, long ConfigurationVersion, long Life, long Version) : IAlertEntityMessage;

    /// <summary>Sources of a shard that came or changed since the version before; when whole, all that it has.</summary>
    /// <param name="Life">0: the shard does not know its past; these are some of its sources.</param>
    public sealed record ShardSources(int Shard, long ConfigurationVersion, long Life, long Version, bool IsWhole, IReadOnlyList<Alert> Alerts);

    /// <summary>As <see cref="WatchShard"/>, of silences.</summary>
    public sealed record WatchSilences(long Life, long Version) : IAlertEntityMessage
    {
        public int Shard => Silences;
    }

    public sealed record SilencesChanged(long Life, long Version, bool IsWhole, SilenceChange Change);

    /// <summary>What to do with a silence.</summary>
    public enum SilenceAction : byte
    {
        Set,
        Expire,
        Delete,

        /// <summary>In place, whatever changes.</summary>
        Edit,
        SetRecurring,
        DeleteRecurring,
        Acknowledge,
        Release,
    }

    /// <summary>Answered with <see cref="SilenceChanged"/> when it is durable, or at once while the journal is away. Crosses nodes.</summary>
    /// <param name="Proposal">Of other actions than Set and Edit its id alone counts.</param>
    public sealed record ChangeSilence(long Correlation, SilenceAction Action, SilenceProposal Proposal) : IAlertEntityMessage
    {
        public int Shard => Silences;

        /// <summary>Of SetRecurring.</summary>
        public RecurringProposal? Recurring { get; init; }

        /// <summary>Of Acknowledge, decided; of Release its labels alone count.</summary>
        public Acknowledgement? Acknowledgement { get; init; }
    }

    /// <summary>The owner of the silences asks a shard what of these goes on: it ends what no shard has an alert for. Crosses nodes.</summary>
    public sealed record FindMatches(int Shard, long Round, IReadOnlyList<Silence> Silences, IReadOnlyList<Acknowledgement> Acknowledged) : IAlertEntityMessage;

    /// <param name="Matching">Ids of silences that an alert that fires matches.</param>
    /// <param name="Firing">Places in the list of acknowledgements whose alert still fires.</param>
    public sealed record MatchesFound(int Shard, long Round, IReadOnlyList<string> Matching, IReadOnlyList<int> Firing);

    public sealed record SilenceChanged(long Correlation, SilenceDecision Decision);

    /// <summary>Told to a shard in process: it moves or its node stops. What is under way may end, then it stops.</summary>
    public sealed record HandOff : INoSerializationVerificationNeeded
    {
        public static readonly HandOff Instance = new();
    }
}
