using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Labels;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Alerts;

/// <summary>
/// The alerts of one rule: the state that <see cref="AlertDecider"/> decides over. Changed by <see cref="Apply"/> and <see cref="Refresh"/> alone. Not thread-safe.
/// </summary>
public sealed class AlertBook
{
    private readonly Dictionary<LabelSet, Entry> _entries = [];

    /// <summary>Resolved ones not yet forgotten are among them.</summary>
    public int Count => _entries.Count;

    public bool TryGet(LabelSet labels, [NotNullWhen(true)] out Alert? alert)
    {
        alert = _entries.TryGetValue(labels, out var entry) ? entry.Alert : null;
        return alert is not null;
    }

    /// <summary>A copy of what there is now.</summary>
    public IReadOnlyList<Alert> Snapshot()
    {
        var alerts = new List<Alert>(_entries.Count);
        foreach (var entry in _entries.Values)
            alerts.Add(entry.Alert);
        return alerts;
    }

    /// <summary>The greatest state of any alert.</summary>
    public AlertState State
    {
        get
        {
            var state = AlertState.Inactive;
            foreach (var entry in _entries.Values)
                if (entry.Alert.State > state)
                    state = entry.Alert.State;
            return state;
        }
    }

    /// <summary>Changes the state by one event; the only way an alert comes, goes or changes its state.</summary>
    public void Apply(AlertEvent change)
    {
        switch (change.Change)
        {
            case AlertChange.Pending:
                Put(new Alert(change.Labels, AlertState.Pending, change.ActiveAt) { Value = change.Value, Annotations = change.Annotations });
                break;
            case AlertChange.Withdrawn or AlertChange.Forgotten:
                _entries.Remove(change.Labels);
                break;
            case AlertChange.Cleared:
                _entries.Clear();
                break;
            default:
                // An event about an alert that is unknown says nothing: its beginning was lost with the journal's tail.
                if (_entries.TryGetValue(change.Labels, out var entry))
                    entry.Alert = Changed(entry.Alert, change);
                break;
        }
    }

    /// <summary>Takes over an alert as it is: value, annotations, when it was sent; or one out of a snapshot.</summary>
    public void Put(Alert alert)
    {
        if (_entries.TryGetValue(alert.Labels, out var entry))
            entry.Alert = alert;
        else
            _entries.Add(alert.Labels, new Entry(alert));
    }

    /// <summary>New value and annotations of an alert whose condition still holds; not a transition.</summary>
    public void Refresh(LabelSet labels, double value, LabelSet annotations)
    {
        if (!_entries.TryGetValue(labels, out var entry))
            return;
        var known = entry.Alert;
        if (BitConverter.DoubleToInt64Bits(known.Value) != BitConverter.DoubleToInt64Bits(value) || !known.Annotations.Equals(annotations))
            entry.Alert = known with { Value = value, Annotations = annotations };
    }

    /// <summary>Nothing counts as told any more.</summary>
    public void ForgetSent()
    {
        foreach (var entry in _entries.Values)
            if (entry.Alert.LastSentAt is not null)
                entry.Alert = entry.Alert with { LastSentAt = null };
    }

    /// <summary>The alerts with the names of their series, without a copy; valid until the next change.</summary>
    internal Dictionary<LabelSet, Entry>.ValueCollection Entries => _entries.Values;

    private static Alert Changed(Alert alert, AlertEvent change) => change.Change switch
    {
        AlertChange.Firing => alert with { State = AlertState.Firing, FiredAt = change.At, Value = change.Value, Annotations = change.Annotations },
        AlertChange.Resolved => alert with { State = AlertState.Inactive, ResolvedAt = change.At },
        AlertChange.KeptFiring => alert with { KeepFiringSince = change.At },
        AlertChange.Resumed => alert with { KeepFiringSince = null, Value = change.Value, Annotations = change.Annotations },
        AlertChange.SetBack => alert with { State = AlertState.Pending, FiredAt = null, LastSentAt = null, KeepFiringSince = null },
        AlertChange.Restored => alert with { ActiveAt = change.ActiveAt },
        _ => alert,
    };

    /// <summary>An alert and the series it is written as, built once.</summary>
    internal sealed class Entry(Alert alert)
    {
        private LabelSet? _pending;
        private LabelSet? _firing;
        private LabelSet? _forState;

        public Alert Alert { get; set; } = alert;

        public LabelSet StateSeries => Alert.State == AlertState.Firing
            ? _firing ??= Series(RuleLabels.AlertsMetric, AlertState.Firing)
            : _pending ??= Series(RuleLabels.AlertsMetric, AlertState.Pending);

        public LabelSet ForStateSeries => _forState ??= Series(RuleLabels.ForStateMetric, null);

        private LabelSet Series(string metric, AlertState? state)
        {
            var labels = new LabelSetBuilder(Alert.Labels).Set(LabelNames.MetricName, metric);
            return (state is { } named ? labels.Set(RuleLabels.AlertState, named.Text()) : labels).Build();
        }
    }
}
