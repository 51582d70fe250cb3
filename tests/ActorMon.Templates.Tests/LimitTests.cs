using ActorMon.Model.Labels;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Functions;
using ActorMon.Templates.Values;
using static ActorMon.Templates.Tests.Expanding;

namespace ActorMon.Templates.Tests;

/// <summary>What one template may take, and queries.</summary>
public class LimitTests
{
    private static readonly TemplateEnvironment Tight = World with { Limits = new TemplateLimits { MaxOutputBytes = 1000, MaxSteps = 10_000, MaxDepth = 10, MaxQueries = 2 } };

    [Theory]
    [InlineData("{{ range 100 }}0123456789abc{{ end }}", "error: template output exceeds 1000 bytes")]
    [InlineData("{{ printf \"%2000d\" 1 }}", "error: template output exceeds 1000 bytes")]
    [InlineData("{{ range 1000000000 }}{{ end }}", "error: template takes more than 10000 steps")]
    [InlineData("{{ $x := \"aaaaaaaaaa\" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}", "error: template output exceeds 1000 bytes")]
    [InlineData("{{ reReplaceAll \"a\" (printf \"%500d\" 1) (printf \"%s\" \"aaaaaaaaa\") }}", "error: template output exceeds 1000 bytes")]
    [InlineData("{{ $l := list 1 }}{{ range 60 }}{{ $l = list $l $l }}{{ end }}{{ $l }}", "error: template output exceeds 1000 bytes")]
    [InlineData("{{ define \"a\" }}{{ template \"a\" }}{{ end }}{{ template \"a\" }}", "error: template: t:1:28: executing \"a\" at <{{template \"a\"}}>: exceeded maximum template depth (10)")]
    public void A_run_beyond_its_limits_fails_alone(string text, string error) => Assert.Equal(error, Expand(text, environment: Tight));

    [Fact]
    public void A_run_past_its_deadline_is_cancelled()
    {
        Assert.True(TemplateSet.Empty(FunctionTable.Empty).TryAdd("t", "{{ range 1000000 }}{{ end }}", out var set, out _));
        Assert.Throws<OperationCanceledException>(() => set.Run("t", NilValue.Instance, World, new CancellationToken(true)));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(240)]
    public void Deep_nesting_is_an_error_or_runs_but_never_fills_the_stack(int depth)
    {
        var parentheses = Expand("{{ " + new string('(', depth) + "1" + new string(')', depth) + " }}");
        var branches = Expand(string.Concat(Enumerable.Repeat("{{ if true }}", depth)) + "x" + string.Concat(Enumerable.Repeat("{{ end }}", depth)));
        Assert.Equal(depth > Syntax.Parser.MaxDepth ? "error: template: t:1: max expression depth exceeded" : "1", parentheses);
        Assert.Equal(depth > Syntax.Parser.MaxDepth ? "error: template: t:1: max expression depth exceeded" : "x", branches);
    }

    [Fact]
    public async Task Queries_are_awaited_and_asked_once_each()
    {
        Assert.True(TemplateSet.Empty(PrometheusFunctions.Alerts).TryAdd("t", "{{ range query \"a\" }}{{ .Value }}{{ query .Labels.job | first | value }}{{ query \"a\" | len }}{{ end }}", out var set, out _));
        var asked = new List<string>();
        var result = await set.RunAsync("t", NilValue.Instance, Tight, async (expression, _) =>
        {
            asked.Add(expression);
            await Task.Yield();
            return new QueryAnswer([new QuerySample(LabelSet.Of("job", "b"), asked.Count)]);
        }, CancellationToken.None);
        Assert.Equal("121", result.Output);
        Assert.Equal(["a", "b"], asked);
    }

    [Fact]
    public async Task A_failing_query_fails_the_template_and_too_many_exceed_the_limit()
    {
        Assert.True(TemplateSet.Empty(PrometheusFunctions.Alerts).TryAdd("t", "{{ query \"a\" }}", out var set, out _));
        var failed = await set.RunAsync("t", NilValue.Instance, Tight, (_, _) => ValueTask.FromResult(new QueryAnswer([], "no storage")), CancellationToken.None);
        Assert.Equal("template: t:1:3: executing \"t\" at <query \"a\">: error calling query: no storage", failed.Error!.Message);
        Assert.True(TemplateSet.Empty(PrometheusFunctions.Alerts).TryAdd("t", "{{ range $i, $x := args 1 2 3 }}{{ query $i }}{{ end }}", out var many, out _));
        var limited = await many.RunAsync("t", NilValue.Instance, Tight, (_, _) => ValueTask.FromResult(new QueryAnswer([])), CancellationToken.None);
        Assert.Equal(new TemplateError(TemplateErrorKind.Limit, "template runs more than 2 queries"), limited.Error);
    }
}
