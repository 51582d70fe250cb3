using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Groups;

namespace ActorMon.Rules.Restoring;

/// <summary>
/// Finds out since when alerts were active before a restart, from the ALERTS_FOR_STATE series that were stored then, so that a restart does not start their
/// <c>for</c> anew. Rules follow Prometheus 3.14.
/// </summary>
public static class ForStateRestore
{
    /// <summary>Restores a group, after its second evaluation. An exception of the source leaves the rules not reached yet to another try.</summary>
    /// <param name="source">The stored series.</param>
    /// <returns>The changes, already applied.</returns>
    public static async Task<IReadOnlyList<RuleEvent>> RunAsync(
        RuleGroup group, GroupState state, RuleSettings settings, ISeriesSource source, TimestampMs now, CancellationToken cancellation)
    {
        var events = new List<RuleEvent>();
        var buffer = new SampleBuffer();
        for (var i = 0; i < group.Rules.Count; i++)
        {
            if (state.Rules[i].Restored)
                continue;
            // A shorter wait than the grace period is not worth restoring: waiting anew costs less.
            if (group.Rules[i] is AlertingRule rule && rule.For >= settings.ForGracePeriod)
            {
                using var stored = await source.SelectAsync(new SeriesRequest(Matchers(rule), now - settings.OutageTolerance, now), cancellation).ConfigureAwait(false);
                for (var series = 0; series < stored.Count; series++)
                {
                    var labels = stored.LabelsAt(series).Without(LabelNames.MetricName);
                    if (!state.Rules[i].Alerts.TryGet(labels, out var alert))
                        continue;
                    stored.Read(series, buffer);
                    if (ActiveAt(rule.For, settings.ForGracePeriod, now, buffer) is not { } activeAt)
                        continue;
                    var change = new AlertEvent(AlertChange.Restored, labels, now, alert.Value) { ActiveAt = activeAt, Annotations = alert.Annotations };
                    state.Rules[i].Alerts.Apply(change);
                    events.Add(new RuleEvent(i, change));
                }
            }
            state.Rules[i].Restored = true;
        }
        state.NeedsRestore = false;
        return events;
    }

    /// <summary>The activeAt that a stored series of activeAt values (seconds) restores; null: the alert was not active then.</summary>
    public static TimestampMs? ActiveAt(TimeSpan hold, TimeSpan grace, TimestampMs now, SampleBuffer stored)
    {
        if (stored.Count == 0 || stored.HistogramAt(stored.Count - 1) is not null || SpecialValues.IsStale(stored.Values[^1]) || double.IsNaN(stored.Values[^1]))
            return null;
        var downAt = new TimestampMs(stored.Times[^1] / 1000 * 1000);
        var activeAt = new TimestampMs((long)stored.Values[^1] * 1000);
        var remaining = hold - (downAt - activeAt);
        // It was firing then, and fires again at once.
        if (remaining <= TimeSpan.Zero)
            return activeAt;
        // Nothing fires before the grace period is over; the time it was down does not count as pending.
        return remaining < grace ? now + grace - hold : activeAt + (now - downAt);
    }

    private static List<Matcher> Matchers(AlertingRule rule)
    {
        var matchers = new List<Matcher> { Matcher.MetricNamed(RuleLabels.ForStateMetric), Matcher.Equal(RuleLabels.AlertName, rule.Name) };
        for (var i = 0; i < rule.Labels.Count; i++)
            // A template has another value in each alert.
            if (rule.LabelTexts[i].IsPlain && rule.Labels[i].Name != RuleLabels.AlertName)
                matchers.Add(Matcher.Equal(rule.Labels[i].Name, rule.Labels[i].Value));
        return matchers;
    }
}
