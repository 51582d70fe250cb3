using System.Globalization;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Benchmarks.Tsdb;

/// <summary>
/// Writes the comparison kit's fleet as parts of 32 partitions, as a node does, and prints bytes per sample with everything in them, and CPU to write and to read.
/// The defaults are the kit's scenario <c>query</c>: 20 000 series, 6 h, 28.8 million samples. Windows of 2 h are what a cut makes, of 6 h what compaction leaves.
/// </summary>
internal static class PartsBenchmark
{
    private const int Partitions = 32;
    private const long Start = 1_700_006_400;

    public static int Run(string[] args)
    {
        int targets = Number(args, 0, 40), series = Number(args, 1, 500), hours = Number(args, 2, 6), window = Number(args, 3, hours);
        var kind = args.Length > 4 ? Enum.Parse<Fleet.Kind>(args[4], ignoreCase: true) : (Fleet.Kind?)null;
        var directory = Directory.CreateTempSubdirectory("actormon-parts-").FullName;
        var cache = new PartCache(512 << 20);
        var parts = new List<PartFile>();
        try
        {
            var fleet = new Fleet(targets, series);
            var byPartition = new List<Fleet.Series>[Partitions];
            for (var p = 0; p < Partitions; p++)
                byPartition[p] = [];
            for (var t = 0; t < targets; t++)
                foreach (var one in fleet.Of(t))
                    if (kind is null || one.Kind == kind)
                        byPartition[Placement.Of(one.Labels, Partitions).Value].Add(one);
            var buffer = new SampleBuffer();
            double write = 0;
            var rows = window * 3600 / Fleet.StepSeconds;
            for (var p = 0; p < Partitions; p++)
            {
                byPartition[p].Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
                var path = Directory.CreateDirectory(Path.Combine(directory, $"p-{p:D2}")).FullName;
                for (var w = 0; w < hours / window && byPartition[p].Count > 0; w++)
                {
                    var start = Start + (long)w * window * 3600;
                    using var writer = PartWriter.Create(DiskFiles.Instance, path, Header(p, w + 1, start * 1000, window * 3_600_000L));
                    double own = 0;
                    foreach (var one in byPartition[p])
                    {
                        Fleet.Fill(one, Start, rows * (w + 1), buffer);
                        Cut(buffer, rows * w);
                        var before = Cpu();
                        writer.Add(one.Labels, buffer);
                        own += Cpu() - before;
                    }
                    var finish = Cpu();
                    parts.Add(writer.Finish(cache)!);
                    write += own + Cpu() - finish;
                }
            }
            Report(parts, write);
            return 0;
        }
        finally
        {
            foreach (var part in parts)
                part.Dispose();
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Report(List<PartFile> parts, double writeNanoseconds)
    {
        double samples = parts.Sum(p => p.Samples), series = parts.Sum(p => p.SeriesCount);
        Print($"{parts.Count} parts, {series:N0} series, {samples:N0} samples, {parts.Sum(p => p.Bytes):N0} bytes");
        Print($"bytes/sample    {parts.Sum(p => p.Bytes) / samples:F4}");
        foreach (var section in parts.SelectMany(p => p.Sections()).GroupBy(s => s.Name))
            Print($"  {section.Key,-21} {section.Sum(s => s.Bytes) / samples:F4}  ({section.Sum(s => s.Bytes) / series:F1} bytes/series, {section.Sum(s => s.Pages)} pages)");
        Print($"write           {writeNanoseconds / samples:F1} ns/sample (CPU)");
        for (var round = 0; round < 3; round++)
            Read(parts, round == 0 ? "cold" : "warm");
        Matcher[][] sets =
        [
            [Matcher.MetricNamed("queue_depth"), Matcher.Equal("instance", "t0007")],
            [Matcher.MetricNamed("http_requests_total"), new Matcher(MatchOperator.Regex, "handler", "/api/.*")],
            [Matcher.Equal("job", "load"), new Matcher(MatchOperator.NotRegex, "pod", "cart-.*|auth-.*")],
        ];
        double start;
        foreach (var set in sets)
        {
            var found = 0;
            for (var round = 0; round < 21; round++)
            {
                start = Cpu();
                found = parts.Sum(p => p.Find(set, long.MinValue, long.MaxValue).Count);
                if (round % 20 == 0)
                    Print($"find {(round == 0 ? "cold" : "warm")}       {(Cpu() - start) / 1000 / parts.Count:F1} us a part, {found} series of {string.Join(',', set.Select(m => m.ToString()))}");
            }
        }
        for (var round = 0; round < 2; round++)
        {
            start = Cpu();
            foreach (var part in parts)
                for (var id = 0; id < part.SeriesCount; id++)
                    part.Labels(id);
            Print($"labels          {(Cpu() - start) / series:F0} ns/series");
        }
        start = Cpu();
        var problems = parts.Sum(p => p.Verify().Problems.Count);
        Print($"verify          {(Cpu() - start) / samples:F1} ns/sample, {problems} problems");
    }

    private static void Read(List<PartFile> parts, string name)
    {
        var buffer = new SampleBuffer();
        long samples = 0;
        var sum = 0.0;
        var start = Cpu();
        foreach (var part in parts)
        {
            for (var id = 0; id < part.SeriesCount; id++)
            {
                buffer.Clear();
                part.Read(id, long.MinValue, long.MaxValue, buffer);
                samples += buffer.Count;
                sum += buffer.Values[^1];
            }
        }
        Print($"read {name}       {(Cpu() - start) / samples:F2} ns/sample (CPU)");
        GC.KeepAlive(sum);
    }

    private static PartHeader Header(int partition, long sequence, long start, long length) => new()
    {
        ClusterId = Guid.Empty,
        Partitions = Partitions,
        Partition = new PartitionId(partition),
        Sequence = sequence,
        Level = 1,
        WindowStart = start,
        WindowEnd = start + length,
    };

    private static void Cut(SampleBuffer buffer, int from)
    {
        if (from == 0)
            return;
        long[] times = buffer.Times[from..].ToArray();
        double[] values = buffer.Values[from..].ToArray();
        buffer.Clear();
        for (var i = 0; i < times.Length; i++)
            buffer.Add(times[i], values[i]);
    }

    /// <summary>CPU of this process in ns: other work on the machine does not count.</summary>
    private static double Cpu() => Environment.CpuUsage.TotalTime.TotalNanoseconds;

    private static int Number(string[] args, int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
