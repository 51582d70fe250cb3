using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Alerts;

/// <summary>One alert as the store holds it. Its identity is its labels. Times are UTC.</summary>
public sealed record Alert
{
    public required LabelSet Labels { get; init; }
    public LabelSet Annotations { get; init; } = LabelSet.Empty;
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends or ended; null only in what a flush hands on for a firing alert.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>When it last came in.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The sender gave no end: <see cref="EndsAt"/> is when it is taken for resolved unless it comes again.</summary>
    public bool EndsByTimeout { get; init; }

    public string GeneratorUrl { get; init; } = "";

    public bool IsResolved(DateTimeOffset now) => EndsAt is { } end && end <= now;

    public string Name => Labels.Get("alertname");

    /// <summary>
    /// What the store keeps when <paramref name="incoming"/> has the labels of an alert it holds: the two become one when their activities overlap, otherwise the
    /// new one takes the place.
    /// </summary>
    public Alert ReplacedBy(Alert incoming) =>
        incoming.EndsAt is { } end && EndsAt is { } ownEnd
        && ((end > StartsAt && end < ownEnd) || (incoming.StartsAt > StartsAt && incoming.StartsAt < ownEnd))
            ? Merge(this, incoming)
            : incoming;

    /// <summary>The same with the texts of an alert of the same labels where they are equal, so that what comes again and again does not stay in memory anew.</summary>
    public Alert SharingWith(Alert known) => ReferenceEquals(Labels, known.Labels) ? this : this with
    {
        Labels = known.Labels,
        Annotations = Annotations.Equals(known.Annotations) ? known.Annotations : Annotations,
        GeneratorUrl = GeneratorUrl == known.GeneratorUrl ? known.GeneratorUrl : GeneratorUrl,
    };

    /// <summary>
    /// One alert out of two overlapping ones: what the younger says, from the earliest start; of two known ends the later; a resolved younger one ends the alert.
    /// </summary>
    public static Alert Merge(Alert one, Alert other)
    {
        var (older, younger) = other.UpdatedAt < one.UpdatedAt ? (other, one) : (one, other);
        var end = younger.EndsAt;
        // Resolved as of the moment the younger one came in: the store has no other clock for it.
        if (younger.IsResolved(younger.UpdatedAt))
        {
            if (older.IsResolved(younger.UpdatedAt) && older.EndsAt > end)
                end = older.EndsAt;
        }
        else if (older.EndsAt > end && !older.EndsByTimeout)
            end = older.EndsAt;
        return younger with { StartsAt = older.StartsAt < younger.StartsAt ? older.StartsAt : younger.StartsAt, EndsAt = end };
    }
}
