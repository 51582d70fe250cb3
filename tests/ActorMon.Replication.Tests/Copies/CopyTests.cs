using ActorMon.Replication.Copies;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Map;

namespace ActorMon.Replication.Tests.Copies;

public class CopyTests
{
    private readonly MapBench _bench = new MapBench(1, "a", "b").Opened("a");

    [Fact]
    public void A_holder_refuses_epochs_from_before_a_copy_was_waited_for()
    {
        var epoch = _bench.State.Epoch;
        var facts = Facts("a");
        _bench.Do(new StartJoin(MapBench.Partition, MapBench.Id("b")));
        Assert.Equal(BatchVerdict.Accept, CopyGate.Accept(_bench.State, DeletionLog.Empty, facts, 0, new BatchTerms(epoch, 0), leaseHolds: true));
        _bench.Do(new CaughtUp(_bench.Stint("b")));
        Assert.Equal(BatchVerdict.OldEpoch, CopyGate.Accept(_bench.State, DeletionLog.Empty, facts, 0, new BatchTerms(epoch, 0), leaseHolds: true));
        Assert.Equal(BatchVerdict.Accept, CopyGate.Accept(_bench.State, DeletionLog.Empty, facts, 0, new BatchTerms(_bench.State.Epoch, 0), leaseHolds: true));
    }

    [Fact]
    public void A_batch_from_before_deletions_that_are_forgotten_is_refused_until_it_is_sent_by_the_map_of_now()
    {
        var log = new DeletionLog(3, [new Deletion(4, new DeletionRequest(["up"], 0, 10))]);
        var epoch = _bench.State.Epoch;
        Assert.Equal(BatchVerdict.OldDeletions, CopyGate.Accept(_bench.State, log, Facts("a"), 4, new BatchTerms(epoch, 2), leaseHolds: true));
        // Entry 4 stands as a filter.
        Assert.Equal(BatchVerdict.Accept, CopyGate.Accept(_bench.State, log, Facts("a"), 4, new BatchTerms(epoch, 3), leaseHolds: true));
        // The writer's map may be the newer one.
        Assert.Equal(BatchVerdict.Accept, CopyGate.Accept(_bench.State, log, Facts("a"), 4, new BatchTerms(epoch, 4), leaseHolds: true));
    }

    [Fact]
    public void A_copy_from_before_deletions_that_are_forgotten_takes_nothing_until_it_is_made_anew()
    {
        var log = new DeletionLog(3, []);
        var sent = new BatchTerms(_bench.State.Epoch, 3);
        Assert.Equal(BatchVerdict.CopyForgotten, CopyGate.Accept(_bench.State, log, Facts("a"), 2, sent, leaseHolds: true));
        Assert.Equal(BatchVerdict.Accept, CopyGate.Accept(_bench.State, log, Facts("a"), 3, sent, leaseHolds: true));
    }

    [Fact]
    public void Without_a_lease_nothing_is_taken_and_no_read_is_complete()
    {
        Assert.Equal(BatchVerdict.NoLease, CopyGate.Accept(_bench.State, DeletionLog.Empty, Facts("a"), 0, new BatchTerms(_bench.State.Epoch, 0), leaseHolds: false));
        Assert.Equal(ReadGrade.Partial, CopyGate.Grade(_bench.State, Facts("a"), leaseHolds: false));
        Assert.Equal(ReadGrade.Complete, CopyGate.Grade(_bench.State, Facts("a"), leaseHolds: true));
    }

    [Fact]
    public void A_node_without_the_copy_or_in_another_life_holds_nothing()
    {
        var other = CopyFacts.Start(new NodeIncarnation(MapBench.Id("a"), 99));
        Assert.Equal(BatchVerdict.NotHolder, CopyGate.Accept(_bench.State, DeletionLog.Empty, other, 0, new BatchTerms(_bench.State.Epoch, 0), leaseHolds: true));
        Assert.Equal(ReadGrade.None, CopyGate.Grade(_bench.State, other, leaseHolds: true));
        Assert.Empty(CopyDuties.Of(MapBench.Partition, _bench.State, other, 1, true));
    }

