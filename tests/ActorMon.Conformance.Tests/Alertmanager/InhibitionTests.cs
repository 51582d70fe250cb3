using System.Text.Json;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Inhibition;
using ActorMon.Model.Labels;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Alertmanager;

public sealed class InhibitionTests
{
    private static JsonElement Data => Kit.File("inhibit.json");

    [ConformanceFact]
    public void Firing_sources_hold_targets_back()
    {
        var run = new ConformanceRun("alertmanager/inhibit", "groups");
        foreach (var group in Data.GetProperty("groups").EnumerateArray())
        {
            var inhibitor = new Inhibitor(group.GetProperty("rules").EnumerateArray().Select(Rule));
            foreach (var source in group.GetProperty("sources").EnumerateArray())
                inhibitor.Observe(Alert(source, source.GetProperty("active").GetBoolean()));
            foreach (var @case in group.GetProperty("cases").EnumerateArray())
                run.Case($"{Kit.Text(group, "name")}: {Kit.Text(@case, "note")}", () => Expect(inhibitor, @case));
        }
        run.Finish();
    }

    [ConformanceFact]
    public void Only_firing_sources_with_equal_labels_count()
    {
        var run = new ConformanceRun("alertmanager/inhibit", "hasEqual");
        foreach (var @case in Data.GetProperty("hasEqual").EnumerateArray())
            run.Case(Kit.Text(@case, "name"), () =>
            {
                var state = new InhibitionRuleState(new InhibitRule { Equal = Names(@case) });
                foreach (var source in @case.GetProperty("sources").EnumerateArray())
                    state.Observe(Alert(source, Kit.Text(source, "state") == "active"));
                // Without matchers each alert is on both sides, which is not what this table is about: ask for the source's side alone.
                var expected = @case.GetProperty("hasEqual").GetBoolean();
                Assert.Equal(expected, state.HasActiveSource(Kit.Labels(@case.GetProperty("target")), Kit.Now));
            });
        run.Finish(5);
    }

    [ConformanceFact]
    public void A_resolved_source_lets_go()
    {
        var run = new ConformanceRun("alertmanager/inhibit", "resolution");
        var resolution = Data.GetProperty("resolution");
        foreach (var @case in resolution.GetProperty("cases").EnumerateArray())
            run.Case(@case.GetProperty("alertsInOrder").ToString(), () =>
            {
                var inhibitor = new Inhibitor([Rule(resolution.GetProperty("rule"))]);
                foreach (var alert in @case.GetProperty("alertsInOrder").EnumerateArray())
                    inhibitor.Observe(Alert(alert, Kit.Text(alert, "state") == "active"));
                foreach (var expected in @case.GetProperty("expected").EnumerateArray())
                    Expect(inhibitor, expected);
            });
        run.Finish(3);
    }

    [ConformanceFact]
    public void Alerts_are_filed_by_their_equal_labels()
    {
        var run = new ConformanceRun("alertmanager/inhibit", "equalKey");
        foreach (var @case in Data.GetProperty("equalKey").EnumerateArray())
            run.Case(@case.ToString(), () =>
            {
                var state = new InhibitionRuleState(new InhibitRule { Equal = Names(@case) });
                state.Observe(Alert(Kit.Labels(@case.GetProperty("a")), isActive: true));
                Assert.Equal(@case.GetProperty("same").GetBoolean(), state.HasActiveSource(Kit.Labels(@case.GetProperty("b")), Kit.Now));
            });
        run.Finish(2);
    }

    private static void Expect(Inhibitor inhibitor, JsonElement @case) =>
        Assert.Equal(@case.GetProperty("inhibited").GetBoolean(), inhibitor.Inhibiting(Kit.Labels(@case.GetProperty("target")), Kit.Now) is not null);

    private static string[] Names(JsonElement rule) =>
        rule.TryGetProperty("equal", out var equal) ? [.. equal.EnumerateArray().Select(name => name.GetString()!)] : [];

    private static InhibitRule Rule(JsonElement rule) =>
        new() { Source = Kit.Matchers(rule, "source"), Target = Kit.Matchers(rule, "target"), Equal = Names(rule) };

    private static Alert Alert(JsonElement alert, bool isActive) => Alert(Kit.Labels(alert.GetProperty("labels")), isActive);

    private static Alert Alert(LabelSet labels, bool isActive) => new()
    {
        Labels = labels,
        StartsAt = Kit.Now.AddMinutes(-1),
        EndsAt = isActive ? Kit.Now.AddHours(1) : Kit.Now.AddSeconds(-1),
        UpdatedAt = Kit.Now,
    };
}
