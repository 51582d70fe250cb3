using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Silences;
using ActorMon.Alerting.Silences.Recurring;
using ActorMon.Model.Labels;

namespace ActorMon.Protocol.Alerting;

/// <summary>What changed in the register of silences.</summary>
/// <param name="Stored">Silences, versions of one in order.</param>
/// <param name="Removed">Ids of silences that are forgotten.</param>
public sealed record SilenceChange(IReadOnlyList<Silence> Stored, IReadOnlyList<string> Removed)
{
    public static readonly SilenceChange None = new([], []);

    public IReadOnlyList<RecurringSilence> Recurring { get; init; } = [];

    /// <summary>Ids of recurring silences that are forgotten.</summary>
    public IReadOnlyList<string> RecurringRemoved { get; init; } = [];

    public IReadOnlyList<Acknowledgement> Acknowledged { get; init; } = [];

    /// <summary>Labels of alerts that nobody looks after any more.</summary>
    public IReadOnlyList<LabelSet> Released { get; init; } = [];

    public bool IsEmpty => Stored.Count + Removed.Count + Recurring.Count + RecurringRemoved.Count + Acknowledged.Count + Released.Count == 0;

    /// <summary>All of a register: applied to an empty one it makes that one.</summary>
    public static SilenceChange Whole(SilenceRegister register) =>
        new([.. register.Silences.AllVersions], []) { Recurring = [.. register.Recurring.All], Acknowledged = [.. register.Acknowledged.All] };

    public void ApplyTo(SilenceRegister register)
    {
        foreach (var silence in Stored)
            register.Silences.Apply(silence);
        foreach (var id in Removed)
            register.Silences.Remove(id);
        foreach (var recurring in Recurring)
            register.Recurring.Apply(recurring);
        foreach (var id in RecurringRemoved)
            register.Recurring.Remove(id);
        foreach (var acknowledgement in Acknowledged)
            register.Acknowledged.Apply(acknowledgement);
        foreach (var labels in Released)
            register.Acknowledged.Release(labels);
    }
}
