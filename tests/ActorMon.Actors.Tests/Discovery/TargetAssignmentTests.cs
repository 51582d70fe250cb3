using ActorMon.Actors.Discovery;
using ActorMon.Model.Labels;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Targets;

namespace ActorMon.Actors.Tests.Discovery;

public sealed class TargetAssignmentTests
{
    [Fact]
    public void Every_target_is_in_one_shard_and_stays_there_when_its_interval_changes()
    {
        var assignment = new TargetAssignment(8, 1);
        var before = Places(assignment.Assign(1, [("j", Targets(TimeSpan.FromSeconds(15), 200))]));
        var after = Places(assignment.Assign(2, [("j", Targets(TimeSpan.FromSeconds(30), 200))]));

        Assert.Equal(200, before.Count);
        Assert.Equal(before, after);
        Assert.InRange(before.Values.Distinct().Count(), 8, 8);
    }

    [Fact]
    public void Only_shards_whose_set_changed_get_a_new_version()
    {
        var assignment = new TargetAssignment(8, 1);
        assignment.Assign(1, [("j", Targets(TimeSpan.FromSeconds(15), 20))]);
        Assert.Empty(assignment.Assign(1, [("j", Targets(TimeSpan.FromSeconds(15), 20))]));

        var changed = Assert.Single(assignment.Assign(1, [("j", Targets(TimeSpan.FromSeconds(15), 21))]));

        Assert.Equal(9, changed.Version.Number);
        Assert.Same(changed, assignment.For(changed.Shard));
    }

    [Fact]
    public void Another_configuration_is_news_for_every_shard()
    {
        var assignment = new TargetAssignment(8, 1);
        Assert.Null(assignment.For(0));
        assignment.Assign(1, []);
        Assert.Equal(8, assignment.Assign(2, []).Count);
    }

    private static Dictionary<string, int> Places(IReadOnlyList<Protocol.Scraping.ScrapingProtocol.AssignTargets> sets) =>
        sets.SelectMany(s => s.Targets.Select(t => (Address: t.Discovered.Get("__address__"), s.Shard))).ToDictionary(t => t.Address, t => t.Shard);

    private static TargetSet Targets(TimeSpan interval, int count) => TargetSet.Build(
        new ScrapeJob { Name = "j", Interval = interval },
        [new DiscoveredGroup("0", LabelSet.Empty, [.. Enumerable.Range(0, count).Select(i => LabelSet.Of("__address__", $"h{i}:1"))])]);
}
