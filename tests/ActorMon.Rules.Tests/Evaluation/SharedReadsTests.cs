using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.UnitTests;

namespace ActorMon.Rules.Tests.Evaluation;

public sealed class SharedReadsTests
{
    [Fact]
    public async Task Equal_selections_of_a_batch_are_read_once_whatever_the_order_of_their_matchers()
    {
        var source = new CountingSource();
        var queries = new EngineRuleQueries(new QueryEngine(new QueryEngineOptions()), source);
        var results = await queries.RunAsync([Query("sum(x{a=\"1\",b=\"2\"})"), Query("max(x{b=\"2\",a=\"1\"})"), Query("x{a=\"1\"}"), Query("rate(x{a=\"1\",b=\"2\"}[10m])")], CancellationToken.None);
        Assert.All(results, r => Assert.True(r.IsSuccess));
        Assert.Equal([2.0], ((VectorValue)results[1].Value!).Values);
        Assert.Equal((3, 3), (source.Selected, source.Disposed));
    }

    [Fact]
    public async Task What_is_missing_is_told_beside_the_value_or_instead_of_it()
    {
        var queries = new EngineRuleQueries(new QueryEngine(new QueryEngineOptions()), new CountingSource { Warning = "partition 3 is missing" });
        var results = await queries.RunAsync([Query("x"), Query("x") with { DenyPartial = true }, Query("1")], CancellationToken.None);
        Assert.Equal(["partition 3 is missing"], results[0].Missing);
        Assert.Equal(1, ((VectorValue)results[0].Value!).Count);
        Assert.Equal(QueryErrorKind.Unavailable, results[1].Error!.Kind);
        Assert.Empty(results[2].Missing);
    }

    [Fact]
    public async Task A_source_that_fails_fails_the_queries_that_read_it_and_no_others()
    {
        var queries = new EngineRuleQueries(new QueryEngine(new QueryEngineOptions()), new CountingSource { Failing = true });
        var results = await queries.RunAsync([Query("x"), Query("2"), Query("x + 1")], CancellationToken.None);
        Assert.Equal(["unexpected error: gone", null, "unexpected error: gone"], results.Select(r => r.Error?.Text));
    }

    private static QueryRequest Query(string text) => new() { Expression = PromQLParser.Parse(text, ParserOptions.Default).Expr!, Text = text, Start = 60_000 };

    private sealed class CountingSource : ISeriesSource
    {
        private readonly MemoryStore _store = new();

        public CountingSource() => _store.Append(new LooseSample(LabelSet.Of("__name__", "x", "a", "1", "b", "2"), new TimestampMs(30_000), 2));

        public string? Warning { get; init; }
        public bool Failing { get; init; }
        public int Selected { get; private set; }
        public int Disposed { get; set; }

        public async ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation)
        {
            Selected++;
            return Failing ? throw new IOException("gone") : new Selection(await _store.SelectAsync(request, cancellation), this);
        }

        private sealed class Selection(ISeriesSelection inner, CountingSource source) : ISeriesSelection
        {
            public int Count => inner.Count;

            public IReadOnlyList<string> Warnings => source.Warning is { } warning ? [warning] : [];

            public LabelSet LabelsAt(int index) => inner.LabelsAt(index);

            public void Read(int index, SampleBuffer into) => inner.Read(index, into);

            public void Dispose() => source.Disposed++;
        }
    }
}
