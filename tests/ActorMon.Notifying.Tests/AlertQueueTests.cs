using ActorMon.Notifying.Alerts;
using ActorMon.Notifying.Options;
using CsCheck;
using static ActorMon.Notifying.Tests.Alerts;

namespace ActorMon.Notifying.Tests;

public sealed class AlertQueueTests
{
    [Fact]
    public void Alerts_leave_in_the_order_they_came_and_in_batches()
    {
        var queue = new AlertQueue(new QueueOptions(10, 3));
        Assert.Equal(0, queue.Add(Numbered(1, 2)));
        Assert.Equal(0, queue.Add(Numbered(3, 2)));

        Assert.Equal(["a1", "a2", "a3"], Names(queue.TakeBatch()));
        Assert.Equal(["a4"], Names(queue.TakeBatch()));
        Assert.Empty(queue.TakeBatch());
    }

    [Fact]
    public void When_there_is_no_room_the_oldest_go()
    {
        var queue = new AlertQueue(new QueueOptions(3, 10));
        queue.Add(Numbered(1, 2));
        Assert.Equal(1, queue.Add(Numbered(3, 2)));
        Assert.Equal(["a2", "a3", "a4"], Names(queue.TakeBatch()));
    }

    [Fact]
    public void Of_more_than_fits_at_all_the_last_stay()
    {
        var queue = new AlertQueue(new QueueOptions(3, 10));
        queue.Add(Numbered(1, 2));
        Assert.Equal(4, queue.Add(Numbered(3, 5)));
        Assert.Equal(["a5", "a6", "a7"], Names(queue.TakeBatch()));
    }

    [Fact]
    public void What_is_thrown_away_is_counted()
    {
        var queue = new AlertQueue(new QueueOptions());
        queue.Add(Numbered(1, 5));
        Assert.Equal(5, queue.Clear());
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Whatever_is_added_and_taken_is_the_end_of_what_came_and_every_loss_is_told() => Gen.Select(
        Gen.Int[1, 20], Gen.Int[1, 8], Gen.Select(Gen.Int[0, 30], Gen.Bool).Array[0, 30]).Sample((capacity, size, steps) =>
    {
        var queue = new AlertQueue(new QueueOptions(capacity, size));
        var expected = new List<string>();
        var next = 0;
        foreach (var (count, take) in steps)
        {
            var came = Numbered(next, count);
            next += count;
            expected.AddRange(Names(came));
            var lost = Math.Max(0, expected.Count - capacity);
            expected.RemoveRange(0, lost);
            Assert.Equal(lost, queue.Add(came));
            Assert.Equal(expected.Count, queue.Count);
            if (!take)
                continue;
            var batch = Names(queue.TakeBatch());
            Assert.Equal(expected.Take(size), batch);
            expected.RemoveRange(0, batch.Length);
        }
    });
}
