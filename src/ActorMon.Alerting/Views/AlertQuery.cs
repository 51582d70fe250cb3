using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Views;

/// <summary>Which alerts to show: all of them unless something is narrowed.</summary>
public sealed record AlertQuery
{
    public static readonly AlertQuery Everything = new();

    public MatcherSet Filter { get; init; } = MatcherSet.Empty;

    /// <summary>False leaves out those that nothing holds back.</summary>
    public bool Active { get; init; } = true;

    /// <summary>False leaves out those that a silence holds back.</summary>
    public bool Silenced { get; init; } = true;

    /// <summary>False leaves out those that another alert holds back.</summary>
    public bool Inhibited { get; init; } = true;

    /// <summary>False leaves out groups whose route a time interval mutes.</summary>
    public bool Muted { get; init; } = true;

    /// <summary>Names of receivers; null: of any.</summary>
    public IReadOnlySet<string>? Receivers { get; init; }

    /// <summary>Cheap, to be asked before what holds an alert back is looked up.</summary>
    public bool Admits(LabelSet labels) => Filter.Matches(labels);

    public bool Admits(AlertStatus status) =>
        (Active || status.State != AlertHold.Active) && (Silenced || status.SilencedBy.Count == 0) && (Inhibited || status.InhibitedBy.Count == 0);

    public bool AdmitsReceiver(string receiver) => Receivers is null || Receivers.Contains(receiver);
}
