using ActorMon.Model.Labels;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Storage;

namespace ActorMon.PromQL.Tests.Engine;

public sealed class MatchingErrorTests
{
    private readonly MemorySeriesSource _source = new();

    public MatchingErrorTests()
    {
        foreach (var instance in new[] { "1", "2" })
            _source.Add(LabelSet.Of("__name__", "many", "job", "a", "instance", instance), 0, 1);
        _source.Add(LabelSet.Of("__name__", "one", "job", "a"), 0, 1);
    }

    [Fact]
    public async Task Duplicates_on_the_one_side_are_listed_with_the_label_that_differs()
    {
        var error = await ErrorAsync("one * on (job) many");
        Assert.EndsWith("many-to-many matching not allowed: matching labels must be unique on one side", error.Text, StringComparison.Ordinal);
        Assert.Equal(
            "clashing: {__name__=\"many\", instance=\"1\", job=\"a\"}, {__name__=\"many\", instance=\"2\", job=\"a\"}; they differ in: instance", error.Hint);
        Assert.Equal($"{error.Text} ({error.Hint})", error.TextWithHint);
    }

    [Fact]
    public async Task A_second_match_names_both_series_and_the_label_that_differs()
    {
        var error = await ErrorAsync("many * on (job) one");
        Assert.Equal("multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)", error.Text);
        Assert.EndsWith("they differ in: instance", error.Hint, StringComparison.Ordinal);
    }

    private async Task<QueryError> ErrorAsync(string query) => (await new QueryEngine(new QueryEngineOptions()).ExecuteAsync(
        new QueryRequest { Expression = PromQLParser.Parse(query, ParserOptions.All).Expr!, Text = query, Start = 0 }, _source)).Error!;
}
