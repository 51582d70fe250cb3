using ActorMon.Simulation.Tests.World;
using Xunit.Abstractions;

namespace ActorMon.Simulation.Tests;

/// <summary>
/// The protocol under everything that can go wrong. ACTORMON_SEEDS=n runs n seeds instead of the usual number, ACTORMON_SEED=s runs one and writes what happens:
/// a failing seed is the bug report.
/// </summary>
public class SimulationTests(ITestOutputHelper output)
{
    private const int UsualSeeds = 1_000;

    [Fact]
    public void The_invariants_hold_for_every_seed()
    {
        if (Number("ACTORMON_SEED") is { } one)
        {
            var result = SimWorld.Run(new SimulationOptions((ulong)one), output.WriteLine);
            output.WriteLine(result.ToString());
            Assert.Null(result.Violation);
            return;
        }
        var first = Number("ACTORMON_FIRST_SEED") ?? 1;
        var count = Number("ACTORMON_SEEDS") ?? UsualSeeds;
        var failed = new List<SimulationResult>();
        long acknowledged = 0, complete = 0, partial = 0, slowest = 0, events = 0;
        for (var seed = first; seed < first + count && failed.Count < 20; seed++)
        {
            var result = SimWorld.Run(new SimulationOptions((ulong)seed));
            acknowledged += result.Acknowledged;
            complete += result.CompleteReads;
            partial += result.PartialReads;
            events += result.Events;
            slowest = Math.Max(slowest, result.ConvergedAfterMs);
            if (result.Violation is not null)
                failed.Add(result);
        }
        output.WriteLine($"{count} seeds: {acknowledged} acknowledged, {complete} complete and {partial} partial reads, {events} events, slowest to converge {slowest} ms");
        Assert.True(failed.Count == 0, string.Join('\n', failed));
        // A run in which nothing is acknowledged or read would prove nothing.
        Assert.True(acknowledged > 100 * count && complete > 50 * count, $"{acknowledged} acknowledged, {complete} complete reads in {count} seeds");
    }

    [Fact]
    public void A_seed_is_the_same_run_every_time() =>
        Assert.Equal(SimWorld.Run(new SimulationOptions(7)), SimWorld.Run(new SimulationOptions(7)));

    private static long? Number(string variable) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