    [Fact]
    public void A_joining_holder_fills_then_tells_then_compares_then_tells()
    {
        var facts = Facts("b");
        _bench.Do(new StartJoin(MapBench.Partition, MapBench.Id("b")));
        var fill = Assert.IsType<Fill>(Duty(facts));
        Assert.Equal(MapBench.Id("a"), Assert.Single(fill.Sources).Node);
        facts = facts.Apply(new FilledFrom(fill.Copy.Since));
        _bench.Do(Assert.IsType<CaughtUp>(Assert.IsType<Tell>(Duty(facts)).Report));
        var verify = Assert.IsType<Verify>(Duty(facts));
        Assert.True(CopyGate.MayConfirm(_bench.State, Facts("a"), verify.Copy.Since));
        facts = facts.Apply(new VerifiedWith(verify.Copy.Since));
        _bench.Do(Assert.IsType<Verified>(Assert.IsType<Tell>(Duty(facts)).Report));
        Assert.Equal("a:InSync b:InSync", _bench.States);
        Assert.Empty(CopyDuties.Of(MapBench.Partition, _bench.State, facts, 1, true));
    }

    [Fact]
    public void A_source_that_has_not_seen_the_epoch_does_not_confirm()
    {
        var before = _bench.State;
        _bench.Do(new StartJoin(MapBench.Partition, MapBench.Id("b")));
        _bench.Do(new CaughtUp(_bench.Stint("b")));
        Assert.False(CopyGate.MayConfirm(before, Facts("a"), _bench.Stint("b").Since));
    }

    [Fact]
    public void A_leaving_holder_stops_first_and_tells_then()
    {
        _bench.Join("b");
        _bench.Do(new StartLeave(_bench.Stint("b")));
        var facts = Facts("b");
        Assert.Equal(ReadGrade.Complete, CopyGate.Grade(_bench.State, facts, leaseHolds: true));
        var step = Assert.IsType<StepAside>(Duty(facts));
        facts = facts.Apply(new SteppedAside(step.Copy.Since));
        Assert.Equal(ReadGrade.Partial, CopyGate.Grade(_bench.State, facts, leaseHolds: true));
        Assert.Equal(BatchVerdict.SteppedOut, CopyGate.Accept(_bench.State, DeletionLog.Empty, facts, 0, new BatchTerms(_bench.State.Epoch, 0), leaseHolds: true));
        _bench.Do(Assert.IsType<SteppedOut>(Assert.IsType<Tell>(Duty(facts)).Report));
        Assert.IsType<DeleteFiles>(Duty(facts));
    }

    [Fact]
    public void Failed_storage_is_told_and_its_repair_as_well()
    {
        _bench.Join("b");
        var facts = Facts("b").Apply(new StorageFailed());
        Assert.Equal(BatchVerdict.SteppedOut, CopyGate.Accept(_bench.State, DeletionLog.Empty, facts, 0, new BatchTerms(_bench.State.Epoch, 0), leaseHolds: true));
        facts = facts.Apply(new SteppedAside(Assert.IsType<StepAside>(Duty(facts)).Copy.Since));
        _bench.Do(Assert.IsType<SteppedOut>(Assert.IsType<Tell>(Duty(facts)).Report));
        Assert.Empty(CopyDuties.Of(MapBench.Partition, _bench.State, facts, _bench.State.Epoch, true));
        _bench.Do(Assert.IsType<CopyRepaired>(Assert.IsType<Tell>(Duty(facts.Apply(new StorageRepaired()))).Report));
        Assert.Equal("a:InSync b:Stale", _bench.States);
    }

    [Fact]
    public void A_copy_that_has_told_to_step_out_does_not_go_on_because_its_storage_is_repaired_before_the_map_shows_it()
    {
        _bench.Join("b");
        var before = _bench.State;
        var facts = Facts("b").Apply(new StorageFailed()).Apply(new SteppedAside(_bench.Stint("b").Since)).Apply(new StorageRepaired());
        Assert.Equal(ReadGrade.Partial, CopyGate.Grade(before, facts, leaseHolds: true));
        Assert.Equal(BatchVerdict.SteppedOut, CopyGate.Accept(before, DeletionLog.Empty, facts, 0, new BatchTerms(before.Epoch, 0), leaseHolds: true));
        _bench.Do(Assert.IsType<SteppedOut>(Assert.IsType<Tell>(Duty(facts)).Report));
        Assert.Equal("a:InSync b:Stale", _bench.States);
    }

    private CopyDuty Duty(CopyFacts facts) => Assert.Single(CopyDuties.Of(MapBench.Partition, _bench.State, facts, _bench.State.Epoch, true));

    private CopyFacts Facts(string node) => CopyFacts.Start(_bench.Map.Nodes[MapBench.Id(node)].Current);
}
