using ActorMon.Actors.Series;
using ActorMon.Actors.Series.Copies;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Series;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Lifecycle;
using Akka.Actor;
using Xunit.Abstractions;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Series.Copies;

public sealed class CopyTransferTests : ActorTest
{
    private static readonly PartitionId P = new(0);
    private readonly OneNode _source;
    private readonly OneNode _copy;

    public CopyTransferTests(ITestOutputHelper output) : base(output)
    {
        var cluster = Guid.NewGuid();
        (_source, _copy) = (new OneNode(1, cluster, 1), new OneNode(2, cluster, 1));
        _copy.Others[1] = _source;
    }

    [Fact]
    public async Task An_empty_copy_gets_everything_and_an_equal_one_nothing_but_facts()
    {
        var source = Serve(_source);
        Write(source, 1, 40);
        var series = LabelSet.Of("__name__", "m", "n", "001");
        source.Writer.Tell(
            new Write(
                new SampleBatch
                {
                    Writer = Batches.Writer,
                    Number = 41,
                    Partition = P,
                    Exemplars = [new SeriesExemplar(series, new Exemplar(LabelSet.Of("trace_id", "t"), 3, new TimestampMs(Batches.Start)))],
                    Metadata = [new FamilyMetadata("m", new MetricMetadata(MetricType.Gauge, "help", ""))],
                },
                source.Session),
            TestActor);
        ExpectMsg<Written>(Patience);
        Serve(_copy);

        await _copy.Transfer().FillAsync(_source.Peer, P, default);

        Assert.Equal(_source.Storage.Values(0), _copy.Storage.Values(0));
        var view = _copy.Storage.Table[P]!.View;
        Assert.Equal("help", view.Metadata["m"].Help);
        Assert.Equal(series, Assert.Single(view.Exemplars([ResolvedMatchers.Resolve([], view.Symbols)], TimestampMs.Min, TimestampMs.Max)).Series);
        Assert.NotEqual(0, _copy.Metrics.BytesReceived.Value);
        var received = _copy.Metrics.BytesReceived.Value;
        await _copy.Transfer().FillAsync(_source.Peer, P, default);
        Assert.Equal(received, _copy.Metrics.BytesReceived.Value);
    }

    [Fact]
    public async Task Comparing_brings_what_only_the_source_has_and_its_positions_and_keeps_what_only_the_copy_has()
    {
        var source = Serve(_source);
        Write(source, 1, 40);
        var copy = Serve(_copy);
        await _copy.Transfer().FillAsync(_source.Peer, P, default);
        Write(source, 41, 3);
        Write(copy, 100, 1, new WriterId(7));
        Publish(_source, CopyState.InSync, epoch: 5);

        await _copy.Transfer().VerifyAsync(_source.Peer, P, since: 5, default);

        Assert.Equal([.. Enumerable.Range(1, 43).Select(n => (double)n), 100d], _copy.Storage.Values(0));
        var positions = _copy.Storage.Table[P]!.Stats.Writers;
        Assert.Equal(43, positions[Batches.Writer]);
    }

    [Fact]
    public async Task A_copy_in_sync_that_silently_lacks_something_gets_it_from_its_sibling()
    {
        var source = Serve(_source);
        Write(source, 1, 40);
        var copy = Serve(_copy);
        Write(copy, 1, 9);
        Write(copy, 13, 28);
        var old = new TimeWindow(long.MinValue, Batches.Start + (20 * 3_600_000L));

        Assert.NotEqual(0, await _copy.Transfer().CompareAsync(_source.Peer, P, old, default));

        Assert.Equal(_source.Storage.Values(0), _copy.Storage.Values(0));
        Assert.Equal(0, await _copy.Transfer().CompareAsync(_source.Peer, P, old, default));
    }

    [Fact]
    public async Task What_was_deleted_everywhere_while_it_was_on_its_way_is_asked_for_again()
    {
        Write(Serve(_source), 1, 5);
        var (writer, _) = Serve(_copy);
        _copy.Way = bytes =>
        {
            if (_copy.Calls[^1] == CopyWire.CopyOperation)
                _copy.Storage.Log = DeletionLog.Empty.Append(new Deletion(1, new DeletionRequest(["m"], 0, long.MaxValue))).Prune(1);
            return bytes;
        };

        var refused = await Assert.ThrowsAsync<IOException>(() => _copy.Transfer().FillAsync(_source.Peer, P, default));

        Assert.Contains("deleted everywhere", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_copy.Storage.Values(0));
        writer.Tell(FollowDeletions.Instance);
        Eventually(() => Assert.Equal(1, _copy.Storage.Table[P]!.ForgettableDeletions));
        await _copy.Transfer().FillAsync(_source.Peer, P, default);
        Assert.Equal(_source.Storage.Values(0), _copy.Storage.Values(0));
    }

