using System.Globalization;

namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>The alert-generator specification (prometheus/compliance): its four families of scenarios, by the API, the ALERTS series and what an Alertmanager is told.</summary>
public abstract class AlertScenarios(AlertRun run)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ResendDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ResolvedFor = TimeSpan.FromMinutes(15);

    /// <summary>What a state may be late, one evaluation beside: as long as the machine may stand still, and the node was away.</summary>
    private readonly TimeSpan _slack = run.Slack;

    private static readonly string[] Names = ["NewAlerts_OrderCheck", "PendingAndFiringAndResolved", "PendingAndResolved_AlwaysInactive", "ZeroFor_SmallFor"];

    public static TheoryData<string> Groups => [.. Names];

    [Theory]
    [MemberData(nameof(Groups))]
    public void The_API_shows_each_state_with_value_and_annotations(string group)
    {
        foreach (var alert in AlertsOf(group))
        {
            foreach (var sighting in run.Sightings)
            {
                var seen = sighting.Alerts.SingleOrDefault(a => alert.Is(a.Labels));
                if (seen is null && !sighting.IsSettled)
                    continue;
                var (from, to) = (sighting.From - Interval - _slack, sighting.To);
                Assert.True(
                    alert.StatesIn(from, to).Contains(seen?.State ?? SuiteState.Inactive),
                    $"{alert.Name} is {seen?.State.ToString() ?? "inactive"} between {sighting.From} and {sighting.To}");
                if (seen is null)
                    continue;
                Assert.Contains(seen.Value, alert.ValuesIn(from, to));
                CheckAnnotations(alert, seen.Annotations, from, to);
                Assert.Contains(alert.Phases, p => p.State != SuiteState.Inactive && Near(seen.ActiveAt, p.From));
            }
            foreach (var phase in alert.Phases.Where(p => p.State != SuiteState.Inactive))
                Assert.Contains(run.Sightings, s => s.From >= phase.From && s.Alerts.Any(a => alert.Is(a.Labels) && a.State == phase.State));
        }
        Assert.All(run.Sightings.SelectMany(s => s.Alerts), seen => Assert.Contains(run.Suite.Alerts, alert => alert.Is(seen.Labels)));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void ALERTS_has_a_sample_for_each_evaluation_of_an_active_alert_and_none_else(string group)
    {
        foreach (var alert in AlertsOf(group))
            foreach (var state in (ReadOnlySpan<SuiteState>)[SuiteState.Pending, SuiteState.Firing])
            {
                var labels = alert.Labels.Where(l => l.Key != "alertstate").Append(new("__name__", "ALERTS")).Append(new("alertstate", state.ToString().ToLowerInvariant()));
                var text = string.Join(",", labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));
                var samples = run.Recorded.Where(r => r.Labels == text).Select(r => r.At).Order().ToList();
                Assert.All(samples, at => Assert.Contains(state, alert.StatesIn(at - Interval - _slack, at)));
                foreach (var (from, to) in alert.During(state))
                {
                    var within = samples.Where(at => at >= from && at <= to + Interval + _slack).ToList();
                    // One evaluation an interval; one that a machine under load skipped may be missing.
                    var least = (int)(((to < run.Suite.End ? to : run.Suite.End) - from - run.Away) / Interval) - 1;
                    Assert.True(within.Count >= Math.Max(1, least), $"{text}: {within.Count} samples from {from} to {to}, at least {least} expected");
                }
            }
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Firing_alerts_are_told_at_once_and_again_after_the_resend_delay(string group)
    {
        foreach (var alert in AlertsOf(group))
        {
            foreach (var (from, to) in alert.Firing)
            {
                var told = Told(alert).Where(t => t.EndsAt > t.At && Near(t.StartsAt, from)).OrderBy(t => t.At).ToList();
                Assert.NotEmpty(told);
                Assert.InRange(After(told[0].At), from, from + Interval + _slack);
                Assert.InRange(After(told[^1].At), to - ResendDelay - Interval - _slack, to + Interval + _slack);
                Assert.Single(told.Select(t => t.StartsAt).Distinct());
                for (var i = 1; i < told.Count; i++)
                    Assert.InRange(told[i].At - told[i - 1].At, ResendDelay - _slack, ResendDelay + Interval + _slack);
                foreach (var one in told)
                {
                    Assert.InRange(one.EndsAt - one.At, (4 * ResendDelay) - _slack - _slack, (4 * ResendDelay) + TimeSpan.FromSeconds(1));
                    CheckAnnotations(alert, one.Annotations, After(one.At) - Interval - _slack, After(one.At));
                }
            }
            var told2 = Told(alert).Where(t => t.EndsAt > t.At).ToList();
            Assert.All(told2, t => Assert.Contains(alert.Firing, f => Near(t.StartsAt, f.From)));
        }
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Resolved_alerts_are_told_for_a_quarter_of_an_hour_or_until_they_are_active_again(string group)
    {
        foreach (var alert in AlertsOf(group))
        {
            foreach (var (from, to) in alert.Firing)
            {
                var told = Told(alert).Where(t => t.EndsAt <= t.At && Near(t.StartsAt, from)).OrderBy(t => t.At).ToList();
                Assert.NotEmpty(told);
                Assert.InRange(After(told[0].At), to, to + Interval + _slack);
                Assert.Single(told.Select(t => t.EndsAt).Distinct());
                Assert.True(Near(told[0].EndsAt, to), $"{alert.Name} ended at {After(told[0].EndsAt)}, not at {to}");
                var again = alert.Phases.Where(p => p.From > to && p.State != SuiteState.Inactive).Select(p => p.From).Append(TimeSpan.MaxValue).Min();
                var last = again < to + ResolvedFor ? again : to + ResolvedFor;
                Assert.InRange(After(told[^1].At), last - ResendDelay - Interval - _slack, last + Interval + _slack);
                for (var i = 1; i < told.Count; i++)
                    Assert.InRange(told[i].At - told[i - 1].At, ResendDelay - _slack, ResendDelay + Interval + _slack);
            }
        }
    }

    [Fact]
    public void Alerts_that_never_fire_are_never_told() =>
        Assert.All(run.Told, told => Assert.Contains(run.Suite.Alerts, alert => alert.Is(told.Labels) && alert.Firing.Any()));

    [Fact]
    public void A_later_rule_of_a_group_sees_what_an_earlier_one_wrote_in_the_same_evaluation()
    {
        var second = Told(run.Suite.Find("NewAlerts_OrderCheck_Rule2"));
        var variant = Told(run.Suite.Find("NewAlerts_OrderCheck_Rule1", "two"));
        Assert.Equal(variant[0].StartsAt, second[0].StartsAt);
        Assert.Equal(variant[^1].EndsAt, second[^1].EndsAt);
    }

    [Fact]
    public void Times_are_written_in_milliseconds() => Assert.All(run.Told, told =>
    {
        foreach (var time in new[] { told.StartsAt, told.EndsAt })
            Assert.Contains($"\"{time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture)}Z\"", told.Raw, StringComparison.Ordinal);
    });

    [Fact]
    public async Task At_the_end_every_rule_is_well_and_inactive()
    {
        var groups = (await run.Node.ApiAsync("rules")).GetProperty("groups").EnumerateArray().ToList();
        Assert.Equal(Names, groups.Select(g => g.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        foreach (var rule in groups.SelectMany(g => g.GetProperty("rules").EnumerateArray()))
        {
            Assert.Equal(("alerting", "ok", "inactive"), (rule.GetProperty("type").GetString(), rule.GetProperty("health").GetString(), rule.GetProperty("state").GetString()));
            Assert.False(rule.TryGetProperty("lastError", out var error) && error.GetString()!.Length > 0);
        }
        Assert.All(groups, g => Assert.Equal(30, g.GetProperty("interval").GetDouble()));
    }

    private IEnumerable<ExpectedAlert> AlertsOf(string group) => run.Suite.Alerts.Where(a => a.Labels["rulegroup"] == group);

    private List<ToldAlert> Told(ExpectedAlert alert) => [.. run.Told.Where(t => alert.Is(t.Labels)).OrderBy(t => t.At)];

    private TimeSpan After(DateTimeOffset time) => time - run.Start;

    /// <summary>At the first evaluation after a time after T0. <c>for</c> counts from an evaluation, so a phase begins at one as well.</summary>
    private bool Near(DateTimeOffset time, TimeSpan from) => After(time) >= from && After(time) <= from + Interval + _slack;

    private static void CheckAnnotations(ExpectedAlert alert, IReadOnlyDictionary<string, string> annotations, TimeSpan from, TimeSpan to)
    {
        var possible = new List<IReadOnlyDictionary<string, string>>();
        foreach (var value in alert.ValuesIn(from, to))
        {
            possible.Add(alert.Annotations!(value, from));
            possible.Add(alert.Annotations(value, to));
        }
        Assert.Contains(possible, p => p.Count == annotations.Count && p.All(a => annotations.TryGetValue(a.Key, out var text) && text == a.Value));
    }
}

/// <summary>On a node that is left alone.</summary>
public sealed class AlertScenariosUndisturbed(AlertRun run) : AlertScenarios(run), IClassFixture<AlertRun>;

/// <summary>On a node that is killed three times, while alerts are pending, firing and resolved: as before, and no later than it was away.</summary>
public sealed class AlertScenariosWithKills(KilledAlertRun run) : AlertScenarios(run), IClassFixture<KilledAlertRun>
{
    private readonly KilledAlertRun _run = run;

    [Fact]
    public void The_node_was_killed_as_often_as_planned() => Assert.Equal(KilledAlertRun.Kills.Length, _run.Killed);
}
