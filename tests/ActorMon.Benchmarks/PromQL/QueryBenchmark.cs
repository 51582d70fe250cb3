using System.Diagnostics;
using System.Globalization;
using ActorMon.Benchmarks.Tsdb;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;

namespace ActorMon.Benchmarks.PromQL;

/// <summary>
/// Range queries over one partition's head: counters (integers), gauges (fractions), 15 s apart. Prints the best of several runs, wall time and CPU, and a hash of
/// the answer that must not change when something is made faster.
/// </summary>
internal static class QueryBenchmark
{
    private const long Start = 1_700_000_000_000;

    private static readonly string[] Queries =
    [
        "sum by (zone) (rate(requests_total[5m]))", "sum(rate(requests_total[5m]))", "sum(increase(requests_total[1h]))", "rate(requests_total[5m])",
        "sum(requests_total)", "sum(avg_over_time(temperature[1h]))", "sum(avg_over_time(requests_total[1h]))", "max(max_over_time(temperature[1h]))",
        "avg by (zone) (temperature)", "stddev by (zone) (temperature)", "quantile by (zone) (0.9, temperature)", "topk(5, temperature)",
        "sum(stddev_over_time(temperature[10m]))", "sum(deriv(temperature[10m]))", "max_over_time(sum(rate(requests_total[5m]))[1h:1m])",
        "sum by (instance) (rate(requests_total[5m])) / sum by (instance) (requests_total)", "count(changes(temperature[30m]) > 100)",
    ];

    private static readonly string[] Instant = ["requests_total{instance=\"10.0.0.3:9100\",code=\"c1\"}", "sum(rate(requests_total{instance=\"10.0.0.3:9100\"}[5m]))", "1 + 1"];

    public static async Task<int> RunAsync(string[] args)
    {
        int series = Number(args, 0, 2000), hours = Number(args, 1, 12);
        var only = args.Length > 2 ? args[2] : "";
        var directory = Directory.CreateTempSubdirectory("actormon-bench-").FullName;
        try
        {
            using var bench = new BenchPartition(directory);
            Fill(bench, series, hours * 240);
            using var lane = new HeavyLane(Environment.ProcessorCount);
            var engine = new QueryEngine(new QueryEngineOptions { HeavyLane = lane, MaxSamples = long.MaxValue });
            var end = Start + (hours * 3_600_000L);
            foreach (var query in Queries.Where(query => query.Contains(only, StringComparison.Ordinal)))
                await MeasureAsync(engine, bench, query, Start + 3_600_000, end - 15_000, 60_000, 7);
            foreach (var query in Instant.Where(query => query.Contains(only, StringComparison.Ordinal)))
                await MeasureAsync(engine, bench, query, end - 15_000, end - 15_000, 0, 2000);
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task MeasureAsync(QueryEngine engine, ISeriesSource source, string query, long start, long end, long step, int runs)
    {
        var request = new QueryRequest { Expression = PromQLParser.Parse(query, ParserOptions.All).Expr!, Text = query, Start = start, End = end, StepMs = step };
        double best = double.MaxValue, cpu = double.MaxValue;
        QueryResult? result = null;
        for (var run = 0; run < runs; run++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            result = await engine.ExecuteAsync(request, source);
            best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
            if (runs < 100)
                cpu = Math.Min(cpu, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds);
            result.Memory?.Dispose();
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{best,9:F3} ms wall {(runs < 100 ? cpu : double.NaN),7:F0} ms cpu  {Hash(result!):x8}  peak {result!.Stats.PeakBytes / 1e6,6:F1} MB  {query}"));
    }

    private static uint Hash(QueryResult result)
    {
        var hash = 0UL;
        switch (result.Value)
        {
            case VectorValue vector:
                foreach (var value in vector.Values)
                    hash = Mix(hash, value);
                break;
            case MatrixValue matrix:
                foreach (var one in matrix.Series)
                    foreach (var value in one.Values)
                        hash = Mix(hash, value);
                break;
        }
        return (uint)(hash >> 32);
    }

    private static ulong Mix(ulong hash, double value) => ((hash ^ BitConverter.DoubleToUInt64Bits(value)) * 0x9E3779B97F4A7C15) ^ (hash >> 29);

    private static void Fill(BenchPartition bench, int series, int rows)
    {
        const int PerLayout = 100;
        var random = new Random(1);
        for (var metric = 0; metric < 2; metric++)
        {
            for (var layout = 0; layout < series / PerLayout; layout++)
            {
                var labels = new LabelSet[PerLayout];
                for (var s = 0; s < PerLayout; s++)
                    labels[s] = LabelSet.Of(
                        "__name__", metric == 0 ? "requests_total" : "temperature", "job", "node", "instance", $"10.0.0.{layout}:9100", "code", $"c{s % 10}", "handler", $"h{s / 10}",
                        "zone", $"z{layout % 8}");
                var id = (uint)((metric * 10_000) + layout);
                var values = new double[PerLayout];
                for (var row = 0; row < rows; row++)
                {
                    for (var s = 0; s < PerLayout; s++)
                        values[s] = metric == 0 ? values[s] + random.Next(0, 200) : Math.Round(20 + (random.NextDouble() * 10), 2);
                    bench.AppendRow(id, labels, row == 0, Start + (row * 15_000L), values);
                }
            }
        }
    }

    private static int Number(string[] args, int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
}