    [Fact]
    public async Task A_source_that_has_not_seen_the_epoch_does_not_confirm()
    {
        Write(Serve(_source), 1, 5);
        Serve(_copy);
        Publish(_source, CopyState.InSync, epoch: 4);

        var refused = await Assert.ThrowsAsync<IOException>(() => _copy.Transfer().VerifyAsync(_source.Peer, P, since: 5, default));

        Assert.Contains("not yet", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_copy.Storage.Values(0));
    }

    [Fact]
    public async Task A_connection_that_breaks_anywhere_leaves_a_copy_that_the_next_attempt_completes()
    {
        Write(Serve(_source), 1, 40);
        Serve(_copy);
        for (var share = 0; share < 20; share++)
        {
            var cut = share / 20.0;
            _copy.Way = bytes => _copy.Calls[^1] == CopyWire.CopyOperation && bytes.Length > 200 ? bytes[..(int)(bytes.Length * cut)] : bytes;
            await Assert.ThrowsAnyAsync<IOException>(() => _copy.Transfer().FillAsync(_source.Peer, P, default));
            Assert.Empty(_copy.Storage.Values(0));
        }
        _copy.Way = bytes => bytes;

        await _copy.Transfer().FillAsync(_source.Peer, P, default);

        Assert.Equal(_source.Storage.Values(0), _copy.Storage.Values(0));
        Assert.Single(System.IO.Directory.GetFiles(Path.Combine(_copy.Storage.Directory(P), "parts")));
    }

    [Fact]
    public void A_transfer_is_divided_where_no_file_is_and_covers_all_of_time()
    {
        var spans = new CopySpan[] { new(0, 99, 10), new(100, 199, 10), new(150, 299, 10), new(300, 400, 10), new(401, 500, 1) };

        var stretches = CopyStretches.Of(spans, maxBytes: 10);

        Assert.Equal([new(long.MinValue, 100), new(100, 300), new(300, 401), new(401, long.MaxValue)], stretches);
        Assert.Equal([new(long.MinValue, long.MaxValue)], CopyStretches.Of([]));
    }

    [Fact]
    public void Windows_differ_by_any_bucket_and_are_joined_where_they_touch()
    {
        const long w = ContentDigest.WindowMs;
        WindowDigest[] own = [new(0, 0, 1, 1), new(0, 1, 2, 1), new(w, 0, 3, 1), new(9 * w, 0, 4, 1)];
        WindowDigest[] source = [new(0, 0, 1, 1), new(0, 1, 9, 1), new(w, 0, 9, 1), new(4 * w, 3, 1, 1)];

        Assert.Equal([new(0, 2 * w), new(4 * w, 5 * w)], CopyStretches.Differing(own, source));
        Assert.Empty(CopyStretches.Differing(own, own));
    }

    private (IActorRef Writer, long Session) Serve(OneNode node)
    {
        var id = new ReplicaId(P, 0);
        var replica = Sys.ActorOf(PartitionReplicaActor.Props(id.ToString(), node.Storage.Settings), $"replica{node.Id.Incarnation}");
        replica.Tell(new Touch(id), TestActor);
        return (replica, ExpectMsg<ReplicaServing>(Patience).Session);
    }

    private void Write((IActorRef Writer, long Session) replica, int from, int count, WriterId? writer = null)
    {
        for (var n = from; n < from + count; n++)
        {
            replica.Writer.Tell(
                new Write(
                    new SampleBatch
                    {
                        Writer = writer ?? Batches.Writer,
                        Number = n,
                        Partition = P,
                        Loose = [new LooseSample(LabelSet.Of("__name__", "m", "n", $"{n:000}"), new TimestampMs(Batches.Start + n * 3_600_000L), n)],
                    },
                    replica.Session),
                TestActor);
            Assert.Equal(BatchOutcome.Accepted, ExpectMsg<Written>(Patience).Outcome);
        }
    }

    private static void Publish(OneNode node, CopyState state, long epoch) => node.View.Publish(
        PartitionMap.Create(Guid.NewGuid(), 1).Apply(
            new NodeSet(node.InMap),
            new PartitionSet(P, new PartitionState(epoch, epoch, [new CopyRecord(0, node.Id, state, epoch, epoch, epoch)]))));
}
