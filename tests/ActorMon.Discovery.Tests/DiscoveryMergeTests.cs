using ActorMon.Discovery.Merge;
using ActorMon.Discovery.Static;
using ActorMon.Model.Labels;
using CsCheck;

namespace ActorMon.Discovery.Tests;

public sealed class DiscoveryMergeTests
{
    private static TargetGroup Group(string source, params string[] targets) =>
        new(source, LabelSet.Of("from", source), [.. targets.Select(target => LabelSet.Of(LabelNames.Address, target))]);

    private static string[] Show(DiscoveryMerge merge) =>
        [.. merge.Current.Groups.Select(group => $"{group.Source}: {string.Join(' ', group.Targets.Select(target => target.Get(LabelNames.Address)))}")];

    [Fact]
    public void Groups_of_several_mechanisms_come_together()
    {
        var merge = new DiscoveryMerge();
        Assert.True(merge.Apply(1, [Group("0", "b:1")]));
        Assert.True(merge.Apply(0, [Group("0", "a:1"), Group("1", "a:2")]));
        Assert.Equal(["0: a:1", "1: a:2", "0: b:1"], Show(merge));
        Assert.Equal(2, merge.Current.Version);
    }

    [Fact]
    public void An_update_replaces_a_source_and_an_empty_group_withdraws_it()
    {
        var merge = new DiscoveryMerge();
        merge.Apply(0, [Group("a", "a:1"), Group("b", "b:1")]);
        merge.Apply(0, [Group("a", "a:2", "a:3")]);
        Assert.Equal(["a: a:2 a:3", "b: b:1"], Show(merge));
        Assert.True(merge.Apply(0, [TargetGroups.Withdrawn("b")]));
        Assert.Equal(["a: a:2 a:3"], Show(merge));
    }

    [Fact]
    public void What_changes_nothing_makes_no_version()
    {
        var merge = new DiscoveryMerge(41);
        merge.Apply(0, [Group("a", "a:1")]);
        var before = merge.Current;
        Assert.False(merge.Apply(0, [Group("a", "a:1"), TargetGroups.Withdrawn("never known")]));
        Assert.False(merge.Remove(7));
        Assert.Same(before, merge.Current);
        Assert.Equal(42, before.Version);
    }

    [Fact]
    public void A_mechanism_that_is_gone_takes_its_groups_along()
    {
        var merge = new DiscoveryMerge();
        merge.Apply(0, [Group("a", "a:1")]);
        merge.Apply(1, [Group("a", "b:1")]);
        Assert.True(merge.Remove(0));
        Assert.Equal(["a: b:1"], Show(merge));
    }

    [Fact]
    public void The_set_is_what_the_last_group_of_each_source_says_whatever_the_order_of_sources()
    {
        var update = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 2]);
        Check.Sample(update.Array[0, 30], updates =>
        {
            var merge = new DiscoveryMerge();
            var expected = new Dictionary<(int, string), TargetGroup>();
            foreach (var (mechanism, source, size) in updates)
            {
                var group = Group(source.ToString(), [.. Enumerable.Range(0, size).Select(i => $"{size}:{i}")]);
                var version = merge.Current.Version;
                var changed = size == 0
                    ? expected.Remove((mechanism, group.Source))
                    : !expected.TryGetValue((mechanism, group.Source), out var known) || !TargetGroups.SameContent(known, group);
                if (size > 0)
                    expected[(mechanism, group.Source)] = group;
                Assert.Equal(changed, merge.Apply(mechanism, [group]));
                Assert.Equal(version + (changed ? 1 : 0), merge.Current.Version);
            }
            var model = expected.OrderBy(pair => pair.Key.Item1).ThenBy(pair => pair.Key.Item2, StringComparer.Ordinal).Select(pair => pair.Value).ToList();
            Assert.Equal(model.Count, merge.Current.Groups.Count);
            Assert.All(model.Zip(merge.Current.Groups), pair => Assert.True(TargetGroups.SameContent(pair.First, pair.Second)));
        });
    }

    [Fact]
    public async Task Static_targets_are_told_once()
    {
        var config = new StaticSdConfig([Group("0", "a:1"), Group("1", "b:1")]);
        var events = new List<DiscoveryEvent>();
        await new StaticDiscoverer(config).RunAsync(events.Add, CancellationToken.None);
        Assert.Equal(config.Groups, Assert.IsType<GroupsDiscovered>(Assert.Single(events)).Groups);
    }

    [Fact]
    public void Mechanisms_are_made_from_their_configuration_if_this_version_runs_them()
    {
        var context = new DiscoveryContext { Yaml = (_, _) => Files.FileSdParseResult.Of([]) };
        Assert.IsType<StaticDiscoverer>(Discoverers.Create(new StaticSdConfig([]), context));
        Assert.IsType<Files.FileDiscoverer>(Discoverers.Create(new FileSdConfig(["/d/*.json"], FileSdConfig.DefaultRefreshInterval), context));
        Assert.Null(Discoverers.Create(new DeclaredSdConfig("consul", new Dictionary<string, object?>(), null), context));
    }
}
