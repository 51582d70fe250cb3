using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Benchmarks.Tsdb;

/// <summary>
/// Appends loose samples as remote write brings them: requests of 2000 samples, so many of each series, one batch for each partition the request touches; then opens
/// all partitions again, two at a time. Prints CPU per sample, WAL bytes per sample, memory per series, recovery speed, and a checksum that no change may alter.
/// The mix: 34 % constant, 48 % integer counters, 8 % large gauges, 10 % decimals of two, four or six digits; 9 labels a series.
/// </summary>
internal static class LooseBenchmark
{
    private const int Partitions = 32;
    private const int Request = 2000;
    private const int SeriesPerTarget = 500;
    private const long Start = 1_700_000_000_000;

    public static int Run(string[] args)
    {
        int total = Number(args, 0, 20_000), rows = Number(args, 1, 480), perSeries = Number(args, 2, 20);
        var directory = Directory.CreateTempSubdirectory("actormon-bench-").FullName;
        try
        {
            var labels = new LabelSet[total];
            var values = new double[total];
            for (var s = 0; s < total; s++)
                labels[s] = Labels(s / SeriesPerTarget, s % SeriesPerTarget);
            var random = new Random(1);
            var before = Memory();
            var stores = Open(directory, new NodeSymbols());
            double first = 0, rest = 0;
            long samples = 0, registered = 0;
            var numbers = new long[Partitions];
            for (var row = 0; row < rows; row += perSeries)
            {
                var count = Math.Min(perSeries, rows - row);
                var step = Math.Max(1, Request / perSeries);
                for (var s = 0; s < total; s += step)
                {
                    var batches = Batches(labels.AsSpan(s, Math.Min(step, total - s)), values.AsSpan(s), s, row, count, random, numbers);
                    var results = new AppendResult[1];
                    var thread = ThreadCpu();
                    foreach (var batch in batches)
                    {
                        stores[batch.Partition.Value].Append([batch], results);
                        if (results[0].Status != AppendStatus.Accepted)
                            throw new InvalidOperationException(results[0].ToString());
                    }
                    if (row == 0)
                        first += ThreadCpu() - thread;
                    else
                        rest += ThreadCpu() - thread;
                }
                if (row == 0)
                    registered = stores.Sum(s => s.Stats.WalBytesWritten);
                else
                    samples += (long)total * count;
            }
            var memory = Memory() - before;
            Print($"first request   {first / total:F0} ns/series ({Math.Min(perSeries, rows)} samples each)");
            Print($"append          {rest / samples:F1} ns/sample (CPU of the writer)");
            Print($"memory          {memory / (double)total:F0} bytes/series, {stores.Sum(s => s.Stats.SampleBytes) / (double)((long)total * rows):F2} bytes/sample in chunks");
            Print($"WAL             {(stores.Sum(s => s.Stats.WalBytesWritten) - registered) / (double)samples:F2} bytes/sample, first request {registered / (double)total:F1} bytes/series");
            var checksum = Checksum(stores);
            foreach (var store in stores)
                store.Dispose();
            stores = null!;
            Memory();
            var watch = Stopwatch.StartNew();
            var cpu = ProcessCpu();
            var again = Open(directory, new NodeSymbols());
            cpu = ProcessCpu() - cpu;
            Print($"recovery        {watch.ElapsedMilliseconds} ms, {again.Sum(s => s.Recovery.Samples) * 1e3 / cpu:F1} M samples/s CPU, {cpu / again.Sum(s => s.Recovery.Samples):F0} ns/sample");
            Print($"checksum        {checksum:X16} {(Checksum(again) == checksum ? "the same after recovery" : "DIFFERS AFTER RECOVERY")}");
            foreach (var store in again)
                store.Dispose();
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static PartitionStore[] Open(string directory, NodeSymbols symbols)
    {
        var stores = new PartitionStore[Partitions];
        Parallel.For(0, Partitions, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, p =>
        {
            var options = new PartitionOptions
            {
                Directory = Path.Combine(directory, $"p-{p:D2}"),
                Partition = new PartitionId(p),
                Partitions = Partitions,
                ClusterId = Guid.Empty,
                NodeRetention = new ActorMon.Tsdb.Lifecycle.NodeRetention(new ActorMon.Tsdb.Lifecycle.RetentionPolicy(null)),
            };
            Directory.CreateDirectory(options.Directory);
            stores[p] = PartitionStore.Open(options, symbols, DiskFiles.Instance, TimeProvider.System);
        });
        return stores;
    }

    private static List<SampleBatch> Batches(ReadOnlySpan<LabelSet> labels, Span<double> values, int firstSeries, int row, int count, Random random, long[] numbers)
    {
        var loose = new List<LooseSample>?[Partitions];
        for (var s = 0; s < labels.Length; s++)
        {
            var place = Placement.Of(labels[s], Partitions).Value;
            for (var r = 0; r < count; r++)
                (loose[place] ??= []).Add(new LooseSample(labels[s], new TimestampMs(Start + (row + r) * 15_000L), values[s] = Next(values[s], firstSeries + s, random)));
        }
        var batches = new List<SampleBatch>();
        for (var p = 0; p < Partitions; p++)
            if (loose[p] is { } own)
                batches.Add(new SampleBatch { Writer = new WriterId(7), Partition = new PartitionId(p), Number = ++numbers[p], Loose = [.. own] });
        return batches;
    }

    private static LabelSet Labels(int target, int s) => LabelSet.Of(
        "__name__", $"metric_{s % 50:D2}_total", "job", "load", "instance", $"t{target:D4}", "service", $"service-{s / 50}", "env", "prod", "region", "eu-west-1",
        "pod", $"service-{s / 50}-{target * 7919 + s / 50:x6}", "handler", "/api/v1/items/:id", "code", $"{200 + s % 4}");

    private static double Next(double value, int series, Random random) => (series % 50) switch
    {
        < 17 => series,
        < 33 => value + random.Next(0, 30),
        < 41 => value + random.Next(0, 3000),
        < 45 => 4096.0 * random.Next(1000, 200_000),
        < 47 => Math.Round(value + random.NextDouble() * 10, 2),
        < 49 => Math.Round(random.NextDouble(), 4),
        _ => Math.Round(value + random.NextDouble() * 100, 6),
    };

    private static ulong Checksum(PartitionStore[] stores)
    {
        var buffer = new SampleBuffer();
        ulong sum = 0;
        foreach (var store in stores)
        {
            using var all = store.View.Select(new Model.Reading.SeriesRequest([Model.Matchers.Matcher.Equal("job", "load")], TimestampMs.Min, TimestampMs.Max));
            for (var i = 0; i < all.Count; i++)
            {
                all.Read(i, buffer);
                for (var n = 0; n < buffer.Count; n++)
                    sum = (sum ^ (ulong)buffer.Times[n] ^ BitConverter.DoubleToUInt64Bits(buffer.Values[n])) * 0x9E3779B97F4A7C15 + (ulong)n;
            }
        }
        return sum;
    }

    /// <summary>Nanoseconds of CPU the process used.</summary>
    private static double ProcessCpu() => Clock(2);

    /// <summary>Nanoseconds of CPU this thread used.</summary>
    private static double ThreadCpu() => Clock(3);

    private static double Clock(int id)
    {
        _ = ClockGetTime(id, out var time);
        return time.Seconds * 1e9 + time.Nanoseconds;
    }

    private record struct TimeSpec(long Seconds, long Nanoseconds);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockGetTime(int id, out TimeSpec time);

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static int Number(string[] args, int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
