using ActorMon.Actors.Control;
using ActorMon.Actors.Journal;
using ActorMon.Actors.Series;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Memory;

namespace ActorMon.Actors.Rules;

/// <summary>Asks the cluster for the newest samples of series; what could not be asked is named.</summary>
public delegate ValueTask<Partial<INewestSamples>> NewestSamples(IEnumerable<LabelSet> series, CancellationToken cancellation);

/// <summary>What all rule groups of a node share. Immutable; every part is thread-safe.</summary>
/// <param name="Node">This node's id, as the alert history names it.</param>
/// <param name="Source">The cluster's series.</param>
/// <param name="MayEvaluate">False: the node has lost its cluster; another one may evaluate in its place.</param>
/// <param name="RecoveryPatience">A group whose journal has not answered for so long begins without it.</param>
public sealed record RuleRuntime(
    ConfigurationStore Configuration, RuleBoard Board, RuleMetrics Metrics, IRuleQueries Queries, ISeriesSource Source, NewestSamples Newest, ISeriesAdmission Admission,
    Func<bool> MayEvaluate, JournalSettings Journal, HistorySettings History, TimeSpan RecoveryPatience, Guid Cluster, string Node, TimeProvider Time)
{
    /// <summary>Number of partitions, and who writes: batches are made by them.</summary>
    public required LooseBatches Batches { get; init; }

    /// <summary>How much older than the newest sample of its series a sample may be.</summary>
    public Func<TimeSpan> OutOfOrderWindow { get; init; } = static () => TimeSpan.Zero;

    /// <summary>What an append may take.</summary>
    public TimeSpan AppendDeadline { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What belongs to one life of the node's actors.</summary>
/// <param name="Ingest">The node's IngestLink.</param>
/// <param name="Control">Told of each group.</param>
public sealed record RuleLinks(Akka.Actor.IActorRef Ingest, Akka.Actor.ICanTell Control, IAlertSink Sink);
