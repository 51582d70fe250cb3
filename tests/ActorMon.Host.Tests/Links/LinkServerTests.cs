using System.Buffers;
using System.Net.Sockets;
using System.Text;
using ActorMon.Protocol.Links;

namespace ActorMon.Host.Tests.Links;

public sealed class LinkServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Guid Cluster = Guid.NewGuid();
    private readonly LinkNode _a = new(Cluster, "a");
    private readonly LinkNode _b = new(Cluster, "b");
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _entered = new(0);
    private LinkRequest? _seen;

    public Task InitializeAsync() => _b.ListenAsync(
        TestOperation.Echo(new LinkBounds(1 << 20, 8)),
        new TestOperation("note", (request, _) =>
        {
            _seen = request;
            LinkFrames.WriteEnd(request.Answer);
            return Task.CompletedTask;
        }),
        new TestOperation("hello", (request, _) =>
        {
            LinkFrames.WriteEnd(request.Answer);
            return Task.CompletedTask;
        }, strangers: true),
        new TestOperation("refuse", (request, _) =>
        {
            request.Refuse(LinkStatus.NotHeld, "partition 3 is not here");
            return Task.CompletedTask;
        }),
        new TestOperation("crash", (_, _) => throw new InvalidOperationException("a bug")),
        new TestOperation("crash-late", async (request, cancellation) =>
        {
            LinkFrames.Write(request.Answer, 1, new byte[100_000]);
            await request.Answer.FlushAsync(cancellation);
            throw new InvalidOperationException("a bug");
        }),
        new TestOperation("wait", async (request, cancellation) =>
        {
            _entered.Release();
            await _open.Task.WaitAsync(cancellation);
            LinkFrames.WriteEnd(request.Answer);
        }, new LinkBounds(100, 1)));

    public async Task DisposeAsync()
    {
        _open.TrySetResult();
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task Frames_go_there_and_come_back_and_both_sides_know_who_the_other_is()
    {
        var big = new byte[300_000];
        new Random(5).NextBytes(big);
        for (var round = 0; round < 3; round++)
        {
            await using var answer = await CallAsync("echo", body =>
            {
                LinkFrames.Write(body, 3, "x"u8);
                LinkFrames.Write(body, 4, big);
                LinkFrames.WriteEnd(body);
            });
            Assert.Equal((LinkStatus.Ok, null, 42L), (answer.Status, answer.Error, answer.MapVersion));
            Assert.Equal(3, (await answer.Frames.ReadAsync())!.Value.Kind);
            Assert.Equal(big, (await answer.Frames.ReadAsync())!.Value.Content.ToArray());
            Assert.Null(await answer.Frames.ReadAsync());
        }
        await using (await CallAsync("note"))
            Assert.Equal((new LinkSender("a", _a.Identity.Incarnation), 42L), (_seen!.Sender, _seen.MapVersion));
        Assert.Equal(4, _a.Metric("actormon_link_calls_total"));
        Assert.Equal(4, _b.Metric("actormon_link_requests_total"));
        // The note's end frame was sent there, but its answer was not read.
        Assert.Equal(_a.Metric("actormon_link_sent_bytes_total"), _a.Metric("actormon_link_received_bytes_total") + LinkFrames.HeaderBytes + 1);
    }

    [Fact]
    public async Task A_node_of_another_cluster_another_P_or_another_life_is_refused()
    {
        await RefusedAsync(_a.Identity with { Cluster = Guid.NewGuid() }, "node a belongs to cluster ");
        await RefusedAsync(_a.Identity with { Partitions = 64 }, "node a has 64 partitions, this node 32");
        await RefusedAsync(_a.Identity with { HashVersion = 9 }, "places series by hash version 9, this node by 1");
        await RefusedAsync(_a.Identity with { Cluster = Guid.Empty }, "node a belongs to no cluster");
        await using var answer = await _a.Client.CallAsync(_b.Peer with { Incarnation = 5 }, "note", LinkFrames.WriteEnd, Patience, default);
        Assert.Equal(LinkStatus.WrongNode, answer.Status);
        Assert.Contains("meant for incarnation 0000000000000005", answer.Error, StringComparison.Ordinal);
        Assert.Null(_seen);
        await using var hello = await CallAsync("hello");
        Assert.Equal(LinkStatus.Ok, hello.Status);

        async Task RefusedAsync(LinkIdentity identity, string error)
        {
            await using var stranger = new LinkNode(Cluster, "a") { Identity = identity };
            await using var refused = await stranger.Client.CallAsync(_b.Peer, "note", LinkFrames.WriteEnd, Patience, default);
            Assert.Equal(LinkStatus.WrongNode, refused.Status);
            Assert.Contains(error, refused.Error, StringComparison.Ordinal);
            if (identity.Cluster != Guid.Empty)
                return;
            await using var greeted = await stranger.Client.CallAsync(_b.Peer, "hello", LinkFrames.WriteEnd, Patience, default);
            Assert.Equal(LinkStatus.Ok, greeted.Status);
        }
    }

    [Theory]
    [InlineData("nothing", LinkStatus.UnknownOperation, "this node knows no operation POST \"/link/v1/nothing\"")]
    [InlineData("refuse", LinkStatus.NotHeld, "partition 3 is not here")]
    [InlineData("crash", LinkStatus.Failed, "a bug")]
    public async Task What_cannot_be_answered_is_answered_with_a_reason(string operation, LinkStatus status, string error)
    {
        await using var answer = await CallAsync(operation);
        Assert.Equal((status, $"{operation} at {_b.Url.Authority}: {error}"), (answer.Status, answer.Error));
        Assert.Equal(1, _b.Metric("actormon_link_requests_refused_total"));
        Assert.Equal(1, _a.Metric("actormon_link_calls_refused_total"));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_never_taken_for_a_whole_one()
    {
        await using var answer = await CallAsync("crash-late");
        await Assert.ThrowsAsync<LinkBrokenException>(async () =>
        {
            while (await answer.Frames.ReadAsync() is not null)
            {
            }
        });
        Assert.False(answer.Frames.IsComplete);
    }

    [Fact]
    public async Task A_malformed_or_too_large_body_costs_its_request_only()
    {
        await using (var malformed = await CallAsync("echo", body => body.Write(new byte[64])))
            Assert.Equal((LinkStatus.Malformed, true), (malformed.Status, malformed.Error!.Contains("a frame of 0 bytes", StringComparison.Ordinal)));
        await using (var large = await CallAsync("echo", body => body.Write(new byte[(1 << 20) + 1])))
            Assert.Equal((LinkStatus.Malformed, true), (large.Status, large.Error!.Contains("echo takes at most 1048576", StringComparison.Ordinal)));
        await using var fine = await CallAsync("echo");
        Assert.Null(await fine.Frames.ReadAsync());
    }

    [Fact]
    public async Task Requests_beyond_the_bound_of_an_operation_are_refused_while_others_go_on()
    {
        var first = CallAsync("wait");
        Assert.True(await _entered.WaitAsync(Patience));
        await using (var second = await CallAsync("wait"))
            Assert.Equal((LinkStatus.Busy, true), (second.Status, second.Error!.EndsWith("1 requests for wait of node a are open, which is the limit", StringComparison.Ordinal)));
        await using (var other = await CallAsync("note"))
            Assert.True(other.IsOk);
        _open.SetResult();
        await using var answered = await first;
        Assert.True(answered.IsOk);
    }

    [Fact]
    public async Task A_call_ends_at_its_deadline_and_a_peer_that_is_away_is_said_to_be()
    {
        await using (var late = await _a.Client.CallAsync(_b.Peer, "wait", LinkFrames.WriteEnd, TimeSpan.FromMilliseconds(50), default))
            Assert.Equal(LinkStatus.TimedOut, late.Status);
        var peer = _b.Peer;
        await _b.DisposeAsync();
        await using var away = await _a.Client.CallAsync(peer, "note", LinkFrames.WriteEnd, Patience, default);
        Assert.Equal(LinkStatus.Unreachable, away.Status);
        Assert.Contains("connection refused", away.Error, StringComparison.Ordinal);
        Assert.Equal(2, _a.Metric("actormon_link_call_failures_total"));
    }

    [Fact]
    public async Task Bytes_that_are_not_http_close_their_connection_only()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_b.Url.Host, _b.Url.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes("\0\u0001rubbish\r\n\r\n"));
        var reply = new byte[4096];
        using var patience = new CancellationTokenSource(Patience);
        var total = 0;
        for (int read; (read = await socket.GetStream().ReadAsync(reply, patience.Token)) > 0;)
            total += read;
        Assert.True(total > 0);
        await using var fine = await CallAsync("note");
        Assert.True(fine.IsOk);
    }

    private Task<LinkAnswer> CallAsync(string operation, Action<IBufferWriter<byte>>? body = null) =>
        _a.Client.CallAsync(_b.Peer, operation, body ?? LinkFrames.WriteEnd, Patience, default);
}
