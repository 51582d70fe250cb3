using System.Globalization;
using ActorMon.Tsdb.Transfer;

namespace ActorMon.Tool.Tsdb;

/// <summary>One line of a table of blocks; times in ms, the last one exclusive; chunks null: not counted.</summary>
internal sealed record BlockRow(string Name, long MinTime, long MaxTime, long Samples, long? Chunks, long Series, long Bytes)
{
    public static BlockRow Of(ImportedPart part) => new(
        string.Create(CultureInfo.InvariantCulture, $"p-{part.Partition.Value:D2}/{part.Sequence:D10}"), part.MinTime, part.MaxTime + 1, part.Samples, null, part.Series, part.Bytes);
}

/// <summary>A table with promtool's columns and spacing.</summary>
internal static class BlockTable
{
    private const int LeastWidth = 13;
    private const int Gap = 2;

    /// <param name="kind">What the first column holds.</param>
    /// <param name="humanReadable">Times and sizes in units instead of numbers.</param>
    public static void Write(IReadOnlyList<BlockRow> rows, string kind, bool humanReadable, TextWriter output)
    {
        var lines = new List<string[]> { new[] { kind, "MIN TIME", "MAX TIME", "DURATION", "NUM SAMPLES", "NUM CHUNKS", "NUM SERIES", "SIZE" } };
        foreach (var row in rows)
            lines.Add(Cells(row, humanReadable));
        Write(lines, output);
    }

    /// <summary>Columns as wide as their longest cell and a gap, but not narrower than 13; the last one as it is.</summary>
    public static void Write(IReadOnlyList<string[]> lines, TextWriter output)
    {
        var widths = new int[lines[0].Length - 1];
        for (var i = 0; i < widths.Length; i++)
            widths[i] = Math.Max(LeastWidth, lines.Max(line => line[i].Length) + Gap);
        foreach (var line in lines)
        {
            for (var i = 0; i < widths.Length; i++)
                output.Write(line[i].PadRight(widths[i]));
            output.Write(line[^1]);
            output.Write('\n');
        }
    }

    private static string[] Cells(BlockRow row, bool humanReadable) =>
    [
        row.Name,
        humanReadable ? GoText.Time(row.MinTime) : Number(row.MinTime),
        humanReadable ? GoText.Time(row.MaxTime) : Number(row.MaxTime),
        GoText.Duration(row.MaxTime - row.MinTime),
        Number(row.Samples),
        row.Chunks is { } chunks ? Number(chunks) : "-",
        Number(row.Series),
        humanReadable ? GoText.Bytes(row.Bytes) : Number(row.Bytes),
    ];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
