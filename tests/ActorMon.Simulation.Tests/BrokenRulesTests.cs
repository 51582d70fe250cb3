using ActorMon.Simulation.Tests.World;
using Xunit.Abstractions;

namespace ActorMon.Simulation.Tests;

/// <summary>The judge is judged: with any one rule left out some seed fails soon, so a run of seeds without failure means something.</summary>
public class BrokenRulesTests(ITestOutputHelper output)
{
    private const ulong MostSeeds = 1_500;

    public static TheoryData<BrokenRule> Rules => [.. Enum.GetValues<BrokenRule>().Where(r => r != BrokenRule.None)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_left_out_is_noticed(BrokenRule rule)
    {
        for (ulong seed = 1; seed <= MostSeeds; seed++)
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
