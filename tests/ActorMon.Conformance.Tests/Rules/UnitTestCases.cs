using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Rules;

/// <summary>Files of rule unit tests end with the exit code they end with in promtool.</summary>
public sealed class UnitTestCases
{
    [ConformanceFact]
    public async Task Files_of_unit_tests_pass_and_fail_as_in_promtool()
    {
        var run = new ConformanceRun("rules", "unitTests");
        foreach (var test in RuleKit.Expected.GetProperty("unitTests").EnumerateArray())
        {
            if (RuleKit.Text(test, "name").StartsWith("Disabled feature", StringComparison.Ordinal))
            {
                run.Skip("the @ modifier and negative offsets cannot be switched off, as in every original since 2.33");
                continue;
            }
            await run.CaseAsync(RuleKit.Text(test, "name"), async () =>
            {
                string[] ignore = RuleKit.Flag(test, "ignoreUnknownFields") ? ["--ignore-unknown-fields"] : [];
                var filters = RuleKit.Texts(test, "runFilter").Select(f => "--run=" + f);
                var (code, output, errors) = await RuleKit.ToolAsync("", ["test", "rules", .. ignore, .. filters, .. RuleKit.Texts(test, "files").Select(RuleKit.PathOf)]);
                Assert.True(code == test.GetProperty("exitCode").GetInt32(), $"exit code {code}\n{output}{errors}");
                Assert.Equal(code == 0, errors.Length == 0);
            });
        }
        run.Finish(21);
    }
}
