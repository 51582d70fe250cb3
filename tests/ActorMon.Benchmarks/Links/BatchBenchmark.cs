using System.Diagnostics;
using System.Globalization;
using ActorMon.Model.Bytes;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links.Batches;
using ActorMon.Replication.Copies;

namespace ActorMon.Benchmarks.Links;

/// <summary>
/// Writes and reads batches as they go over a link, without the link: a scrape of a known layout, the first scrape of a layout, and loose samples of a series each.
/// Prints nanoseconds and bytes a sample.
/// </summary>
internal static class BatchBenchmark
{
    private const long Start = 1_700_000_000_000;
    private static readonly WriterId Writer = new(7);

    public static int Run(string[] args)
    {
        var series = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
        var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2000;
        var labels = new LabelSet[series];
        for (var s = 0; s < series; s++)
            labels[s] = LabelSet.Of(
                "__name__", $"metric_{s / 20}", "job", "node", "instance", "host-1:9100", "cpu", $"{s % 20}", "mode", "idle", "region", "eu", "env", "prod", "team", "core", "version", "1");
        var values = new double[series];
        for (var s = 0; s < series; s++)
            values[s] = s * 1.5;
        Measure("scrape", Scrape(labels, values, firstNew: series), series, rounds);
        Measure("first scrape", Scrape(labels, values, firstNew: 0), series, Math.Max(1, rounds / 20));
        var loose = new SampleBatch
        {
            Writer = Writer,
            Number = 1,
            Partition = new PartitionId(0),
            Loose = [.. labels.Select((l, s) => new LooseSample(l, new TimestampMs(Start), values[s]))],
        };
        Measure("loose", loose, series, Math.Max(1, rounds / 20));
        return 0;
    }

    private static SampleBatch Scrape(LabelSet[] labels, double[] values, int firstNew) => new()
    {
        Writer = Writer,
        Number = 1,
        Partition = new PartitionId(0),
        Columns = new LayoutColumns
        {
            Layout = new LayoutId(Writer, 1),
            SlotCount = labels.Length,
            ContentHash = 1,
            FirstNewSlot = firstNew,
            NewSeries = labels[firstNew..],
            Timestamp = new TimestampMs(Start),
            Values = values,
        },
    };

    private static void Measure(string what, SampleBatch batch, int samples, int rounds)
    {
        var encoder = new BatchEncoder();
        var decoder = new BatchDecoder(1);
        var addressed = new AddressedBatch(0, new BatchTerms(1, 0), batch);
        byte[] bytes = [];
        double encoded = 0, decoded = 0;
        // The first pass compiles.
        for (var pass = 0; pass < 3; pass++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var round = 0; round < rounds; round++)
                encoder.Encode(addressed);
            encoded = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
            bytes = encoder.Encode(addressed).ToArray();
            started = Stopwatch.GetTimestamp();
            for (var round = 0; round < rounds; round++)
                if (decoder.Decode(ByteReader.Unpadded(bytes), out var error) is null)
                    throw new InvalidOperationException(error);
            decoded = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
        }
        var total = (double)samples * rounds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: {encoded / total:0.00} ns to write, {decoded / total:0.00} ns to read, {(double)bytes.Length / samples:0.00} bytes, each per sample"));
    }
}
