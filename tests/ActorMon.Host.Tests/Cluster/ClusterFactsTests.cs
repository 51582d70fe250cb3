using System.Buffers;
using ActorMon.Actors.Reading;
using ActorMon.Actors.Tests.Reading;
using ActorMon.Host.Cluster;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;

namespace ActorMon.Host.Tests.Cluster;

public sealed class ClusterFactsTests
{
    private static readonly LinkPeer Other = new("other", 7, new Uri("http://127.0.0.1:15650"));

    [Fact]
    public async Task All_nodes_are_asked_and_this_one_answers_first()
    {
        var (here, there) = Pair();
        var topic = here.Topic("here");
        there.Topic("there");
        var (answers, warnings) = await topic.AskAsync(new Asked([[new Matcher(MatchOperator.NotRegex, "job", "a|b")]], 3), CancellationToken.None);
        Assert.Empty(warnings);
        Assert.Equal(["here 3 job!~\"a|b\"", "there 3 job!~\"a|b\""], answers.Select(a => a.Text));
        Assert.Equal(LabelSet.Of("node", "there", "long", new string('x', 600_000)), answers[1].Labels);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_named()
    {
        var (here, there) = Pair();
        var topic = here.Topic("here");
        there.Topic("there");
        here.Fault = new LinkAnswer(LinkStatus.Unreachable, "127.0.0.1:15650: connection refused", 0, null);
        var (answers, warnings) = await topic.AskAsync(new Asked([], 0), CancellationToken.None);
        Assert.Equal("here 0 ", Assert.Single(answers).Text);
        Assert.Equal("facts: a node did not answer: 127.0.0.1:15650: connection refused", Assert.Single(warnings));
    }

    [Fact]
    public async Task A_node_that_does_not_know_a_topic_is_named()
    {
        var (here, _) = Pair();
        var (_, warnings) = await here.Topic("here").AskAsync(new Asked([], 0), CancellationToken.None);
        Assert.Contains("nothing is known here of facts", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static (Node Here, Node There) Pair()
    {
        var there = new Node(null);
        return (new Node(there), there);
    }

    private sealed record Asked(IReadOnlyList<IReadOnlyList<Matcher>> Sets, int Number);

    private sealed record Told(string Text, LabelSet Labels);

    /// <summary>A node that knows one other, or none.</summary>
    private sealed class Node : IReplicaHolders, INodeLinks, IReadGate
    {
        private readonly Node? _other;
        private readonly ClusterFacts _facts;

        public Node(Node? other)
        {
            _other = other;
            _facts = new ClusterFacts(new ReadPlacements(this, this, 1), this, TimeSpan.FromMinutes(5));
        }

        public LinkAnswer? Fault { get; set; }

        public long Version => 1;

        public bool AllComplete => true;

        public bool IsCurrent(PartitionId partition) => true;

        public bool IsComplete(PartitionId partition) => true;

        public event Action? Changed
        {
            add { }
            remove { }
        }

        public FactTopic<Asked, Told> Topic(string name) => _facts.Add<Asked, Told>("facts", (asked, _) => ValueTask.FromResult(new Told(
            $"{name} {asked.Number} {string.Join(',', asked.Sets.SelectMany(set => set))}", LabelSet.Of("node", name, "long", new string('x', 600_000)))));

        public PartitionHolders Of(PartitionId partition) => new(
            1, IsOpen: true,
            _other is null ? [new ReplicaHolder(0, null, 0, IsRequired: true)] : [new ReplicaHolder(0, null, 0, IsRequired: true), new ReplicaHolder(1, Other, 0, IsRequired: false)]);

        public async Task<LinkAnswer> CallAsync(LinkPeer peer, string operation, Action<IBufferWriter<byte>> body, TimeSpan timeout, CancellationToken cancellation) =>
            Fault ?? await LoopbackCall.RunAsync(_other!._facts, "here", peer, body, cancellation);
    }
}
