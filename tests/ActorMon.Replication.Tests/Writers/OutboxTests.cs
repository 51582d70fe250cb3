using ActorMon.Replication.Map;
using ActorMon.Replication.Writers;

namespace ActorMon.Replication.Tests.Writers;

public class OutboxTests
{
    private readonly MapBench _bench = new MapBench(2, "a", "b", "c").Opened("a", "b");
    private readonly Outbox<string> _outbox = new(3, 1_000);

    [Fact]
    public void A_batch_is_acknowledged_when_every_required_copy_has_it()
    {
        _outbox.TryAdd("x", out var number);
        Assert.Equal(2, _outbox.Due(_bench.State, 0).Count);
        _outbox.Accepted(number, Stay("a"));
        Assert.Empty(_outbox.TakeAcknowledged(_bench.State));
        _outbox.Accepted(number, Stay("b"));
        Assert.Equal(["x"], _outbox.TakeAcknowledged(_bench.State));
        Assert.Equal(0, _outbox.Count);
    }

    [Fact]
    public void A_silent_holder_is_sent_the_batch_again_after_the_time_out_only()
    {
        _outbox.TryAdd("x", out var number);
        _outbox.Due(_bench.State, 0);
        _outbox.Accepted(number, Stay("a"));
        Assert.Empty(_outbox.Due(_bench.State, 999));
        Assert.Equal(_bench.Copy("b"), Assert.Single(_outbox.Due(_bench.State, 1_000)).To);
    }

    [Fact]
    public void A_refused_batch_is_due_as_soon_as_the_map_has_changed()
    {
        _outbox.TryAdd("x", out var number);
        _outbox.Due(_bench.State, 0);
        _outbox.Refused(number, Stay("b"));
        Assert.Empty(_outbox.Due(_bench.State, 1));
        _bench.Do(new StartJoin(MapBench.Partition, MapBench.Id("c")));
        Assert.Equal([_bench.Copy("b"), _bench.Copy("c")], _outbox.Due(_bench.State, 2).Select(d => d.To));
    }

    [Fact]
    public void A_copy_that_left_and_came_back_has_to_accept_again()
    {
        _bench.Join("c");
        _outbox.TryAdd("x", out var number);
        _outbox.Accepted(number, Stay("c"));
        _bench.Do(new StartLeave(_bench.Stint("c")));
        _bench.Do(new SteppedOut(_bench.Stint("c"), Failed: false));
        _bench.Do(new CopyDropped(_bench.Stint("c")));
        _bench.Join("c");
        _outbox.Accepted(number, Stay("a"));
        _outbox.Accepted(number, Stay("b"));
        Assert.Empty(_outbox.TakeAcknowledged(_bench.State));
        _outbox.Accepted(number, Stay("c"));
        Assert.Equal(["x"], _outbox.TakeAcknowledged(_bench.State));
    }

    [Fact]
    public void Nothing_is_acknowledged_while_no_copy_is_in_sync()
    {
        _outbox.TryAdd("x", out var number);
        _outbox.Accepted(number, Stay("a"));
        _bench.Gone("b");
        _bench.Gone("a");
        Assert.Empty(_outbox.TakeAcknowledged(_bench.State));
    }

    [Fact]
    public void A_full_outbox_refuses_and_numbers_are_never_given_twice()
    {
        for (var i = 1; i <= 3; i++)
        {
            Assert.True(_outbox.TryAdd("x", out var number));
            Assert.Equal(i, number);
        }
        Assert.False(_outbox.TryAdd("x", out _));
        Assert.True(_outbox.TryTake(2, out _));
        Assert.True(_outbox.TryAdd("x", out var next));
        Assert.Equal(4, next);
        Assert.Equal(1, _outbox.Oldest);
    }

    private CopyStay Stay(string node) => _bench.Copy(node)!.Stay;
}
