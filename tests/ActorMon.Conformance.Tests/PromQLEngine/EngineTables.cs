using System.Text.Json;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Testing.Conformance;
using ActorMon.Testing.Storage;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>How the peers' engine tables are read.</summary>
internal static class EngineTables
{
    public static JsonElement Table(string name) => ConformanceData.Json("promql", "engine-cases.json").GetProperty(name);

    /// <summary>A source with what the load commands of a script say.</summary>
    public static MemorySeriesSource Loaded(string script)
    {
        var source = new MemorySeriesSource();
        foreach (var load in ScriptParser.Parse(script).Cast<LoadCommand>())
            load.AddTo(source);
        return source;
    }

    public static QueryRequest Request(string query, long start, long end, long step) => new()
    {
        Expression = PromQLParser.Parse(query, ParserOptions.All).Expr ?? throw new ScriptException(query),
        Text = query,
        Start = start,
        End = end,
        StepMs = step,
    };

    /// <summary>The query of a case whose fields are Query, Start, End and Interval.</summary>
    public static QueryRequest Request(JsonElement test) => Request(
        test.GetProperty("Query").GetString()!,
        test.GetProperty("Start").GetProperty("ms").GetInt64(),
        test.TryGetProperty("End", out var end) ? end.GetProperty("ms").GetInt64() : 0,
        test.TryGetProperty("Interval", out var interval) ? interval.GetProperty("durationNs").GetInt64() / 1_000_000 : 0);
}
