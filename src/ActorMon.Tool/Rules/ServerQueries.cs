using System.Globalization;
using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Replay;
using ActorMon.Tool.Tsdb;

namespace ActorMon.Tool.Rules;

/// <summary>Range queries to a server's API. Answers are matrices of floats: the API's form of native histograms does not tell their schema, so they are left out.</summary>
internal sealed class ServerQueries(Uri server) : IRangeQueries, IDisposable
{
    private readonly System.Net.Http.HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(3) };

    public void Dispose() => _client.Dispose();

    /// <exception cref="ToolException">The server cannot be reached or its answer cannot be read.</exception>
    public async ValueTask<QueryResult> RunAsync(string query, TimestampMs start, TimestampMs end, TimeSpan step, CancellationToken cancellation)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["query"] = query,
            ["start"] = Seconds(start.Value),
            ["end"] = Seconds(end.Value),
            ["step"] = Seconds((long)step.TotalMilliseconds),
        });
        try
        {
            using var response = await _client.PostAsync(new Uri(server.AbsoluteUri.TrimEnd('/') + "/api/v1/query_range"), form, cancellation);
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            using var answer = await JsonDocument.ParseAsync(body, default, cancellation);
            return Read(answer.RootElement);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ToolException($"{server}: {e.Message}");
        }
    }

    private static QueryResult Read(JsonElement answer)
    {
        if (answer.GetProperty("status").GetString() != "success")
            return new QueryResult(null, new QueryError(QueryErrorKind.Execution, answer.GetProperty("error").GetString()!), [], [], QueryStats.None);
        var series = new List<MatrixSeries>();
        foreach (var one in answer.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            if (!one.TryGetProperty("values", out var points))
                continue;
            var count = points.GetArrayLength();
            var (times, values) = (new long[count], new double[count]);
            for (var i = 0; i < count; i++)
            {
                times[i] = (long)Math.Round(points[i][0].GetDouble() * 1000);
                values[i] = GoFloatParser.TryParse(points[i][1].GetString()!, out var value) ? value : throw new FormatException($"{points[i][1]} is not a value");
            }
            series.Add(new MatrixSeries(LabelSet.From(one.GetProperty("metric").EnumerateObject().Select(l => KeyValuePair.Create(l.Name, l.Value.GetString()!))), times, values, null));
        }
        return new QueryResult(new MatrixValue(series), null, [], [], QueryStats.None);
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
}
