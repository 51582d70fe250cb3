using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Cardinality;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Symbols;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Tsdb.Tests.Cardinality;

public sealed class SeriesAccountsTests
{
    private const int Partitions = 4;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 10, 0, TimeSpan.Zero));
    private readonly NodeSymbols _symbols = new();
    private readonly SeriesTable[] _tables;

    public SeriesAccountsTests() => _tables = [.. Enumerable.Range(0, Partitions).Select(_ => new SeriesTable(_symbols))];

    [Fact]
    public void At_a_limit_known_series_go_on_and_new_ones_are_refused()
    {
        var accounts = Accounts(new SeriesLimits { Target = 3 });
        for (var i = 0; i < 3; i++)
            Store(Admitted(accounts, Series("m", "j", "a", i)));

        var refusal = Admit(accounts, Series("m", "j", "a", 3));

        Assert.Equal(
            """target {instance="a", job="j"} has 3 active series, the limit actormon.limits.series-per-target is 3: new series are refused""", refusal!.Text);
        Assert.Equal(("actormon.limits.series-per-target", 3, 3), (refusal.Setting, refusal.Limit, refusal.Series));
        for (var i = 0; i < 3; i++)
            Assert.Null(Admit(accounts, Series("m", "j", "a", i)));
        Assert.Null(Admit(accounts, Series("m", "j", "b", 0)));
        Assert.Equal(4, accounts.Active);
    }

    [Theory]
    [InlineData("node", "m2", "j2", "b2")]
    [InlineData("job", "m2", "j", "b2")]
    [InlineData("target", "m2", "j", "a")]
    [InlineData("metric", "m", "j2", "b2")]
    public void Each_limit_counts_what_it_is_of(string scope, string metric, string job, string instance)
    {
        var accounts = Accounts(new SeriesLimits
        {
            Node = scope == "node" ? 2 : 0,
            Job = scope == "job" ? 2 : 0,
            Target = scope == "target" ? 2 : 0,
            Metric = scope == "metric" ? 2 : 0,
        });
        Store(Admitted(accounts, Series("m", "j", "a", 0)));
        Store(Admitted(accounts, Series("m", "j", "a", 1)));

        Assert.NotNull(Admit(accounts, Series(metric, job, instance, 2)));

        var refused = Assert.Single(accounts.Refusals());
        Assert.Equal((scope, 2L, 2L, 1L), (SeriesLimits.NameOf(refused.Scope), refused.Limit, refused.Series, refused.Refused));
        Assert.Equal([Series(metric, job, instance, 2)], refused.Examples);
        Assert.Equal(1, accounts.Refused(refused.Scope));
        Assert.Equal(scope == "node" ? 2 : 3, scope == "node" ? accounts.Active : ActiveAfterAnother(accounts, scope));
    }

    [Fact]
    public void A_series_on_its_way_counts_once_however_often_it_is_asked_for_and_when_it_arrives()
    {
        var accounts = Accounts(new SeriesLimits { Node = 2 });
        var series = Series("m", "j", "a", 0);
        Assert.Null(Admit(accounts, series));
        Assert.Null(Admit(accounts, series));
        Assert.Equal(1, accounts.Active);

        Store(series);

        Assert.Equal(1, accounts.Active);
        Assert.Null(Admit(accounts, Series("m", "j", "a", 1)));
        Assert.NotNull(Admit(accounts, Series("m", "j", "a", 2)));
    }

    [Fact]
    public void What_is_taken_back_makes_room_and_changes_the_generation_for_those_that_were_refused()
    {
        var accounts = Accounts(new SeriesLimits { Job = 1 });
        var (first, second) = (Series("m", "j", "a", 0), Series("m", "j", "a", 1));
        Admitted(accounts, first);
        var generation = accounts.Generation;
        Assert.NotNull(Admit(accounts, second));
        Assert.Equal(generation, accounts.Generation);

        accounts.Withdraw([StableHash.Of(first)]);

        Assert.NotEqual(generation, accounts.Generation);
        Assert.Null(Admit(accounts, second));
    }

    [Fact]
    public void A_series_that_never_arrives_is_forgotten_after_a_while_and_counted_when_it_comes_late()
    {
        var accounts = Accounts(new SeriesLimits { Job = 1 });
        var (lost, next) = (Series("m", "j", "a", 0), Series("m", "j", "a", 1));
        Admitted(accounts, lost);
        var generation = accounts.Generation;
        Assert.NotNull(Admit(accounts, next));

        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.NotEqual(generation, accounts.Generation);
        Assert.Null(Admit(accounts, next));
        Store(lost);
        Store(next);
        Assert.Equal(2, accounts.Active);
    }

    [Fact]
    public void A_head_without_ended_series_makes_room_and_tells_how_many_went()
    {
        var accounts = Accounts(new SeriesLimits { Target = 5 });
        var partition = Placement.Of(Series("m", "j", "a", 0), Partitions);
        for (var i = 0; i < 5; i++)
            Store(Admitted(accounts, Series("m", "j", "a", i)));
        Assert.NotNull(Admit(accounts, Series("m", "j", "a", 9)));
        var generation = accounts.Generation;

        var next = new SeriesTable(_symbols);
        next.GetOrAdd(Series("m", "j", "a", 4));
        accounts.Use(partition, next);
        _tables[partition.Value] = next;

        Assert.NotEqual(generation, accounts.Generation);
        Assert.Equal(1, accounts.Active);
        Assert.Null(Admit(accounts, Series("m", "j", "a", 9)));
        Assert.Equal(new ChurnCounts(5, 0, 4), Assert.Single(accounts.Churn.List()).Jobs["j"]);
        Store(Series("m", "j", "a", 9));
        Assert.Equal(2, accounts.Active);
    }

    [Fact]
    public void Series_that_recovery_found_are_counted_but_not_as_created()
    {
        _tables[0].GetOrAdd(Series("m", "j", "a", 0));
        _tables[0].GetOrAdd(LabelSet.Of("__name__", "plain"));
        var accounts = Accounts(SeriesLimits.None);

        Assert.Equal(2, accounts.Active);
        Assert.Equal(1, accounts.Jobs()["j"]);
        Assert.Equal(1, accounts.Targets()[new TargetKey("", "")]);
        Assert.Equal((2, 1), accounts.Spread(LimitScope.Metric));
        Assert.Empty(accounts.Churn.List());
    }

    [Fact]
    public void A_partition_that_goes_elsewhere_takes_its_counts_along()
    {
        var accounts = Accounts(SeriesLimits.None);
        Store(Series("m", "j", "a", 0));

        accounts.Leave(Placement.Of(Series("m", "j", "a", 0), Partitions));

        Assert.Equal(0, accounts.Active);
        Assert.Empty(accounts.Jobs());
    }

    [Fact]
    public void Series_without_job_or_name_are_held_by_the_node_limit_alone()
    {
        var accounts = Accounts(new SeriesLimits { Job = 1, Target = 1, Metric = 1, Node = 3 });
        for (var i = 0; i < 3; i++)
            Assert.Null(Admit(accounts, LabelSet.Of("i", $"{i}")));

        Assert.Equal("the node has 3 active series, the limit actormon.limits.series is 3: new series are refused", Admit(accounts, LabelSet.Of("i", "3"))!.Text);
    }

    [Fact]
    public void Records_and_examples_are_bounded_and_a_limit_with_room_is_forgotten_after_hours()
    {
        var accounts = Accounts(new SeriesLimits { Target = 1 });
        for (var t = 0; t < 1200; t++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Admitted(accounts, Series("m", "j", $"{t}", 0));
            for (var i = 1; i < (t == 1199 ? 30 : 2); i++)
                Assert.NotNull(Admit(accounts, Series("m", "j", $"{t}", i)));
        }

        var refusals = accounts.Refusals();
        Assert.Equal(1000, refusals.Count);
        Assert.Equal(LabelSet.Of("instance", "1199", "job", "j"), refusals[0].Of);
        Assert.Equal((29, 10), (refusals[0].Refused, refusals[0].Examples.Count));
        Assert.Equal(1199 + 29, accounts.Refused(LimitScope.Target));

        _time.Advance(TimeSpan.FromHours(7));
        Assert.NotEqual(0u, accounts.Generation);
        Assert.Empty(accounts.Refusals());
    }

    [Fact]
    public void Counts_stay_right_while_many_threads_ask_and_writers_add()
    {
        const int perPartition = 2000;
        const int limit = 5000;
        var accounts = Accounts(new SeriesLimits { Node = limit });
        var series = Enumerable.Range(0, Partitions * perPartition).Select(i => Series("m", "j", $"{i % 64}", i)).ToArray();
        var byPartition = series.GroupBy(s => Placement.Of(s, Partitions).Value).ToDictionary(g => g.Key, g => g.ToArray());
        var taken = 0;

        // One writer a partition, as in the node; two of them offer each series at once with a neighbour that only asks.
        Parallel.ForEach(byPartition, part =>
        {
            foreach (var one in part.Value)
            {
                if (Admit(accounts, one) is not null)
                    continue;
                Interlocked.Increment(ref taken);
                lock (_tables[part.Key])
                    _tables[part.Key].GetOrAdd(one, StableHash.Of(one));
            }
        });

        Assert.Equal(limit, taken);
        Assert.Equal(limit, accounts.Active);
        Assert.Equal(limit, _tables.Sum(t => t.Count));
        Assert.Equal(limit, accounts.Targets().Values.Sum());
    }

    [Fact]
    public void The_default_of_a_node_follows_its_memory()
    {
        Assert.Equal(100_000, SeriesLimits.NodeDefault(64L << 20));
        Assert.InRange(SeriesLimits.NodeDefault(8L << 30), 2_000_000, 3_000_000);
    }

    private SeriesAccounts Accounts(SeriesLimits limits)
    {
        var accounts = new SeriesAccounts(Partitions, limits, _time);
        for (var p = 0; p < Partitions; p++)
            accounts.Use(new PartitionId(p), _tables[p]);
        return accounts;
    }

    private static LabelSet Series(string metric, string job, string instance, int i) => LabelSet.Of("__name__", metric, "job", job, "instance", instance, "i", $"{i}");

    private static SeriesRefusal? Admit(SeriesAccounts accounts, LabelSet series) => accounts.Admit(series, StableHash.Of(series));

    private static LabelSet Admitted(SeriesAccounts accounts, LabelSet series)
    {
        Assert.Null(Admit(accounts, series));
        return series;
    }

    private void Store(LabelSet series) => _tables[Placement.Of(series, Partitions).Value].GetOrAdd(series);

    /// <summary>A series that the limit does not concern is taken.</summary>
    private static long ActiveAfterAnother(SeriesAccounts accounts, string scope)
    {
        Assert.Null(Admit(accounts, Series("other", "other", "other", 0)));
        Assert.NotEqual("node", scope);
        return accounts.Active;
    }
}
