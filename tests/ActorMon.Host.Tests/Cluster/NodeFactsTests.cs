using ActorMon.Api.Ports;
using ActorMon.Host.Cluster.Facts;
using ActorMon.Model.Labels;
using ActorMon.Protocol.Facts;
using ActorMon.Tsdb.Cardinality;
using Google.Protobuf;

namespace ActorMon.Host.Tests.Cluster;

/// <summary>Merging what nodes tell of themselves.</summary>
public sealed class NodeFactsTests
{
    [Fact]
    public void Targets_of_all_nodes_are_sorted_and_dropped_ones_are_counted_together()
    {
        TargetsOfNode[] nodes = [Targets("b", "h2"), Targets("a", "h1"), Targets("b", "h1")];
        nodes[0].DroppedCounts.Add(new DroppedCount { Job = FactTexts.Bytes("a"), Count = 0 });
        nodes[1].DroppedCounts.Add(new DroppedCount { Job = FactTexts.Bytes("a"), Count = 7 });
        nodes[1].Dropped.Add(new DroppedRow { Job = FactTexts.Bytes("a"), Discovered = LabelSet.Of("x", "1").ToWire() });
        var merged = TargetFacts.Merge(nodes);
        Assert.Equal("a h1, b h1, b h2", string.Join(", ", merged.Active.Select(t => $"{t.Job} {t.Labels.Get("instance")}")));
        Assert.Equal("http://out/h1", merged.Active[0].GlobalUrl);
        Assert.Equal((DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(2), TargetHealth.Down), (merged.Active[0].LastScrape, merged.Active[0].LastDuration, merged.Active[0].Health));
        Assert.Equal(7, merged.DroppedCounts["a"]);
        Assert.Equal(LabelSet.Of("x", "1"), Assert.Single(merged.Dropped).Discovered);
    }

