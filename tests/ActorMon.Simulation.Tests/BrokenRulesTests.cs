using ActorMon.Simulation.Tests.World;
using Xunit.Abstractions;

namespace ActorMon.Simulation.Tests;

/// <summary>The judge is judged: with any one rule left out some seed fails soon, so a run of seeds without failure means something.</summary>
public class BrokenRulesTests(ITestOutputHelper output)
{
    private const ulong MostSeeds = 1_500;

    /// <summary>Rules with the first seed to try: the rarest of them shows at one seed in some thousands.</summary>
    public static TheoryData<BrokenRule, ulong> Rules => new()
    {
        { BrokenRule.Fence, 1 },
        { BrokenRule.Comparison, 1 },
        { BrokenRule.Confirming, 1 },
        { BrokenRule.LastCopy, 1 },
        { BrokenRule.Lease, 1 },
        { BrokenRule.RemovalGate, 1 },
        { BrokenRule.Grant, 1 },
        { BrokenRule.StepOut, 1 },
        { BrokenRule.ComparedAnew, 14_000 },
        { BrokenRule.RestartedInSync, 1 },
        { BrokenRule.MissedDeletions, 1 },
        { BrokenRule.ForgottenDeletions, 1 },
        { BrokenRule.LateBatches, 1 },
        { BrokenRule.ForgottenCopies, 8_500 },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_left_out_is_noticed(BrokenRule rule, ulong first)
    {
        for (var seed = first; seed < first + MostSeeds; seed++)
        {
            var result = SimWorld.Run(new SimulationOptions(seed, rule));
            if (result.Violation is null)
                continue;
            output.WriteLine(result.ToString());
            return;
        }
        Assert.Fail($"{MostSeeds} seeds without {rule}, and none failed");
    }
}
