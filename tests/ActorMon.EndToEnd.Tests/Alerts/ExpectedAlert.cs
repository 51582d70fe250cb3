namespace ActorMon.EndToEnd.Tests.Alerts;

public enum SuiteState
{
    Inactive,
    Pending,
    Firing,
}

/// <summary>A state from a time after T0 on.</summary>
public readonly record struct Phase(TimeSpan From, SuiteState State);

/// <summary>
/// What one alert of the suite must do, by the specification: worked out from its samples as if its rule were evaluated at every moment. A real evaluation is up to one group
/// interval later.
/// </summary>
public sealed class ExpectedAlert
{
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required IReadOnlyList<Phase> Phases { get; init; }

    /// <summary>What its annotations must be when the value is the given one, at a time after T0.</summary>
    public Func<double, TimeSpan, IReadOnlyDictionary<string, string>>? Annotations { get; init; }
    public required Func<TimeSpan, double> Value { get; init; }

    public string Name => Labels["alertname"];

    public IEnumerable<(TimeSpan From, TimeSpan To)> Firing => During(SuiteState.Firing);

    /// <summary>Phases of an alert that is active while <paramref name="isActive"/> holds, which may change at every step.</summary>
    public static IReadOnlyList<Phase> PhasesOf(Func<TimeSpan, bool> isActive, TimeSpan @for, TimeSpan end, TimeSpan step)
    {
        var phases = new List<Phase> { new(TimeSpan.Zero, SuiteState.Inactive) };
        TimeSpan? since = null;
        for (var time = TimeSpan.Zero; time <= end; time += step)
        {
            if (isActive(time))
                since ??= time;
            else
                since = null;
            var state = since is not { } began ? SuiteState.Inactive : time - began >= @for ? SuiteState.Firing : SuiteState.Pending;
            if (state != phases[^1].State)
                phases.Add(new Phase(time, state));
        }
        return phases;
    }

    public SuiteState StateAt(TimeSpan time) => Phases.Last(p => p.From <= time || p.From == TimeSpan.Zero).State;

    /// <summary>Every state between two times.</summary>
    public IReadOnlySet<SuiteState> StatesIn(TimeSpan from, TimeSpan to) =>
        Phases.Where(p => p.From > from && p.From <= to).Select(p => p.State).Append(StateAt(from)).ToHashSet();

    public IEnumerable<(TimeSpan From, TimeSpan To)> During(SuiteState state)
    {
        for (var i = 0; i < Phases.Count; i++)
            if (Phases[i].State == state)
                yield return (Phases[i].From, i + 1 < Phases.Count ? Phases[i + 1].From : TimeSpan.MaxValue);
    }

    public bool Is(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == Labels.Count && Labels.All(l => labels.TryGetValue(l.Key, out var value) && value == l.Value);

    /// <summary>The values between two times, both included: one may change within the last second.</summary>
    public IReadOnlyList<double> ValuesIn(TimeSpan from, TimeSpan to)
    {
        var values = new List<double> { Value(from) };
        for (var time = from; time < to; time += SuiteSeries.Step)
            Note(time);
        Note(to);
        return values;

        void Note(TimeSpan time)
        {
            if (Value(time) is var value && value != values[^1])
                values.Add(value);
        }
    }
}
