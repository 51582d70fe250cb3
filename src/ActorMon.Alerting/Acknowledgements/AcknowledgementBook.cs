using ActorMon.Alerting.Alerts;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Acknowledgements;

/// <summary>
/// Which firing alerts somebody looks after. Changes are decided without being made (<see cref="Decide"/>) and made by <see cref="Apply"/>, so that they can be
/// journaled between the two. It holds no more entries than there are firing alerts, as whoever resolves one releases it. Not thread-safe.
/// </summary>
public sealed class AcknowledgementBook
{
    public const int MaxTextLength = 4096;

    private readonly Dictionary<LabelSet, Acknowledgement> _acknowledged = [];

    public IReadOnlyCollection<Acknowledgement> All => _acknowledged.Values;

    public Acknowledgement? Get(LabelSet labels) => _acknowledged.GetValueOrDefault(labels);

    /// <summary>The latest owner counts: handing over is acknowledging again.</summary>
    /// <param name="alert">Of these labels; null: there is none.</param>
    /// <param name="until">When it ends at the latest; null: with the alert.</param>
    public static AcknowledgementDecision Decide(Alert? alert, string owner, string comment, DateTimeOffset now, DateTimeOffset? until = null) => alert switch
    {
        null => new(null, "no alert of these labels is known"),
        _ when alert.IsResolved(now) => new(null, "the alert is resolved"),
        _ when owner.Length == 0 => new(null, "an acknowledgement needs an owner"),
        _ when owner.Length + comment.Length > MaxTextLength => new(null, $"owner and comment are longer than {MaxTextLength} characters"),
        _ when until <= now => new(null, "an acknowledgement can't end in the past"),
        // The clock of who sent the alert may be ahead.
        _ => new(new Acknowledgement(alert.Labels, owner, comment, alert.StartsAt > now ? alert.StartsAt : now) { Until = until }, null),
    };

    public void Apply(Acknowledgement acknowledgement) => _acknowledged[acknowledgement.Labels] = acknowledgement;

    /// <summary>The alert has ended, or nobody looks after it any more. False: nobody did.</summary>
    public bool Release(LabelSet labels) => _acknowledged.Remove(labels);

    /// <summary>Labels of those whose time is over, for release.</summary>
    public IReadOnlyList<LabelSet> Over(DateTimeOffset now) => [.. _acknowledged.Values.Where(one => one.IsOver(now)).Select(one => one.Labels)];

    /// <summary>True when something fires and somebody looks after all of it.</summary>
    public bool CoversFiring(IEnumerable<Alert> alerts, DateTimeOffset now)
    {
        var fires = false;
        foreach (var alert in alerts)
        {
            if (alert.IsResolved(now))
                continue;
            if (Get(alert.Labels)?.Covers(alert, now) != true)
                return false;
            fires = true;
        }
        return fires;
    }
}
