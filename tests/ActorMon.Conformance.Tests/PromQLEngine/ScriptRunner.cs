using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Storage;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>Runs a script's commands on one storage, each eval in all the ways the language asks for.</summary>
internal sealed class ScriptRunner(bool delayedNameRemoval = true)
{
    private static readonly string[] QueryContextCalls = ["start()", "end()", "range()", "step()"];

    private readonly MemorySeriesSource _storage = new();
    private readonly QueryEngine _engine = new(new QueryEngineOptions
    {
        MaxSamples = 10_000,
        Timeout = TimeSpan.FromSeconds(100),
        Features = new QueryFeatures { DelayedNameRemoval = delayedNameRemoval, StartTimestamps = true },
    });

    /// <summary>What storage has held since the last clear beyond float samples, "" when nothing.</summary>
    public string Holds { get; private set; } = "";

    public async Task RunAsync(ScriptCommand command)
    {
        switch (command)
        {
            case ClearCommand:
                _storage.Clear();
                Holds = "";
                break;
            case LoadCommand load:
                Load(load);
                break;
            case EvalCommand { Instant: true } eval:
                await RunInstantAsync(eval);
                break;
            case EvalCommand eval:
                await RunRangeAsync(eval);
                break;
        }
    }

    private void Load(LoadCommand load)
    {
        if (load.HasHistograms || load.Converts)
            Holds = "native histograms";
        load.AddTo(_storage);
    }

    private async Task RunInstantAsync(EvalCommand command)
    {
        await RunInstantAtAsync(command, command.Query, command.Start);
        var time = command.Start;
        if (AtModifierVariant.Of(Parse(command.Query), time) is not { } pinned)
            return;
        long[] times = time == 0 ? [-1000, 0, 1000] : [-10 * time, 0, time / 5, time, 10 * time];
        foreach (var at in times)
            await RunInstantAtAsync(command, pinned, at);
    }

    private async Task RunInstantAtAsync(EvalCommand command, string query, long time)
    {
        var result = await ExecuteAsync(query, time, time, 0);
        if (CheckOutcome(command, result, query))
            return;
        CheckAnnotations(command, result, query);
        Within(command, query, () => ResultComparison.Compare(command, result.Value!));
        if (command.RangeVector is not null || command.String is not null || QueryContextCalls.Any(call => query.Contains(call, StringComparison.Ordinal)))
            return;
        var range = await ExecuteAsync(query, time - 60_000, time + 60_000, 60_000);
        if (range.Error is { } error)
            throw new ScriptException($"error evaluating query {query} (line {command.Line}) in range mode: {error.Text}");
        if (command.ExpectsOrder)
            return;
        Within(command, query + " (range mode)", () => CompareMiddle(command, result.Value!, (MatrixValue)range.Value!, time));
    }

    private static void CompareMiddle(EvalCommand command, QueryValue instant, MatrixValue matrix, long time)
    {
        ResultComparison.RequireSorted(matrix);
        var points = matrix.Series.Select(series => (series, at: Array.IndexOf(series.Times, time))).Where(point => point.at >= 0).ToList();
        if (instant is ScalarValue)
            ResultComparison.CompareScalar(command, points.Single().series.Values[points[0].at]);
        else
            ResultComparison.CompareVector(
                command,
                new VectorValue(
                    time,
                    [.. points.Select(point => point.series.Labels)],
                    [.. points.Select(point => point.series.Values[point.at])],
                    [.. points.Select(point => point.series.HistogramAt(point.at))]),
                inOrder: false);
    }

    private async Task RunRangeAsync(EvalCommand command)
    {
        var result = await ExecuteAsync(command.Query, command.Start, command.End, command.Step);
        if (CheckOutcome(command, result, command.Query))
            return;
        CheckAnnotations(command, result, command.Query);
        Within(command, command.Query, () => ResultComparison.Compare(command, result.Value!));
    }

    /// <returns>True when the query failed as expected.</returns>
    private static bool CheckOutcome(EvalCommand command, QueryResult result, string query)
    {
        if (result.Error is not { } error)
            return command.ExpectsFailure ? throw new ScriptException($"expected error evaluating query \"{query}\" (line {command.Line}) but got none") : false;
        if (!command.ExpectsFailure)
            throw new ScriptException($"error evaluating query \"{query}\" (line {command.Line}): {error.Text}");
        foreach (var expectation in command.Expectations)
            if (expectation.Kind == ExpectationKind.Fail && !expectation.Matches(error.Text))
                throw new ScriptException($"expected error matching \"{expectation}\" evaluating query \"{query}\" (line {command.Line}), but got: {error.Text}");
        return true;
    }

    private static void CheckAnnotations(EvalCommand command, QueryResult result, string query)
    {
        if (command.OldForm == "warn" && result.Warnings.Count == 0)
            throw new ScriptException($"expected warnings evaluating query \"{query}\" (line {command.Line}) but got none");
        if (command.OldForm == "info" && result.Infos.Count == 0)
            throw new ScriptException($"expected info annotations evaluating query \"{query}\" (line {command.Line}) but got none");
        CheckKind(command, ExpectationKind.Warn, ExpectationKind.NoWarn, result.Warnings, query);
        CheckKind(command, ExpectationKind.Info, ExpectationKind.NoInfo, result.Infos, query);
    }

    private static void CheckKind(EvalCommand command, ExpectationKind kind, ExpectationKind none, IReadOnlyList<string> actual, string query)
    {
        var found = string.Join("; ", actual);
        if (command.Expects(none) && actual.Count > 0)
            throw new ScriptException($"unexpected {kind} annotations evaluating query \"{query}\" (line {command.Line}): {found}");
        var expected = command.Expectations.FindAll(expectation => expectation.Kind == kind);
        if (expected.Count == 0)
            return;
        if (actual.Count == 0)
            throw new ScriptException($"expected {kind} annotations but none were found for query \"{query}\" (line {command.Line})");
        foreach (var expectation in expected)
            if (!actual.Any(expectation.Matches))
                throw new ScriptException($"expected {kind} annotation matching \"{expectation}\" for query \"{query}\" (line {command.Line}), found: {found}");
        foreach (var text in actual)
            if (!expected.Exists(expectation => expectation.Matches(text)))
                throw new ScriptException($"unexpected {kind} annotation \"{text}\" found for query {query} (line {command.Line})");
    }

    private static void Within(EvalCommand command, string query, Action compare)
    {
        try
        {
            compare();
        }
        catch (ScriptException e)
        {
            throw new ScriptException($"error in eval {query} (line {command.Line}): {e.Message}");
        }
    }

    private Task<QueryResult> ExecuteAsync(string query, long start, long end, long step) =>
        _engine.ExecuteAsync(new QueryRequest { Expression = Parse(query), Text = query, Start = start, End = end, StepMs = step }, _storage);

    private static Expr Parse(string query) => PromQLParser.Parse(query, ParserOptions.All) is { Expr: { } expression }
        ? expression
        : throw new ScriptException($"the query {query} does not parse: {PromQLParser.Parse(query, ParserOptions.All).ErrorText}");
}
