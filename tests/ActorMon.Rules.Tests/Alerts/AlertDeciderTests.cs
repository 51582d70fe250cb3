using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;
using CsCheck;

namespace ActorMon.Rules.Tests.Alerts;

public sealed class AlertDeciderTests
{
    private static readonly LabelSet[] Names = [.. Enumerable.Range(0, 3).Select(i => LabelSet.Of("alertname", "A", "i", i.ToString(System.Globalization.CultureInfo.InvariantCulture)))];

    [Theory]
    // minutes: for, keep_firing_for, then in the result (x) or not (.), and the state after each: inactive (-), pending, firing; resolved is inactive but kept (r).
    [InlineData(0, 0, "x.x", "frf")]
    [InlineData(2, 0, "xxx.", "ppfr")]
    [InlineData(2, 0, "xx.xxx", "pp-ppf")]
    [InlineData(0, 2, "x..x...", "ffffffr")]
    [InlineData(0, 3, "x....", "ffffr")]
    public void States_follow_the_result(int holdMinutes, int keepMinutes, string results, string states)
    {
        var book = new AlertBook();
        var seen = "";
        for (var i = 0; i < results.Length; i++)
        {
            Step(book, new AlertPolicy(TimeSpan.FromMinutes(holdMinutes), TimeSpan.FromMinutes(keepMinutes), 0), i + 1, results[i] == 'x' ? [0] : []);
            seen += Letter(book);
        }
        Assert.Equal(states, seen);
    }

    [Fact]
    public void A_raised_for_sets_a_firing_alert_back_and_it_fires_when_it_is_old_enough()
    {
        var book = new AlertBook();
        Step(book, new AlertPolicy(TimeSpan.Zero, TimeSpan.Zero, 0), 1, [0]);
        var raised = new AlertPolicy(TimeSpan.FromMinutes(3), TimeSpan.Zero, 0);
        Assert.Equal([AlertChange.SetBack], Step(book, raised, 2, [0]).Select(e => e.Change));
        Assert.Equal('p', Letter(book));
        Assert.Empty(Step(book, raised, 3, [0]));
        Assert.Equal([AlertChange.Firing], Step(book, raised, 4, [0]).Select(e => e.Change));
        Assert.Equal(60_000, book.Snapshot()[0].ActiveAt.Value);
    }

    [Fact]
    public void A_resolved_alert_is_kept_for_a_quarter_of_an_hour()
    {
        var book = new AlertBook();
        var policy = new AlertPolicy(TimeSpan.Zero, TimeSpan.Zero, 0);
        Step(book, policy, 1, [0]);
        Step(book, policy, 2, []);
        Assert.Empty(Step(book, policy, 17, []));
        Assert.Equal([AlertChange.Forgotten], Step(book, policy, 18, []).Select(e => e.Change));
        Assert.Equal(0, book.Count);
    }

    [Fact]
    public void A_resolved_alert_that_comes_again_is_a_new_one()
    {
        var book = new AlertBook();
        var policy = new AlertPolicy(TimeSpan.Zero, TimeSpan.Zero, 0);
        Step(book, policy, 1, [0]);
        Step(book, policy, 2, []);
        Assert.Equal([AlertChange.Pending, AlertChange.Firing], Step(book, policy, 3, [0]).Select(e => e.Change));
        var alert = book.Snapshot()[0];
        Assert.Equal((180_000, 180_000, null), (alert.ActiveAt.Value, alert.FiredAt!.Value.Value, alert.ResolvedAt));
    }

    [Fact]
    public void An_event_about_an_alert_whose_beginning_is_unknown_changes_nothing()
    {
        var book = new AlertBook();
        book.Apply(new AlertEvent(AlertChange.Firing, Names[0], new TimestampMs(1), 1));
        Assert.Equal(0, book.Count);
    }

    /// <summary>Any run gives what a model does that knows nothing but the past results, and the events alone give the same state again.</summary>
    [Fact]
    public void Any_run_agrees_with_a_simple_model_and_with_its_own_events() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 7].Array[1, 60]).Sample((hold, keep, results) =>
        {
            var policy = new AlertPolicy(TimeSpan.FromMinutes(hold), TimeSpan.FromMinutes(keep), 0);
            var book = new AlertBook();
            var replayed = new AlertBook();
            var models = Names.Select(_ => new Model()).ToArray();
            for (var i = 0; i < results.Length; i++)
            {
                var present = Enumerable.Range(0, Names.Length).Where(n => (results[i] >> n & 1) != 0).ToArray();
                foreach (var change in Step(book, policy, i + 1, present))
                    replayed.Apply(change);
                for (var n = 0; n < Names.Length; n++)
                {
                    models[n].Step(present.Contains(n), i + 1, hold, keep);
                    Assert.Equal(models[n].Letter, Letter(book, Names[n]));
                    Assert.Equal(models[n].Letter, Letter(replayed, Names[n]));
                    if (book.TryGet(Names[n], out var alert))
                        Assert.Equal(alert with { Value = 0 }, Assert.IsType<Alert>(Find(replayed, Names[n])) with { Value = 0 });
                }
            }
        }, iter: 2000);

    private static Alert? Find(AlertBook book, LabelSet labels) => book.TryGet(labels, out var alert) ? alert : null;

    private static IReadOnlyList<AlertEvent> Step(AlertBook book, AlertPolicy policy, int minute, int[] present)
    {
        var instances = present.ToDictionary(i => Names[i], i => new AlertInstance(Names[i], LabelSet.Empty, minute));
        foreach (var instance in instances.Values)
            book.Refresh(instance.Labels, instance.Value, instance.Annotations);
        var decision = AlertDecider.Decide(book, policy, new TimestampMs(minute * 60_000L), instances, complete: true);
        foreach (var change in decision.Events)
            book.Apply(change);
        return decision.Events;
    }

    private static char Letter(AlertBook book) => Letter(book, Names[0]);

    private static char Letter(AlertBook book, LabelSet labels) => Find(book, labels) switch
    {
        null => '-',
        { State: AlertState.Pending } => 'p',
        { State: AlertState.Firing } => 'f',
        _ => 'r',
    };

    /// <summary>The alert of one series, in minutes.</summary>
    private sealed class Model
    {
        private int _since;
        private int _lastSeen;
        private int _resolved;

        public char Letter { get; private set; } = '-';

        public void Step(bool present, int now, int hold, int keep)
        {
            if (present)
            {
                _lastSeen = now;
                if (Letter is '-' or 'r')
                    (_since, Letter) = (now, 'p');
                if (Letter == 'p' && now - _since >= hold)
                    Letter = 'f';
                return;
            }
            // It is kept from the first evaluation on that missed it.
            if (Letter == 'f' && now - (_lastSeen + 1) >= keep)
                (_resolved, Letter) = (now, 'r');
            else if (Letter == 'p' || (Letter == 'r' && now - _resolved > 15))
                Letter = '-';
        }
    }
}
