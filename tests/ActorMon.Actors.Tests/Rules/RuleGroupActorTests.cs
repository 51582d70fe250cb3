using ActorMon.Actors.Journal;
using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Testing.IO;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests.Rules;

/// <summary>A rule group and its journal in an SQLite file.</summary>
public sealed class RuleGroupActorTests(ITestOutputHelper output, TempFolder folder) : RuleGroupTest(output, JournalDatabase.Of("sqlite", "", folder.Path)), IClassFixture<TempFolder>
{
    [Fact]
    public void Another_evaluator_goes_on_with_the_alerts_of_one_that_died()
    {
        Configure(Alert("Waits", "vector(1)", forMinutes: 4), Alert("Kept", "sign > 0", keepMinutes: 6));
        Begin();
        Put(1, "__name__", "sign");
        var began = Evaluate().LastEvaluation;
        Put(0, "__name__", "sign");
        Evaluate();
        AwaitDurable(3);
        Evaluate();
        var before = Alerts();

        Die();
        Begin();

        // Before it has evaluated anything.
        Assert.Equal(before, Alerts());
        Assert.Equal([AlertState.Pending, AlertState.Firing], Status.Rules.Select(r => r.State));
        Assert.Equal(AlertState.Pending, Evaluate().Rules[0].State);
        Assert.Equal(AlertState.Firing, Evaluate().Rules[0].State);
        var (waits, kept) = (Assert.Single(Status.Rules[0].Alerts), Assert.Single(Status.Rules[1].Alerts));
        Assert.Equal((began, began + TimeSpan.FromMinutes(4)), (waits.ActiveAt, waits.FiredAt));
        Assert.Equal((AlertState.Firing, began, began + TimeSpan.FromMinutes(1)), (kept.State, kept.ActiveAt, kept.KeepFiringSince));
        EvaluateTimes(3);
        Assert.Equal((AlertState.Inactive, began + TimeSpan.FromMinutes(7)), (Status.Rules[1].State, Assert.Single(Status.Rules[1].Alerts).ResolvedAt));
    }

    [Fact]
    public void A_rule_that_fails_exceeds_its_limits_or_cannot_be_stored_says_so_and_harms_no_other()
    {
        Configure(
            Record("first", "one"), Record("heavy", "sum_over_time(one[59s:1s])"), Record("wrong", "one + on (x) group_left () one"), Record("unstorable", "one * 4"), Alert("Last", "one > 0"));
        Unstorable.Add("unstorable");
        Put(1, "__name__", "one", "x", "1", "y", "1");
        Put(1, "__name__", "one", "x", "1", "y", "2");
        Time.Advance(TimeSpan.FromMinutes(2));
        Begin(maxSamples: 20);

        var rules = Evaluate().Rules;

        Assert.Equal([RuleHealth.Ok, RuleHealth.Err, RuleHealth.Err, RuleHealth.Err, RuleHealth.Ok], rules.Select(r => r.Health));
        Assert.Contains("too many samples", rules[1].LastError, StringComparison.Ordinal);
        Assert.Contains("many-to-many", rules[2].LastError, StringComparison.Ordinal);
        Assert.Equal("no space left on device", rules[3].LastError);
        Assert.Equal(2, rules[4].Alerts.Count);
        Assert.Equal([2, 0, 0, 0], new[] { "first", "heavy", "wrong", "unstorable" }.Select(metric => LastWritten(metric).Length));
        Assert.Equal((5, 3), (Metric("prometheus_rule_evaluations_total"), Metric("prometheus_rule_evaluation_failures_total")));

        Unstorable.Clear();
        Assert.Equal(RuleHealth.Ok, Evaluate().Rules[3].Health);
        Assert.Equal([4, 4], LastWritten("unstorable"));
    }

    [Fact]
    public void While_the_journal_is_away_alerts_are_told_from_memory_and_it_follows_when_it_is_back()
    {
        var isAway = true;
        Configure(Alert("A", "vector(1)"));
        Begin(Settings() with { Prepare = token => isAway ? throw new IOException("no database today") : Database.PrepareAsync(token) }, patience: TimeSpan.FromMilliseconds(50));
        Evaluate();
        Assert.Single(Told);
        Assert.Equal("no database today", Status.JournalError);
        var before = Alerts();

        isAway = false;
        // The state in place of what the journal missed.
        AwaitDurable(1);
        Die();
        Begin();

        Assert.Equal(before, Alerts());
        Assert.Null(Evaluate().JournalError);
        Assert.Equal(["Pending", "Firing"], Status.History.Snapshot().Select(e => e.Event.Change.ToString()));
    }

    [Fact]
    public void A_changed_rule_goes_on_with_its_alerts_and_a_removed_group_ends_its_series_and_leaves_nothing()
    {
        Configure(Alert("A", "vector(1)", forMinutes: 2));
        Begin();
        var began = EvaluateTimes(3).LastEvaluation - TimeSpan.FromMinutes(2);
        Configure(Record("new", "vector(2)"), Alert("A", "vector(3)", forMinutes: 2));
        Assert.Equal((AlertState.Firing, began), (Evaluate().Rules[1].State, Assert.Single(Status.Rules[1].Alerts).ActiveAt));

        Configure();
        Eventually(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(30));
            Assert.Equal([true, true], new[] { "new", "ALERTS" }.Select(HasEnded));
        });
        AwaitEnd();
        Configure(Alert("A", "vector(1)", forMinutes: 2));
        Begin();
        Assert.Equal(AlertState.Pending, Evaluate().Rules[0].State);
    }

    private bool HasEnded(string metric) => LastWritten(metric) is [_, ..] values && Array.TrueForAll(values, SpecialValues.IsStale);
}