    [Fact]
    public void Queries_of_all_nodes_are_listed_by_age_with_the_node_that_runs_them()
    {
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        var listed = QueryFacts.Merge([Queries(one, 1, 30, 10), Queries(two, 2, 20)]);
        Assert.Equal(
            $"0000000000000001-1 {one}, 0000000000000002-0 {two}, 0000000000000001-0 {one}", string.Join(", ", listed.Select(q => $"{q.Id} {q.Node}")));
        Assert.Equal(listed[1].Id, QueryId.Parse(listed[1].Id.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("0000000000000001")]
    [InlineData("0000000000000001-")]
    [InlineData("0000000000000001-x")]
    [InlineData("000000000000000g-1")]
    [InlineData("0000000000000001--1")]
    public void What_is_no_id_of_a_query_is_refused(string text) => Assert.Null(QueryId.Parse(text));

    [Fact]
    public void Churn_is_the_sum_of_the_nodes_hours()
    {
        AccountsOfNode[] nodes = [Churn((3_600_000, "a", 2), (7_200_000, "a", 1)), Churn((3_600_000, "a", 3), (3_600_000, "b", 9))];
        var hours = AccountFacts.Churn(nodes, null);
        Assert.Equal("2: a=1; 1: b=9 a=5", string.Join("; ", hours.Select(h => $"{h.Start.Hour}: {string.Join(' ', h.Jobs.Select(j => $"{j.Job}={j.Created}"))}")));
        Assert.Equal(["a"], AccountFacts.Churn(nodes, "a")[1].Jobs.Select(j => j.Job));
    }

    [Fact]
    public void Limits_are_shown_by_value_with_what_the_fullest_node_has_and_what_all_refused()
    {
        AccountsOfNode[] nodes = [Limits(100, 40, 2), Limits(100, 60, 3), Limits(50, 50, 9)];
        Assert.Equal(
            "node 50 50 9, node 100 60 5", string.Join(", ", AccountFacts.Limits(nodes).Select(l => $"{l.Scope} {l.Limit} {l.Most} {l.Refused}")));
    }

    [Fact]
    public void What_several_nodes_refused_is_one_row()
    {
        AccountsOfNode[] nodes = [Refused("j", 2, 10, 20, "x"), Refused("j", 3, 5, 15, "x", "y"), Refused("k", 1, 1, 30)];
        var rows = AccountFacts.Refused(nodes);
        Assert.Equal("k 1, j 5", string.Join(", ", rows.Select(r => $"{r.Of.Get("job")} {r.Refused}")));
        Assert.Equal((5, 20, 2), (rows[1].Since.ToUnixTimeMilliseconds(), rows[1].Last.ToUnixTimeMilliseconds(), rows[1].Examples.Count));
    }

    [Fact]
    public void Rates_of_a_target_that_two_nodes_tell_of_are_added()
    {
        AccountsOfNode[] nodes = [new(), new()];
        foreach (var node in nodes)
            node.Rates.Add(new TargetRate { Job = FactTexts.Bytes("j"), Instance = FactTexts.Bytes("i"), SamplesPerSecond = 1.5 });
        Assert.Equal(3, Assert.Single(AccountFacts.Rates(nodes)).Value);
        Assert.Equal(new TargetKey("j", "i"), AccountFacts.Rates(nodes).Keys.Single());
    }

    [Fact]
    public void Parts_are_listed_by_time()
    {
        var one = new PartsOfPartitions();
        one.Parts.Add(new PartRow { Partition = 12, Sequence = 7, MinTime = 5, MaxTime = 9, Samples = 3, Series = 2, Level = 1 });
        var two = new PartsOfPartitions();
        two.Parts.Add(new PartRow { Partition = 3, Sequence = 1, MinTime = 4 });
        Assert.Equal("p-03/1 p-12/7", string.Join(' ', PartFacts.Merge([one, two]).Select(b => b.Name)));
        Assert.Equal(new StoredBlock("p-12/7", 5, 9, 3, 2, 1), PartFacts.Merge([one])[0]);
    }

    private static TargetsOfNode Targets(string job, string instance)
    {
        var node = new TargetsOfNode();
        node.Active.Add(new ScrapedTarget
        {
            Job = FactTexts.Bytes(job),
            Labels = LabelSet.Of("instance", instance, "job", job).ToWire(),
            Url = FactTexts.Bytes($"http://in/{instance}"),
            GlobalUrl = FactTexts.Bytes($"http://out/{instance}"),
            LastScrape = DateTimeOffset.UnixEpoch.UtcTicks,
            LastDuration = TimeSpan.FromSeconds(2).Ticks,
            Health = (int)TargetHealth.Down,
        });
        return node;
    }

    private static QueriesOfNode Queries(Guid node, ulong incarnation, params long[] started)
    {
        var told = new QueriesOfNode { Node = ByteString.CopyFrom(node.ToByteArray(bigEndian: true)), Incarnation = incarnation };
        told.Queries.AddRange(started.Select((at, number) => new QueryRow { Number = number, Started = at }));
        return told;
    }

    private static AccountsOfNode Churn(params (long Start, string Job, long Created)[] rows)
    {
        var node = new AccountsOfNode();
        foreach (var hour in rows.GroupBy(r => r.Start))
        {
            var row = new ChurnOfHour { Start = hour.Key };
            row.Jobs.AddRange(hour.Select(r => new ChurnOfJob { Job = FactTexts.Bytes(r.Job), Created = r.Created }));
            node.Churn.Add(row);
        }
        return node;
    }

    private static AccountsOfNode Limits(long limit, long most, long refused)
    {
        var node = new AccountsOfNode();
        node.Limits.Add(new LimitOfNode { Scope = "node", Setting = "actormon.limits.series", Limit = limit, Keys = 1, Most = most, Refused = refused });
        return node;
    }

    private static AccountsOfNode Refused(string job, long refused, long since, long last, params string[] examples)
    {
        var node = new AccountsOfNode();
        var row = new RefusalOfNode { Scope = "job", Of = LabelSet.Of("job", job).ToWire(), Setting = "s", Limit = 5, Refused = refused, Since = since, Last = last };
        row.Examples.AddRange(examples.Select(e => LabelSet.Of("__name__", e).ToWire()));
        node.Refused.Add(row);
        return node;
    }
}
