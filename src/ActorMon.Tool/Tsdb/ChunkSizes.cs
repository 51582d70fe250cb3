using System.Globalization;
using ActorMon.Tsdb.Foreign.Blocks;
using ActorMon.Tsdb.Foreign.Chunks;

namespace ActorMon.Tool.Tsdb;

/// <summary>The extended part of <c>tsdb analyze</c>: how full chunks are, as bars.</summary>
internal static class ChunkSizes
{
    private const int Bars = 10;
    private const int LongestStep = 10_000;

    public static void Write(IEnumerable<ForeignChunkInfo> chunks, TextWriter output)
    {
        List<long> floatSamples = [], floatBytes = [], histogramSamples = [], histogramBytes = [], buckets = [];
        foreach (var chunk in chunks)
        {
            if (!ForeignChunk.IsHistogram(chunk.Encoding))
            {
                floatSamples.Add(chunk.Samples);
                floatBytes.Add(chunk.Bytes);
                continue;
            }
            histogramSamples.Add(chunk.Samples);
            histogramBytes.Add(chunk.Bytes);
            buckets.Add(chunk.Buckets);
        }
        var total = floatSamples.Count + histogramSamples.Count;
        output.Write("\nCompaction analysis:\n\n");
        Write("samples per float chunk", floatSamples, total, output);
        Write("bytes per float chunk", floatBytes, total, output);
        Write("samples per histogram chunk", histogramSamples, total, output);
        Write("bytes per histogram chunk", histogramBytes, total, output);
        Write("buckets per histogram chunk", buckets, total, output);
    }

    private static void Write(string what, List<long> values, int total, TextWriter output)
    {
        if (values.Count == 0)
        {
            output.Write($"{what}: N/A\n\n");
            return;
        }
        values.Sort();
        var (start, end, step) = Range(values[0], values[^1]);
        var counts = new long[(end - start) / step + 1];
        foreach (var value in values)
            counts[(value - start) / step]++;
        output.Write(string.Create(CultureInfo.InvariantCulture, $"{what} (min/avg/max): {values[0]}/{values.Sum() / values.Count}/{values[^1]}\n"));
        var (left, right, width) = (Text(end).Length, Text(end + step).Length, Text(counts.Max()).Length);
        for (var i = 0; i < counts.Length; i++)
        {
            var from = Text(i * step + start + 1).PadLeft(left);
            var to = Text((i + 1) * step + start).PadLeft(right);
            output.Write($"[{from}, {to}]: {Text(counts[i]).PadLeft(width)} {new string('#', (int)(100 * counts[i] / total))}\n");
        }
        output.Write('\n');
    }

    private static (long Start, long End, long Step) Range(long min, long max)
    {
        long step = 10;
        while (step < (max - min) / Bars && step <= LongestStep)
            step *= 10;
        return (min - min % step, max - max % step + step, step);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
