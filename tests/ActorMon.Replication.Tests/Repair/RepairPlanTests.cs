using System.Collections.Immutable;
using ActorMon.Model.Ingest;
using ActorMon.Replication.Digests;
using ActorMon.Replication.Map;
using ActorMon.Replication.Repair;
using ActorMon.Replication.Writers;

namespace ActorMon.Replication.Tests.Repair;

public class RepairPlanTests
{
    private static readonly NodeIncarnation B = new(MapBench.Id("b"), 1), C = new(MapBench.Id("c"), 1);
    private static readonly WriterId Writer = new(7);

    [Fact]
    public void A_gap_is_fetched_once_although_two_siblings_have_it()
    {
        var mine = new ReceivedBatches();
        mine.Add(Writer, 1);
        var theirs = new ReceivedBatches();
        theirs.Union([new(Writer, new WriterPosition(4, []))]);
        var steps = RepairPlan.Decide(mine, null, [new SiblingState(B, theirs.Snapshot(), null), new SiblingState(C, theirs.Snapshot(), null)], 10);
        Assert.Equal([new FetchBatches(B, Writer, new NumberRange(2, 4))], steps);
    }

    [Fact]
    public void Cells_that_differ_are_fetched_and_what_only_this_copy_has_is_left_to_the_others()
    {
        var mine = Digest(0, (0, 1, 10), (100, 1, 11), (200, 2, 12));
        var theirs = Digest(0, (0, 1, 10), (100, 1, 13), (100, 2, 14));
        var steps = RepairPlan.Decide(new ReceivedBatches(), mine, [Sibling(theirs)], 10);
        Assert.Equal([new FetchCell(B, new DigestCell(100, 1)), new FetchCell(B, new DigestCell(100, 2))], steps);
        Assert.Single(RepairPlan.Decide(new ReceivedBatches(), mine, [Sibling(theirs)], 1));
    }

    [Fact]
    public void Batches_that_no_log_has_any_more_do_not_keep_cells_from_being_fetched()
    {
        var theirs = new ReceivedBatches();
        for (var i = 1; i < 40; i += 2)
            theirs.Add(Writer, i);
        var steps = RepairPlan.Decide(new ReceivedBatches(), Digest(0, (0, 1, 10)), [new SiblingState(B, theirs.Snapshot(), Digest(0, (0, 1, 11)))], 8);
        Assert.Contains(new FetchCell(B, new DigestCell(0, 1)), steps);
        Assert.InRange(steps.Count, 5, 8);
    }

    [Fact]
    public void Equal_contents_settle_what_is_missing_by_number()
    {
        var theirs = new ReceivedBatches();
        theirs.Add(Writer, 3);
        var step = Assert.Single(RepairPlan.Decide(new ReceivedBatches(), Digest(0, (0, 1, 10)), [new SiblingState(B, theirs.Snapshot(), Digest(0, (0, 1, 10)))], 8));
        var mine = new ReceivedBatches();
        mine.Union(Assert.IsType<AdoptPositions>(step).Positions);
        Assert.Empty(mine.MissingOf(theirs.Snapshot(), 8));
    }

    [Fact]
    public void Digests_at_different_versions_of_the_deletions_are_not_compared() =>
        Assert.Empty(RepairPlan.Decide(new ReceivedBatches(), Digest(1, (0, 1, 10)), [Sibling(Digest(2, (0, 1, 11)))], 10));

    private static SiblingState Sibling(CopyDigest digest) => new(B, ImmutableDictionary<WriterId, WriterPosition>.Empty, digest);

    private static CopyDigest Digest(long version, params (long Window, int Bucket, int Hash)[] cells) =>
        new(version, 0, cells.ToImmutableSortedDictionary(c => new DigestCell(c.Window, c.Bucket), c => new CellDigest((UInt128)c.Hash, 1)));
}
