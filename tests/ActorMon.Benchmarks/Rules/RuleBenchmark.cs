using System.Diagnostics;
using System.Globalization;
using ActorMon.Benchmarks.Tsdb;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Files;
using ActorMon.Rules.Groups;
using ActorMon.Rules.Templating;

namespace ActorMon.Benchmarks.Rules;

/// <summary>
/// Groups of 20 rules over one partition's head, evaluated one after the other on one thread: each rule reads a metric of its own, an hour of scrapes 15 s apart, and
/// what it records is appended to the same partition. Prints rules evaluated per second of wall time and of CPU, for recording and for alerting rules.
/// </summary>
internal static class RuleBenchmark
{
    private const int GroupSize = 20;
    private const int Rows = 240;
    private const long Start = 1_700_000_000_000;
    private const long End = Start + (Rows * 15_000L);

    private static readonly Dictionary<string, string> None = [];
    private static readonly RuleChecks Checks = new(NameValidation.Utf8, ParserOptions.Default, GoRuleTemplates.Instance);

    public static async Task<int> RunAsync(string[] args)
    {
        int rules = Number(args, 0, 1000), series = Number(args, 1, 10), rounds = Number(args, 2, 60);
        var directory = Directory.CreateTempSubdirectory("actormon-bench-").FullName;
        try
        {
            using var partition = new BenchPartition(directory);
            Fill(partition, rules, series);
            await MeasureAsync(partition, "sum(rate(METRIC[5m]))", isAlert: false, rules, rounds);
            await MeasureAsync(partition, "sum by (code) (rate(METRIC[5m]))", isAlert: false, rules, rounds);
            await MeasureAsync(partition, "sum(rate(METRIC[5m])) < 0", isAlert: true, rules, rounds);
            await MeasureAsync(partition, "sum(rate(METRIC[5m])) > 0", isAlert: true, rules, rounds);
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task MeasureAsync(BenchPartition partition, string expression, bool isAlert, int rules, int rounds)
    {
        var sections = new List<RuleGroupSection>();
        for (var first = 0; first < rules; first += GroupSize)
        {
            var own = new RuleSection[Math.Min(GroupSize, rules - first)];
            for (var i = 0; i < own.Length; i++)
            {
                var text = expression.Replace("METRIC", Metric(first + i), StringComparison.Ordinal);
                own[i] = isAlert
                    ? new RuleSection { Alert = $"A{first + i}", Expression = text, For = TimeSpan.FromMinutes(1), Annotations = new Dictionary<string, string> { ["summary"] = "{{ $value }} a second" } }
                    : new RuleSection { Record = $"r{first + i}:{sections.Count}:{expression.Length}", Expression = text };
            }
            sections.Add(new RuleGroupSection($"g{first}", TimeSpan.FromSeconds(15), null, 0, None, own, default));
        }
        var queries = new EngineRuleQueries(new QueryEngine(new QueryEngineOptions()), partition);
        var appender = new Appender(partition);
        var groups = RuleGroupCompiler.Compile(new RuleFile("bench.yml", sections), TimeSpan.FromSeconds(15), Checks)
            .Select(group => new GroupEvaluator(group, new GroupState(group, restore: false), RuleSettings.Default, queries, appender)).ToArray();
        // The first rounds compile the code and name the series.
        var time = Start + (Rows / 2 * 15_000L);
        var step = (End - time) / (2L * rounds);
        for (var round = 0; round < rounds; round++, time += step)
            await RoundAsync(groups, time);
        var (written, cpu, watch) = (appender.Samples, Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        for (var round = 0; round < rounds; round++, time += step)
            await RoundAsync(groups, time);
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        double evaluated = (double)rules * rounds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{evaluated / watch.Elapsed.TotalSeconds,9:N0} rules/s wall {evaluated / cpu.TotalSeconds,9:N0} rules/s of CPU {cpu.TotalMicroseconds / evaluated,6:F1} us a rule {(appender.Samples - written) / evaluated,5:F1} samples a rule  {(isAlert ? "alert " : "record")} {expression}"));
    }

    private static async Task RoundAsync(GroupEvaluator[] groups, long time)
    {
        foreach (var group in groups)
            if (await group.EvaluateAsync(new TimestampMs(time), CancellationToken.None) is { Failures: > 0 })
                throw new InvalidOperationException(group.State.Rules.First(rule => rule.LastError is not null).LastError);
    }

    private static void Fill(BenchPartition partition, int metrics, int series)
    {
        var random = new Random(1);
        for (var metric = 0; metric < metrics; metric++)
        {
            var labels = new LabelSet[series];
            for (var s = 0; s < series; s++)
                labels[s] = LabelSet.Of("__name__", Metric(metric), "job", "node", "instance", $"10.0.0.{s}:9100", "code", $"c{s % 2}");
            var values = new double[series];
            for (var row = 0; row < Rows; row++)
            {
                for (var s = 0; s < series; s++)
                    values[s] += random.Next(0, 200);
                partition.AppendRow((uint)metric, labels, row == 0, Start + (row * 15_000L), values);
            }
        }
    }

    private static string Metric(int index) => $"requests{index}_total";

    private static int Number(string[] args, int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;

    private sealed class Appender(BenchPartition partition) : IRuleAppender
    {
        public long Samples { get; private set; }

        public ValueTask<AppendResult> AppendAsync(IReadOnlyList<LooseSample> samples, CancellationToken cancellation)
        {
            Samples += samples.Count;
            partition.AppendLoose([.. samples]);
            return ValueTask.FromResult(AppendResult.Done);
        }
    }
}
