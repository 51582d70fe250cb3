using ActorMon.Simulation.Tests.World;

namespace ActorMon.Simulation.Tests;

/// <summary>
/// Seeds that found something, each run again for ever. A seed means another schedule once the simulator draws its chances in another order, so every bug has a test of
/// its own in the room's tests as well, and a rule that can be left out (<see cref="BrokenRule"/>) where the rule was new.
/// </summary>
public class FoundSeedsTests
{
    [Theory]
    // The map called a copy in sync before its node had made files or heard of it; when that node went as the last one, its disk could never prove itself and the
    // partition waited for ever.
    [InlineData(24)]
    [InlineData(81)]
    [InlineData(194)]
    // A partition's first copy was placed on a node that the cluster had removed and the map had not yet: the partition waited for it for ever.
    [InlineData(48183)]
    // The same copy, waited for and back without files: the others asked it for ever for content that it did not have.
    [InlineData(23)]
    [InlineData(354)]
    [InlineData(1141)]
    // A node that had left gracefully stayed up in the map: the word was lost, and nodes that had joined later never said how long they had not answered it.
    [InlineData(90)]
    [InlineData(127)]
    // Control ended at its first conflict in the journal, although the cluster wanted it there: nobody decided any more.
    [InlineData(2369)]
    // A copy told that its storage had failed, was repaired before it saw the map's answer, and went on as in sync while writers no longer waited for it.
    [InlineData(10834)]
    // A confirming copy had compared itself with a source that had not yet merged the copy the partition waited for; it came in sync without that content.
    [InlineData(6338)]
    [InlineData(7118)]
    [InlineData(10190)]
    // A frozen node came to the word "unreachable" after the word "reachable" and barred its peer for ever.
    [InlineData(6339)]
    [InlineData(9133)]
    [InlineData(13925)]
    // Batches that no log had any more were asked for again and again and left no room to fetch the cells that differed.
    [InlineData(32777)]
    // A batch that had been acknowledged without a joining copy came to that copy after every copy had applied a deletion of it and the log had forgotten it.
    [InlineData(853)]
    // A copy from before deletions that were forgotten opened the partition and took batches, and was made anew only then.
    [InlineData(52797)]
    [InlineData(8895)]
    [InlineData(20148)]
    public void A_seed_that_found_a_bug_holds(ulong seed) => Assert.Null(SimWorld.Run(new SimulationOptions(seed)).Violation);
}
