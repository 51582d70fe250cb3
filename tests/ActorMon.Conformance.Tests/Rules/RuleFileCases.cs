using System.Text;
using System.Text.Json;
using ActorMon.Configuration.Rules;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.PromQL.Parsing;
using ActorMon.Rules.Files;
using ActorMon.Rules.Templating;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Rules;

/// <summary>Rule files are accepted and refused as the original does, with its texts.</summary>
public sealed class RuleFileCases
{
    [ConformanceFact]
    public void Rule_files_load_or_are_refused_with_the_originals_text()
    {
        var run = new ConformanceRun("rules", "ruleFiles");
        foreach (var test in RuleKit.Expected.GetProperty("ruleFiles").EnumerateArray())
            run.Case(RuleKit.Text(test, "file"), () =>
            {
                var result = Read(File.ReadAllBytes(RuleKit.PathOf(RuleKit.Text(test, "file"))), RuleKit.Text(test, "nameValidation") == "legacy" ? NameValidation.Legacy : NameValidation.Utf8);
                if (RuleKit.Flag(test, "ok"))
                    Assert.Empty(result.Errors);
                else
                    Assert.Contains(result.Errors, e => e.ToString().Contains(RuleKit.Text(test, "errorContains"), StringComparison.Ordinal));
            });
        run.Finish(16);
    }

    [ConformanceFact]
    public void Templates_are_checked_at_load()
    {
        var run = new ConformanceRun("rules", "ruleTemplateChecks");
        foreach (var test in RuleKit.Expected.GetProperty("ruleTemplateChecks").EnumerateArray())
            run.Case(RuleKit.Text(test, "note"), () =>
                Assert.Equal(RuleKit.Flag(test, "ok"), Read(Encoding.UTF8.GetBytes(RuleKit.Text(test, "yaml")), NameValidation.Utf8).Errors.Count == 0));
        run.Finish(5);
    }

    [ConformanceFact]
    public async Task Checks_of_the_tool_end_as_in_promtool()
    {
        var run = new ConformanceRun("rules", "other");
        foreach (var test in RuleKit.Expected.GetProperty("other").EnumerateArray())
        {
            if (RuleKit.Text(test, "check").StartsWith("lint too-long", StringComparison.Ordinal))
                run.Skip("check config has no lint of scrape intervals");
            else
                await run.CaseAsync(RuleKit.Text(test, "check") + RuleKit.Text(test, "fact") + RuleKit.Text(test, "file"), () => OtherAsync(test));
        }
        run.Finish(12);
    }

    private static async Task OtherAsync(JsonElement test)
    {
        if (test.TryGetProperty("fact", out var fact))
        {
            Facts(fact.GetString()!);
            return;
        }
        var path = RuleKit.PathOf(RuleKit.Text(test, "file"));
        if (RuleKit.Text(test, "check") == "duplicate rules")
        {
            var found = DuplicateRules.Find(Read(File.ReadAllBytes(path), NameValidation.Utf8).File!);
            var expected = test.GetProperty("expected");
            var wanted = expected.ValueKind == JsonValueKind.Array
                ? expected.EnumerateArray().Select(d => new DuplicateRule(RuleKit.Text(d, "metric"), LabelSet.Empty)).ToList()
                : [];
            Assert.Equal(wanted, found);
            return;
        }
        var features = RuleKit.Texts(test, "featureFlags").Select(f => "--enable-feature=" + f);
        string[] fatal = RuleKit.Text(test, "check").Contains("lint-fatal", StringComparison.Ordinal) ? ["--lint-fatal"] : [];
        var byFile = await RuleKit.ToolAsync("", [.. features, "check", "rules", .. fatal, path]);
        Assert.True(byFile.Code == test.GetProperty("exitCode").GetInt32(), $"exit code {byFile.Code}\n{byFile.Errors}");
        var byInput = await RuleKit.ToolAsync(File.ReadAllText(path), [.. features, "check", "rules", .. fatal]);
        Assert.Equal(byFile.Code, byInput.Code);
    }

    private static void Facts(string fact)
    {
        var bad = Read("groups:\n- name: G\n  rules:\n  - record: a\n    expr: +\n  - record: b\n    expr: +\n---\ngroups: []\n"u8, NameValidation.Utf8);
        if (fact.Contains("more than one YAML document", StringComparison.Ordinal))
            Assert.Single(bad.Warnings);
        else if (fact.StartsWith("two rules", StringComparison.Ordinal))
            Assert.Equal([5, 7], bad.Errors.Select(e => e.Place!.Value.Line));
        else
            Assert.StartsWith("5:11: group \"G\", rule 1, \"a\": ", bad.Errors[0].ToString(), StringComparison.Ordinal);
    }

    private static RuleFileResult Read(ReadOnlySpan<byte> content, NameValidation names) =>
        RuleFileReader.Read("", content, new RuleChecks(names, ParserOptions.Default, GoRuleTemplates.Instance));
}
