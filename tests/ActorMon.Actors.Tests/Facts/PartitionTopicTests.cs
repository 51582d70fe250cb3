using ActorMon.Actors.Facts;
using ActorMon.Actors.Tests.Reading;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Facts;
using ActorMon.Protocol.Links;

namespace ActorMon.Actors.Tests.Facts;

/// <summary>What is counted once a partition, over three nodes with two copies of each.</summary>
public sealed class PartitionTopicTests : IDisposable
{
    private readonly ReadCluster _cluster = new(3, [[0, 1], [1, 2], [2, 0], [0, 2]]);
    private readonly PartitionTopic<NoQuestion, PartsOfPartitions>[] _topics;

    /// <summary>Each node tells its number as the level of every partition that it is asked for.</summary>
    public PartitionTopicTests() => _topics = [.. _cluster.Nodes.Select((node, number) => node.Facts.AddByPartition<NoQuestion, PartsOfPartitions>("parts", (partitions, _, _) =>
    {
        var told = new PartsOfPartitions();
        told.Parts.AddRange(partitions.Select(partition => new PartRow { Partition = partition.Value, Level = number }));
        return ValueTask.FromResult(told);
    }))];

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Whichever_node_is_asked_the_same_copy_speaks_for_a_partition_with_one_request_a_node()
    {
        for (var asked = 0; asked < 3; asked++)
        {
            _cluster.Calls.Clear();
            var (told, warnings) = await AskAsync(asked);
            Assert.Empty(warnings);
            Assert.Equal("0:0 1:1 2:2 3:0", told);
            Assert.Equal(Enumerable.Range(0, 3).Where(n => n != asked), _cluster.Calls.Order());
        }
    }

    [Fact]
    public async Task For_a_node_that_does_not_answer_the_next_holder_does()
    {
        _cluster.Fault = node => node == 0 ? new LinkAnswer(LinkStatus.Unreachable, "gone", 0, null) : null;
        var (told, warnings) = await AskAsync(1);
        Assert.Empty(warnings);
        Assert.Equal("0:1 1:1 2:2 3:2", told);
    }

    [Fact]
    public async Task Partitions_whose_holders_are_all_out_of_reach_are_named()
    {
        _cluster.Fault = node => node is 0 or 2 ? new LinkAnswer(LinkStatus.Unreachable, $"{node} is gone", 0, null) : null;
        var (told, warnings) = await AskAsync(1);
        Assert.Equal("0:1 1:1", told);
        Assert.Equal("results are incomplete: no complete copy of partitions 2, 3 is within reach (0 is gone; 2 is gone)", Assert.Single(warnings));
    }

    [Fact]
    public async Task A_node_without_a_majority_does_not_speak_and_its_own_copies_neither()
    {
        _cluster.Nodes[0].Confirmed = () => false;
        Assert.Equal(("0:1 1:1 2:2 3:2", 0), await CountedAsync(1));
        Assert.Equal(("0:1 1:1 2:2 3:2", 0), await CountedAsync(0));
    }

    [Fact]
    public async Task A_partition_that_waits_for_a_lost_copy_is_told_and_named()
    {
        _cluster.Nodes[2].Waiting.Add(new PartitionId(2));
        var (told, warnings) = await AskAsync(0);
        Assert.Equal("0:0 1:1 2:2 3:0", told);
        Assert.Equal("results are incomplete: no complete copy of partitions 2 is within reach", Assert.Single(warnings));
    }

    private async Task<(string Told, int Warnings)> CountedAsync(int node)
    {
        var (told, warnings) = await AskAsync(node);
        return (told, warnings.Count);
    }

    private async Task<(string Told, IReadOnlyList<string> Warnings)> AskAsync(int node)
    {
        var (parts, warnings) = await _topics[node].AskAsync(new NoQuestion(), CancellationToken.None);
        return (string.Join(' ', parts.SelectMany(part => part.Parts).OrderBy(row => row.Partition).Select(row => $"{row.Partition}:{row.Level}")), warnings);
    }
}
