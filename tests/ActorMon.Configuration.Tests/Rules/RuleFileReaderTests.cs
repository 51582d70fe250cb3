using System.Text;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Rules;
using ActorMon.Configuration.Tests.Loading;
using ActorMon.Model.Names;
using ActorMon.PromQL.Parsing;
using ActorMon.Rules.Files;
using ActorMon.Rules.Groups;
using ActorMon.Rules.Templating;

namespace ActorMon.Configuration.Tests.Rules;

public sealed class RuleFileReaderTests
{
    private static readonly RuleChecks Checks = new(NameValidation.Utf8, ParserOptions.Default, GoRuleTemplates.Instance);

    private const string Whole = """
        groups:
          - name: one
            interval: 30s
            query_offset: 0s
            limit: 5
            labels: {team: x}
            rules:
              - &down
                alert: Down
                expr: up == 0
                for: 5m
                keep_firing_for: 1h
                labels: {severity: page, level: 3}
                annotations: {summary: "{{ $labels.instance }}"}
              - record: a:b
                expr: sum(up)
              - <<: *down
                alert: Other
          - name: two
        """;

    [Fact]
    public void A_file_has_every_key_of_groups_and_rules()
    {
        var file = Read(Whole).File!;
        var group = file.Groups[0];
        Assert.Equal(("one", TimeSpan.FromSeconds(30), TimeSpan.Zero, 5), (group.Name, group.Interval, group.QueryOffset, group.Limit));
        Assert.Null(file.Groups[1].QueryOffset);
        Assert.Equal(new FilePlace(2, 5), group.Place);
        var rule = group.Rules[0];
        Assert.Equal(("Down", "up == 0", TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)), (rule.Alert, rule.Expression, rule.For, rule.KeepFiringFor));
        Assert.Equal(("3", "{{ $labels.instance }}"), (rule.Labels["level"], rule.Annotations["summary"]));
        Assert.Equal((new FilePlace(9, 16), new FilePlace(10, 15)), (rule.AlertPlace, rule.ExpressionPlace));
        Assert.Equal("a:b", group.Rules[1].Record);
        Assert.Equal(("Other", TimeSpan.FromMinutes(5)), (group.Rules[2].Alert, group.Rules[2].For));
        Assert.Equal(3, file.RuleCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("groups:\n")]
    public void An_empty_file_has_no_rules(string text) => Assert.Empty(Read(text).File!.Groups);

    [Theory]
    [InlineData("groups:\n- nam: x\n", "r.yml: yaml: unmarshal errors:\n  line 2: field nam not found in type rulefmt.RuleGroup")]
    [InlineData("groups: 5\n", "r.yml: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!int `5` into []rulefmt.RuleGroup")]
    [InlineData("groups:\n- name: g\n  interval: soon\n", "r.yml: line 3: groups[0].interval: not a valid duration string: \"soon\"")]
    [InlineData("groups:\n- name: g\n  rules: [{record: a}]\n", "r.yml: 0:0: group \"g\", rule 1, \"a\": field 'expr' must be set in rule")]
    [InlineData("groups:\n- name: g\n  rules: [{alert: a, expr: 1, labels: {l: \"{{{\"}}]\n", "r.yml: group \"g\", rule 1, \"a\": label \"l\": template: __alert_a:1: unexpected \"{\" in command")]
    public void What_is_wrong_names_file_and_place(string text, string error) => Assert.Equal(error, Assert.Single(Read(text).Errors).ToString());

    [Fact]
    public void Two_bad_rules_are_two_errors() =>
        Assert.Equal(
            ["r.yml: 4:11: group \"g\", rule 1, \"a\": could not parse expression: 1:2: parse error: unexpected end of input",
                "r.yml: 6:11: group \"g\", rule 2, \"b\": could not parse expression: 1:2: parse error: unexpected end of input"],
            Read("groups:\n- name: g\n  rules:\n  - expr: +\n    record: a\n  - expr: +\n    record: b\n").Errors.Select(e => e.ToString()));

    [Fact]
    public void Unknown_keys_may_be_passed_over_and_more_documents_are_a_warning()
    {
        var text = "groups:\n- name: g\n  owner: {x: y}\n---\nnonsense: 1\n";
        Assert.NotEmpty(Read(text).Errors);
        var result = RuleFileReader.Read("r.yml", Encoding.UTF8.GetBytes(text), Checks, ignoreUnknownKeys: true);
        Assert.Equal("g", Assert.Single(result.File!.Groups).Name);
        Assert.Contains("more than one YAML document", Assert.Single(result.Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_a_configuration_are_found_by_patterns_each_once_and_one_bad_file_makes_all_unusable()
    {
        var files = new MemoryConfigFiles();
        files.Write("/r/a.yml", "groups: [{name: a}]");
        files.Write("/r/b.yml", "groups: [{name: b}]");
        var good = RuleFilesLoader.Load(["/r/*.yml", "/r/a.yml", "/none.yml", "/none/*.yml"], files, Checks);
        Assert.True(good.IsLoaded);
        Assert.Equal(["/r/a.yml", "/r/b.yml"], good.Files.Select(f => f.Path));
        Assert.Equal("/none.yml", Assert.Single(good.Warnings).File);
        files.Write("/r/c.yml", "groups: [{nam: b}]");
        var bad = RuleFilesLoader.Load(["/r/*.yml"], files, Checks);
        Assert.False(bad.IsLoaded);
        Assert.Empty(bad.Files);
        Assert.StartsWith("/r/c.yml: ", Assert.Single(bad.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_files_compile_or_give_errors()
    {
        var random = new Random(6);
        var loaded = 0;
        for (var i = 0; i < 800; i++)
        {
            var content = FuzzTests.Mutate(random, Whole);
            var result = FuzzTests.Try(() => RuleFileReader.Read("r.yml", content, Checks), content);
            Assert.Equal(result.File is null, result.Errors.Count > 0);
            if (result.File is null)
                continue;
            loaded++;
            FuzzTests.Try(() => RuleGroupCompiler.Compile(result.File, TimeSpan.FromMinutes(1), Checks), content);
        }
        Assert.InRange(loaded, 60, 780);
    }

    private static RuleFileResult Read(string text) => RuleFileReader.Read("r.yml", Encoding.UTF8.GetBytes(text), Checks);
}
