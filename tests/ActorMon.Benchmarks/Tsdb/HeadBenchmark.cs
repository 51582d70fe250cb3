using System.Diagnostics;
using System.Globalization;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Benchmarks.Tsdb;

/// <summary>
/// Appends scrapes of many targets to one partition and prints CPU per sample, memory per series, WAL bytes per sample, recovery and read speed.
/// The mix: 40 % constant, 30 % integer counters, 20 % gauges of two decimals, 10 % large or random floats; 6 labels a series.
/// </summary>
internal static class HeadBenchmark
{
    public static int Run(string[] args)
    {
        int layouts = Number(args, 0, 200), series = Number(args, 1, 1000), rows = Number(args, 2, 100);
        var directory = Directory.CreateTempSubdirectory("actormon-bench-").FullName;
        try
        {
            var options = new PartitionOptions { Directory = directory, Partition = new PartitionId(0), Partitions = 1, ClusterId = Guid.Empty, NodeRetention = new ActorMon.Tsdb.Lifecycle.NodeRetention(new ActorMon.Tsdb.Lifecycle.RetentionPolicy(null)), CheckpointBytes = long.MaxValue };
            // The batches are made first: their cost and memory are the sender's.
            var random = new Random(1);
            var state = new double[layouts][];
            var labels = new LabelSet[layouts][];
            var before = Memory();
            for (var l = 0; l < layouts; l++)
            {
                state[l] = new double[series];
                labels[l] = new LabelSet[series];
                for (var s = 0; s < series; s++)
                    labels[l][s] = Labels(l, s);
            }
            var hashes = Array.ConvertAll(labels, static all => all.Aggregate(0UL, static (h, set) => LayoutHash.Append(h, StableHash.Of(set))));
            before = Memory();
            var symbols = new NodeSymbols();
            var store = PartitionStore.Open(options, symbols, DiskFiles.Instance, TimeProvider.System);
            var results = new AppendResult[1];
            double registerMs = 0, appendMs = 0;
            long registered = 0;
            for (var r = 0; r < rows; r++)
            {
                if (r == 1)
                    registered = store.Stats.WalBytesWritten;
                for (var l = 0; l < layouts; l++)
                {
                    Advance(state[l], random, r);
                    var batch = new SampleBatch
                    {
                        Writer = new WriterId(7),
                        Partition = new PartitionId(0),
                        Columns = new LayoutColumns
                        {
                            Layout = new LayoutId(new WriterId(7), (uint)l),
                            SlotCount = series,
                            ContentHash = hashes[l],
                            FirstNewSlot = r == 0 ? 0 : series,
                            NewSeries = r == 0 ? labels[l] : [],
                            Timestamp = new TimestampMs(1_700_000_000_000 + r * 15_000L + random.Next(5)),
                            Values = state[l],
                        },
                    };
                    batch.Number = (long)r * layouts + l + 1;
                    var cpu = Cpu();
                    store.Append([batch], results);
                    cpu = Cpu() - cpu;
                    if (results[0].Status != AppendStatus.Accepted)
                        throw new InvalidOperationException(results[0].ToString());
                    if (r == 0)
                        registerMs += cpu;
                    else
                        appendMs += cpu;
                }
            }
            long total = (long)layouts * series, samples = total * (rows - 1);
            var stats = store.Stats;
            var memory = Memory() - before;
            Print($"register        {registerMs * 1e6 / total:F0} ns/series");
            Print($"append          {appendMs * 1e6 / samples:F1} ns/sample (CPU, seal and merge included)");
            Print($"memory          {memory / (double)total:F0} bytes/series ({stats.SampleBytes / (double)total:F0} of them sealed samples, {stats.SampleBytes / (double)(total * rows):F2} per sample)");
            Print($"WAL             {(stats.WalBytesWritten - registered) / (double)samples:F2} bytes/sample, registration {registered / (double)total:F1} bytes/series a segment, {stats.WalBytesWritten / 1e6:F1} MB");
            Read(store, total);
            GC.KeepAlive(labels);
            store.Dispose();
            store = null!;
            var watch = Stopwatch.StartNew();
            var start = Cpu();
            var again = PartitionStore.Open(options, new NodeSymbols(), DiskFiles.Instance, TimeProvider.System);
            Print($"recovery        {watch.ElapsedMilliseconds} ms, {again.Recovery.Samples / (Cpu() - start) / 1000:F1} M samples/s CPU, {again.Recovery.Bytes / 1e6:F1} MB");
            Checkpoint(again);
            again.Dispose();
            watch.Restart();
            start = Cpu();
            again = PartitionStore.Open(options, new NodeSymbols(), DiskFiles.Instance, TimeProvider.System);
            Print($"from checkpoint {watch.ElapsedMilliseconds} ms, {again.Recovery.Samples / (Cpu() - start) / 1000:F1} M samples/s CPU");
            start = Cpu();
            again.SwapHead(long.MinValue);
            Print($"swap            {(Cpu() - start) * 1e6 / total:F0} ns/series");
            again.Dispose();
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Checkpoint(PartitionStore store)
    {
        var start = Cpu();
        var checkpoint = store.BeginCheckpoint();
        Print($"image           {Cpu() - start:F1} ms on the writer");
        checkpoint.Write(clean: false, CancellationToken.None);
        store.CompleteCheckpoint(checkpoint);
        Print($"checkpoint      {(Cpu() - start) * 1e6 / store.Recovery.Samples:F1} ns/sample, {checkpoint.Bytes / (double)store.Recovery.Samples:F2} bytes/sample");
    }

    private static void Read(PartitionStore store, long total)
    {
        var buffer = new SampleBuffer();
        var watch = Stopwatch.StartNew();
        using var one = store.View.Select(new SeriesRequest([Matcher.MetricNamed("metric_0007_total"), Matcher.Equal("instance", "10.0.0.3:9100")], TimestampMs.Min, TimestampMs.Max));
        Print($"select one      {watch.Elapsed.TotalMicroseconds:F0} us cold, {one.Count} series");
        watch.Restart();
        using var all = store.View.Select(new SeriesRequest([Matcher.Equal("job", "node")], TimestampMs.Min, TimestampMs.Max));
        Print($"select all      {watch.ElapsedMilliseconds} ms, {all.Count} series");
        watch.Restart();
        long samples = 0;
        for (var i = 0; i < all.Count; i++)
        {
            all.Read(i, buffer);
            samples += buffer.Count;
        }
        Print($"read all        {samples / watch.Elapsed.TotalSeconds / 1e6:F0} M samples/s");
    }

    private static LabelSet Labels(int layout, int s) => LabelSet.Of(
        "__name__", $"metric_{s / 4:D4}_total", "job", "node", "instance", $"10.0.0.{layout}:9100", "mode", $"m{s % 4}", "device", $"d{s % 16}", "zone", "eu-1");

    private static void Advance(double[] values, Random random, int row)
    {
        for (var s = 0; s < values.Length; s++)
        {
            values[s] = (s % 10) switch
            {
                < 4 => s,
                < 7 => values[s] + random.Next(0, 200),
                < 9 => Math.Round(random.NextDouble() * 100, 2),
                _ => s % 20 == 9 ? values[s] + random.NextDouble() * 1000 : 1e12 + row * 4096.0 * random.Next(1, 1000),
            };
        }
    }

    private static double Cpu()
    {
        // Thread time would be better; the writer is the only busy thread here, the collector's share is counted in.
        return Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds;
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static int Number(string[] args, int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
