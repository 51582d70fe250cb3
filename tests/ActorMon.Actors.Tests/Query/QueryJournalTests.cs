using System.Text.Json;
using ActorMon.Actors.Query;
using ActorMon.Model.Telemetry;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Actors.Tests.Query;

public sealed class QueryJournalTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actormon-queries-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_ran_when_the_process_was_killed_is_told_at_the_next_start()
    {
        var path = Path.Combine(_directory, "queries.active");
        using (var file = ActiveQueryFile.Open(path, 3, _time, out var before))
        {
            Assert.Null(before);
            var first = file.Begin("up");
            file.Begin("sum(rate(a[5m]))");
            file.Begin(new string('ü', 2000));
            Assert.Equal(-1, file.Begin("one too many"));
            file.End(first);
        }

        using var again = ActiveQueryFile.Open(path, 3, _time, out var unfinished);

        var queries = JsonDocument.Parse(unfinished!).RootElement.EnumerateArray().ToList();
        Assert.Equal(2, queries.Count);
        Assert.Equal(("sum(rate(a[5m]))", 1_700_000_000), (queries[0].GetProperty("query").GetString(), queries[0].GetProperty("timestamp_sec").GetInt64()));
        Assert.Matches("^ü+$", queries[1].GetProperty("query").GetString());
        Assert.Equal(3001, new FileInfo(path).Length);
    }

    [Fact]
    public void After_a_clean_end_nothing_is_told()
    {
        var path = Path.Combine(_directory, "queries.active");
        using (var file = ActiveQueryFile.Open(path, 3, _time, out _))
            file.End(file.Begin("up"));
        using var again = ActiveQueryFile.Open(path, 3, _time, out var unfinished);
        Assert.Null(unfinished);
    }

    [Fact]
    public void The_query_log_has_a_line_for_each_query_in_the_file_the_configuration_names()
    {
        var path = "";
        using var log = new QueryLog(() => path, new MetricRegistry(), _time);
        var request = new QueryRequest
        {
            Expression = PromQLParser.Parse("up == 0", ParserOptions.Default).Expr!,
            Text = "up == 0",
            Start = 1_700_000_000_000,
            End = 1_700_000_060_000,
            StepMs = 5000,
            Origin = new QueryOrigin("127.0.0.1", "GET", "/api/v1/query_range"),
        };
        var result = new QueryResult(null, new QueryError(QueryErrorKind.Execution, "no"), [], [], new QueryStats(7, 5, 3, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        log.Write(request, result, TimeSpan.Zero);
        path = Path.Combine(_directory, "query.log");
        log.Write(request, result, TimeSpan.FromSeconds(1));

        var line = JsonDocument.Parse(File.ReadAllLines(path).Single()).RootElement;

        Assert.Equal("promql query logged", line.GetProperty("msg").GetString());
        Assert.Equal(
            """{"end":"2023-11-14T22:14:20.000Z","query":"up == 0","start":"2023-11-14T22:13:20.000Z","step":5}""", line.GetProperty("params").GetRawText());
        Assert.Equal("no", line.GetProperty("error").GetString());
        Assert.Equal("""{"clientIP":"127.0.0.1","method":"GET","path":"/api/v1/query_range"}""", line.GetProperty("httpRequest").GetRawText());
        Assert.Equal(3, line.GetProperty("stats").GetProperty("timings").GetProperty("execTotalTime").GetDouble());
        Assert.Equal(7, line.GetProperty("stats").GetProperty("samples").GetProperty("totalQueryableSamples").GetInt64());
    }
}
