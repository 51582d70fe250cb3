using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ActorMon.Model.Matchers;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Matchers;

public sealed class RegexConformanceTests
{
    /// <summary>Which of the kit's values each of its regexes matches whole (bit i: value i), worked out with another engine (Python's re).</summary>
    private static readonly string[] Expected =
    [
        "0000000000000000800", "0000000000000000001", "0000000000000000001", "0000000000000000005", "04000000000c0000101", "02000000000804000b1",
        "02000000000804000b1", "02000000000804000b0", "0800080000000000840", "1ffffffffffffffffff", "1fffffffffffffff7ff", "04000000000c0000100",
        "02000000000804000b0", "0000000000000000000", "0000000000000000100", "06000000001c04407b3", "0000000000140040602", "06000000001c0440fb3",
        "06000000001c044f7b3", "06000000001c04407b7", "04000000000c000011f", "06000000001c04407bf", "0000000000000000602", "06000000001c04407bf",
        "02000000001c04406be", "1ffffffffffffffffff", "1fffffffffffffff7ff", "02000000000804000b1", "000000000000000f001", "000000000000000f005",
        "0000000000000000004", "000000000000003f005", "0000000000600000000", "000280063003800003f", "0000000000000000800", "0000000000000400000",
        "0000000000000000000", "0000000000001800000", "02000000000804000b0", "0000000000028000000", "0000000000008000000", "0000004200000000000",
        "0000000800000000000", "000001c200000000000", "0000024600000000000", "000000000f800000000", "000007c600000000000", "000007c600000000000",
        "0000024600000000000", "0000000000000008001", "0400000000000000101", "0000000000000004001", "06000000001c04401b1", "04000000001c0040102",
        "0400000000000000105", "0000000000200000000", "00000001f0000000000", "0000000070000000000", "0000000180000000000", "0000000180000000000",
        "0000000030000000000", "06000000001c04427b3", "06000000001c04447b3", "0000003800147800000", "0101f80000000000000", "0000400000000000000",
        "0000000000000000000", "009e080000000000000", "0018000000000000000", "0060000000000000000",
    ];

    [ConformanceFact]
    public void Every_regex_answers_on_every_value_as_an_anchored_engine_does()
    {
        var kit = ConformanceData.Json("parser", "regex-cases.json");
        var values = kit.GetProperty("values").EnumerateArray().Select(ConformanceData.Text).ToArray();
        var run = new ConformanceRun("parser", "regexes");
        var row = 0;
        foreach (var regex in kit.GetProperty("regexes").EnumerateArray().Select(r => r.GetString()!))
        {
            var expected = BigInteger.Parse(Expected[row++], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            run.Case(regex.Length > 60 ? regex[..60] : regex, () =>
            {
                var parsed = AnchoredRegex.Parse(regex);
                for (var i = 0; i < values.Length; i++)
                    Assert.True(parsed.IsMatch(values[i]) == !((expected >> i) & 1).IsZero, $"value {i}: {values[i]}");
            });
        }
        run.Finish(70);
    }

    [ConformanceFact]
    public void Finite_sets_of_values_are_found()
    {
        var run = new ConformanceRun("parser", "regexSetMatches");
        foreach (var @case in ConformanceData.Json("parser", "regex-cases.json").GetProperty("setMatches").EnumerateArray())
        {
            var pattern = @case.GetProperty("pattern").GetString()!;
            run.Case(pattern, () =>
            {
                var matches = @case.GetProperty("expMatches");
                var sensitive = @case.GetProperty("expCaseSensitive").GetBoolean();
                var expected = matches.ValueKind == JsonValueKind.Null ? null : matches.EnumerateArray().Select(m => m.GetString()!).ToArray();
                var regex = AnchoredRegex.Parse(pattern);
                Assert.Equal(sensitive ? expected : null, regex.SetMatches);
                // Without case the kit may list a value in more than one case.
                Assert.Equal(sensitive ? null : Fold(expected), Fold(regex.FoldedSetMatches));
            });
        }
        run.Finish(32);
    }

    private static string[]? Fold(IEnumerable<string>? values) => values?.Select(v => v.ToUpperInvariant()).Distinct().ToArray();
}
