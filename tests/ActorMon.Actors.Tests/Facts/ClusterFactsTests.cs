using ActorMon.Actors.Facts;
using ActorMon.Actors.Tests.Reading;
using ActorMon.Protocol.Facts;
using ActorMon.Protocol.Links;

namespace ActorMon.Actors.Tests.Facts;

/// <summary>What every node knows of itself, asked of all. Node 0 holds everything, nodes 1 and 2 hold nothing.</summary>
public sealed class ClusterFactsTests : IDisposable
{
    private readonly ReadCluster _cluster = new(3, [[0]]);
    private readonly FactTopic<KillQuestion, AdminReply>[] _topics;

    public ClusterFactsTests() => _topics = [.. _cluster.Nodes.Select((node, number) => node.Facts.Add<KillQuestion, AdminReply>(
        "facts", (asked, _) => ValueTask.FromResult(new AdminReply { Changed = asked.Number, Name = $"{number}{new string('x', 600_000)}" })))];

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task All_nodes_are_asked_also_those_without_copies_and_this_one_answers_first()
    {
        var (answers, warnings) = await _topics[1].AskAsync(new KillQuestion { Number = 3 }, CancellationToken.None);
        Assert.Empty(warnings);
        Assert.Equal(["1x", "0x", "2x"], answers.Select(a => a.Name[..2]));
        Assert.All(answers, answer => Assert.Equal((3, 600_001), (answer.Changed, answer.Name.Length)));
        Assert.Equal([0, 2], _cluster.Calls.Order());
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_named()
    {
        _cluster.Fault = node => node == 2 ? new LinkAnswer(LinkStatus.Unreachable, "127.0.0.1:15602: connection refused", 0, null) : null;
        var (answers, warnings) = await _topics[0].AskAsync(new KillQuestion(), CancellationToken.None);
        Assert.Equal(["0x", "1x"], answers.Select(a => a.Name[..2]));
        Assert.Equal("results are incomplete: a node did not answer about its facts: 127.0.0.1:15602: connection refused", Assert.Single(warnings));
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_is_none()
    {
        _cluster.Damage = (node, bytes) => node == 1 ? bytes[..^20] : bytes;
        var (answers, warnings) = await _topics[0].AskAsync(new KillQuestion(), CancellationToken.None);
        Assert.Equal(["0x", "2x"], answers.Select(a => a.Name[..2]));
        Assert.Contains("127.0.0.1:15601", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_does_not_know_a_topic_is_named()
    {
        var newer = _cluster.Nodes[0].Facts.Add<NoQuestion, AdminReply>("newer", (_, _) => ValueTask.FromResult(new AdminReply()));
        var (_, warnings) = await newer.AskAsync(new NoQuestion(), CancellationToken.None);
        Assert.Equal(2, warnings.Count);
        Assert.Contains("nothing is known here of newer", warnings[0], StringComparison.Ordinal);
    }
}
