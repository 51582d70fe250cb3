using ActorMon.Model.Ingest;
using ActorMon.Replication.Writers;

namespace ActorMon.Replication.Tests.Writers;

public class WriterPositionTests
{
    [Fact]
    public void Positions_say_what_sets_of_numbers_say()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var (mine, mySet) = Make(random);
            var (theirs, theirSet) = Make(random);
            Assert.Equal(theirSet.Except(mySet).Order(), mine.MissingOf(theirs).SelectMany(Numbers));
            var union = mine.Union(theirs);
            var all = mySet.Union(theirSet).ToHashSet();
            Assert.All(Enumerable.Range(1, 40), n => Assert.Equal(all.Contains(n), union.Has(n)));
            Assert.False(union.Has(union.Contiguous + 1));
            Assert.Empty(union.MissingOf(mine));
        }
    }

    [Fact]
    public void A_copy_with_too_many_gaps_asks_for_the_older_batches_first()
    {
        var received = new ReceivedBatches();
        var writer = new WriterId(1);
        for (var i = 0; i < ReceivedBatches.MaxRanges; i++)
            received.Add(writer, 2 + i * 2);
        Assert.Equal(BatchNumberVerdict.TooFarAhead, received.Check(writer, 10_000));
        Assert.Equal(BatchNumberVerdict.New, received.Check(writer, 1));
        Assert.Equal(BatchNumberVerdict.Known, received.Check(writer, 2));
    }

    [Fact]
    public void A_writer_that_has_ended_is_forgotten_when_no_sibling_has_more_of_it()
    {
        var (mine, theirs) = (new ReceivedBatches(), new ReceivedBatches());
        mine.Add(new WriterId(1), 1);
        mine.Add(new WriterId(2), 1);
        theirs.Add(new WriterId(2), 1);
        theirs.Add(new WriterId(2), 2);
        Assert.Equal(1, mine.Prune(_ => false, [theirs.Snapshot()]));
        Assert.Equal(1, mine.Writers);
        Assert.Equal([(new WriterId(2), new NumberRange(2, 2))], mine.MissingOf(theirs.Snapshot(), 10));
        mine.Union(theirs.Snapshot());
        Assert.Equal(1, mine.Prune(_ => false, [theirs.Snapshot()]));
    }

    private static IEnumerable<long> Numbers(NumberRange range)
    {
        for (var n = range.First; n <= range.Last; n++)
            yield return n;
    }

    private static (WriterPosition, HashSet<long>) Make(Random random)
    {
        var (position, set) = (WriterPosition.None, new HashSet<long>());
        for (var i = random.Next(30); i > 0; i--)
        {
            var first = random.Next(1, 36);
            var last = first + random.Next(4);
            position = position.Add(new NumberRange(first, last));
            for (var n = first; n <= last; n++)
                set.Add(n);
        }
        return (position, set);
    }
}
