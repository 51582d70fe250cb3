using ActorMon.Actors.Tests.Links;
using ActorMon.Host.Tests.Links;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Batches;

namespace ActorMon.Cluster.Tests.Ingest;

/// <summary>Two nodes that hold a copy of the same partition each; batches cross between them over real links.</summary>
public sealed class BatchesReachEveryCopy : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Guid Cluster = Guid.NewGuid();
    private readonly CopyNode _a = new(Cluster, "a", slot: 0);
    private readonly CopyNode _b = new(Cluster, "b", slot: 1);
    private int _port;

    public async Task InitializeAsync()
    {
        await _b.Link.ListenAsync(_b.BatchesOperation);
        _port = _b.Link.Url.Port;
        _a.StartCopy();
        _a.Holders.Set(FakeHolders.Here(), FakeHolders.There(_b.Link.Peer));
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task What_one_node_takes_is_readable_on_both_when_it_is_acknowledged()
    {
        _b.StartCopy();
        for (var number = 1; number <= 20; number += 2)
            Assert.True((await _a.WriteAsync(number, number + 1)).AllAccepted);
        double[] all = [.. Enumerable.Range(1, 20)];
        Assert.Equal(all, _a.Values);
        Assert.Equal(all, _b.Values);
    }

    [Fact]
    public async Task An_acknowledgement_waits_for_the_copy_that_is_away()
    {
        var written = _a.WriteAsync(1);
        await EventuallyAsync(() => _a.Values.Count == 1);
        Assert.False(written.IsCompleted);

        _b.StartCopy();

        Assert.True((await written).AllAccepted);
        Assert.Equal([1.0], _b.Values);
    }

    [Fact]
    public async Task A_copy_that_is_started_again_gets_what_it_missed()
    {
        _b.StartCopy();
        await _a.WriteAsync(1);
        await _b.StopCopyAsync();
        var written = _a.WriteAsync(2, 3);
        await EventuallyAsync(() => _a.Values.Count == 3);
        _b.StartCopy();
        Assert.True((await written).AllAccepted);
        Assert.Equal([1.0, 2.0, 3.0], _b.Values);
    }

    [Fact]
    public async Task After_a_cut_of_the_connection_everything_unacknowledged_arrives()
    {
        _b.StartCopy();
        await _a.WriteAsync(1);
        await _b.Link.StopListeningAsync();
        var written = _a.WriteAsync(2, 3, 4);
        await EventuallyAsync(() => _a.Link.Metric("actormon_link_call_failures_total") > 0);
        Assert.False(written.IsCompleted);
        await _b.Link.ListenAsync(_port, _b.BatchesOperation);
        Assert.True((await written).AllAccepted);
        Assert.Equal([1.0, 2.0, 3.0, 4.0], _b.Values);
    }

    [Fact]
    public async Task A_batch_sent_twice_is_stored_once()
    {
        _b.StartCopy();
        await _a.WriteAsync(1);
        var before = _b.Link.Metric("actormon_ingest_batches_written_total");
        var again = Actors.Tests.Series.Batches.Of(0, 9);
        again.Number = 1;
        await using var answer = await _a.Link.Client.CallAsync(_b.Link.Peer, LinkOperations.Batches, body =>
        {
            LinkFrames.Write(body, BatchFormat.BatchKind, new BatchEncoder().Encode(new AddressedBatch(1, default, again)));
            LinkFrames.WriteEnd(body);
        }, Patience, default);
        Assert.Equal([new BatchAnswer(BatchReply.Accepted, 0)], BatchReplies.Decode((await answer.Frames.ReadAsync())!.Value.Reader())!);
        Assert.Equal(before, _b.Link.Metric("actormon_ingest_batches_written_total"));
        Assert.Equal([1.0], _b.Values);
    }

    [Fact]
    public async Task A_node_of_another_cluster_stores_nothing()
    {
        _b.StartCopy();
        await _a.WriteAsync(1);
        await using var stranger = new LinkNode(Guid.NewGuid(), "s", partitions: 1);
        await using var answer = await stranger.Client.CallAsync(_b.Link.Peer, LinkOperations.Batches, LinkFrames.WriteEnd, Patience, default);
        Assert.Equal(LinkStatus.WrongNode, answer.Status);
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience.Token);
    }
}
