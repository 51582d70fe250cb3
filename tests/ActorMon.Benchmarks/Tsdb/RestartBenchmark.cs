using System.Diagnostics;
using System.Globalization;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Benchmarks.Tsdb;

/// <summary>Opens the 32 partitions of a node that was killed: from the log alone, then from checkpoints with a tail of log behind each.</summary>
internal static class RestartBenchmark
{
    private const int Partitions = 32;

    public static int Run(string[] args)
    {
        int series = Number(args, 0, 20_000), rows = Number(args, 1, 1_500), tail = Number(args, 2, 100);
        var directory = Directory.CreateTempSubdirectory("actormon-bench-").FullName;
        try
        {
            var stores = Open(directory, out _, out _);
            var each = series / Partitions;
            Parallel.For(0, Partitions, p => Fill(stores[p], p, each, 0, rows - tail));
            // Not closed: killed.
            var killed = Open(directory, out var wall, out var cpu);
            Print($"{killed.Sum(s => s.Recovery.Samples) / 1e6:F1} M samples from the log: {wall:F0} ms, {cpu:F0} ms CPU, {killed.Sum(s => s.Recovery.Bytes) / 1e6:F0} MB");
            var start = Cpu();
            foreach (var store in killed)
            {
                var checkpoint = store.BeginCheckpoint();
                checkpoint.Write(clean: false, CancellationToken.None);
                store.CompleteCheckpoint(checkpoint);
            }
            Print($"checkpoints: {Cpu() - start:F0} ms CPU, {killed.Sum(s => s.Stats.CheckpointBytes) / 1e6:F0} MB");
            Parallel.For(0, Partitions, p => Fill(killed[p], p, each, rows - tail, rows));
            killed = Open(directory, out wall, out cpu);
            Print($"{killed.Sum(s => s.Recovery.Samples) / 1e6:F1} M samples from checkpoints and a tail of {tail} scrapes: {wall:F0} ms, {cpu:F0} ms CPU, {killed.Sum(s => s.Recovery.Bytes) / 1e6:F0} MB");
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static PartitionStore[] Open(string directory, out double wall, out double cpu)
    {
        GC.Collect();
        var symbols = new NodeSymbols();
        var stores = new PartitionStore[Partitions];
        var (watch, start) = (Stopwatch.StartNew(), Cpu());
        Parallel.For(0, Partitions, p => stores[p] = PartitionStore.Open(
            new PartitionOptions
            {
                Directory = Path.Combine(directory, $"p-{p:D2}"),
                Partition = new PartitionId(p),
                Partitions = Partitions,
                ClusterId = Guid.Empty,
                NodeRetention = new NodeRetention(new RetentionPolicy(TimeSpan.FromDays(100_000))),
            },
            symbols, DiskFiles.Instance, TimeProvider.System));
        (wall, cpu) = (watch.Elapsed.TotalMilliseconds, Cpu() - start);
        return stores;
    }

    private static void Fill(PartitionStore store, int partition, int series, int from, int to)
    {
        const int PerLayout = 16;
        var random = new Random(partition + from);
        var results = new AppendResult[1];
        var values = new double[PerLayout];
        for (var layout = 0; layout < series / PerLayout; layout++)
        {
            var labels = new LabelSet[PerLayout];
            ulong hash = 0;
            for (var s = 0; s < PerLayout; s++)
            {
                labels[s] = LabelSet.Of("__name__", $"metric_{s}_total", "job", "node", "instance", $"10.{partition}.0.{layout}:9100", "mode", $"m{s % 4}", "zone", "eu-1");
                hash = LayoutHash.Append(hash, StableHash.Of(labels[s]));
            }
            for (var row = from; row < to; row++)
            {
                for (var s = 0; s < PerLayout; s++)
                    values[s] = (s % 10) switch { < 4 => s, < 7 => (row * 100) + random.Next(0, 200), < 9 => Math.Round(random.NextDouble() * 100, 2), _ => values[s] + random.NextDouble() };
                store.Append(
                    [new SampleBatch
                    {
                        Writer = new WriterId(7),
                        Partition = store.Partition,
                        Columns = new LayoutColumns
                        {
                            Layout = new LayoutId(new WriterId(7), (uint)layout),
                            SlotCount = PerLayout,
                            ContentHash = hash,
                            FirstNewSlot = row == 0 ? 0 : PerLayout,
                            NewSeries = row == 0 ? labels : [],
                            Timestamp = new TimestampMs(1_700_000_000_000 + row * 5_000L),
                            Values = values,
                        },
                    }],
                    results);
                if (results[0].Status != AppendStatus.Accepted)
                    throw new InvalidOperationException(results[0].ToString());
            }
        }
    }

    private static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds;

    private static int Number(string[] args, int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
