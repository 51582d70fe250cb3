using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;

namespace ActorMon.Actors.Tests.Reading;

/// <summary>Whether an answer may look complete does not follow from the map alone.</summary>
public sealed class CutOffReadTests
{
    private static readonly SeriesRequest Everything = new([], TimestampMs.Min, TimestampMs.Max);

    [Fact]
    public async Task A_node_that_hears_from_no_majority_answers_from_its_own_copies_and_says_so()
    {
        using var cluster = new ReadCluster(2, [[0, 1], [0, 1]]);
        Fill(cluster);
        cluster.Fault = _ => new LinkAnswer(LinkStatus.Unreachable, "there is no way", 0, null);
        cluster.Nodes[0].Confirmed = () => false;

        using var selection = await cluster.Nodes[0].Series.SelectAsync(Everything, CancellationToken.None);

        Assert.Equal(20, selection.Count);
        var warning = Assert.Single(selection.Warnings);
        Assert.Contains("partitions 0, 1 ", warning, StringComparison.Ordinal);
        Assert.Contains("this node has not heard from a majority", warning, StringComparison.Ordinal);
        Assert.Single((await cluster.Nodes[0].Series.LabelNamesAsync([], TimestampMs.Min, TimestampMs.Max, CancellationToken.None)).Warnings);
        Assert.Single((await cluster.Nodes[0].Series.SeriesAsync([], TimestampMs.Min, TimestampMs.Max, CancellationToken.None)).Warnings);
    }

    [Fact]
    public async Task It_asks_a_sibling_that_does_and_then_nothing_is_missing()
    {
        using var cluster = new ReadCluster(2, [[0, 1], [0, 1]]);
        Fill(cluster);
        cluster.Nodes[0].Confirmed = () => false;

        using var selection = await cluster.Nodes[0].Series.SelectAsync(Everything, CancellationToken.None);

        Assert.Equal((20, 0), (selection.Count, selection.Warnings.Count));
        Assert.Equal([1], cluster.Calls);
    }

    [Fact]
    public async Task Others_do_not_believe_it()
    {
        using var cluster = new ReadCluster(3, [[1, 2], [1, 2]]);
        Fill(cluster);
        cluster.Nodes[1].Confirmed = () => false;
        using (var selection = await cluster.Nodes[0].Series.SelectAsync(Everything, CancellationToken.None))
            Assert.Equal((20, 0), (selection.Count, selection.Warnings.Count));

        cluster.Nodes[2].Confirmed = () => false;

        using (var selection = await cluster.Nodes[0].Series.SelectAsync(Everything, CancellationToken.None))
            Assert.Equal((0, 1), (selection.Count, selection.Warnings.Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_node_that_was_frozen_in_the_middle_of_a_read_notices(int looks)
    {
        using var cluster = new ReadCluster(2, [[0, 1], [0, 1]]);
        Fill(cluster);
        cluster.Fault = _ => new LinkAnswer(LinkStatus.Unreachable, "there is no way", 0, null);
        var looked = 0;
        cluster.Nodes[0].Confirmed = () => looked++ < looks;

        using var selection = await cluster.Nodes[0].Series.SelectAsync(Everything, CancellationToken.None);

        Assert.Single(selection.Warnings);
    }

    [Fact]
    public async Task A_node_that_was_frozen_while_it_read_for_another_does_not_end_its_answer()
    {
        using var cluster = new ReadCluster(3, [[1, 2]]);
        Fill(cluster);
        foreach (var holder in (int[])[1, 2])
        {
            var looked = 0;
            cluster.Nodes[holder].Confirmed = () => looked++ < 2;
        }

        using var selection = await cluster.Nodes[0].Series.SelectAsync(Everything, CancellationToken.None);

        Assert.Equal([1, 2], cluster.Calls.Order());
        Assert.Single(selection.Warnings);
    }

    [Fact]
    public async Task What_waits_for_a_lost_copy_is_read_from_those_in_sync_and_named_by_every_node()
    {
        using var cluster = new ReadCluster(3, [[0, 1], [1], [0, 1]]);
        Fill(cluster);
        foreach (var node in cluster.Nodes)
            node.Waiting.Add(new PartitionId(1));

        for (var n = 0; n < 3; n++)
        {
            using var selection = await cluster.Nodes[n].Series.SelectAsync(Everything, CancellationToken.None);
            Assert.Equal(20, selection.Count);
            Assert.Contains("partitions 1 is", Assert.Single(selection.Warnings), StringComparison.Ordinal);
        }
    }

    private static void Fill(ReadCluster cluster) =>
        cluster.Write([.. Enumerable.Range(0, 20).Select(i => new LooseSample(LabelSet.Of("__name__", "m", "n", $"{i}"), new TimestampMs(1_700_000_000_000), i))]);
}
