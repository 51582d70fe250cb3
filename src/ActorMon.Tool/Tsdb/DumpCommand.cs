using System.Globalization;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;

namespace ActorMon.Tool.Tsdb;

/// <summary><c>tsdb dump</c> and <c>tsdb dump-openmetrics</c>: every sample as a line.</summary>
internal static class DumpCommand
{
    private const string Everything = "{__name__=~'(?s:.*)'}";

    // promtool writes into its sandbox; here nothing is written, so the flag is taken and has no effect.
    private static readonly string[] Flags = ["min-time", "max-time", "match", "sandbox-dir-root"];

    public static int Run(IReadOnlyList<string> arguments, bool openMetrics, TextWriter output, TextWriter errors)
    {
        var given = new CommandArguments(arguments, openMetrics ? Flags : [.. Flags, "format"], []).Expect(0, 1, "db path");
        var format = given.Last("format") ?? "prom";
        if (format is not ("prom" or "seriesjson"))
            throw new UsageException($"enum value must be one of prom,seriesjson, got '{format}'");
        var (min, max) = (given.Number("min-time", long.MinValue), given.Number("max-time", long.MaxValue));
        var sets = TsdbSource.Matchers(given.Has("match") ? given.All("match") : [Everything]);
        using var source = TsdbSource.Open(given.Places.FirstOrDefault() ?? TsdbSource.DefaultPath, errors);
        using var cursor = source.Select(sets, min, max);
        var buffer = new SampleBuffer();
        while (cursor.Next())
        {
            cursor.Read(min, max, buffer);
            if (buffer.Count == 0)
                continue;
            if (openMetrics)
                WriteOpenMetrics(cursor.Labels, buffer, output);
            else if (format == "seriesjson")
                Line(output, GoText.Json(cursor.Labels));
            else
                WriteSamples(cursor.Labels, buffer, output);
        }
        if (openMetrics)
            Line(output, "# EOF");
        return 0;
    }

    private static void WriteSamples(LabelSet labels, SampleBuffer buffer, TextWriter output)
    {
        var series = labels.ToString();
        for (var i = 0; i < buffer.Count; i++)
        {
            output.Write(series);
            output.Write(' ');
            output.Write(buffer.HistogramAt(i) is { } histogram ? GoText.Histogram(histogram) : GoFloat.FormatG(buffer.Values[i]));
            output.Write(' ');
            output.Write(buffer.Times[i].ToString(CultureInfo.InvariantCulture));
            output.Write('\n');
        }
    }

    /// <summary>OpenMetrics has no native histograms and no staleness: both are left out.</summary>
    private static void WriteOpenMetrics(LabelSet labels, SampleBuffer buffer, TextWriter output)
    {
        var series = labels.MetricName + GoText.Condensed(labels);
        for (var i = 0; i < buffer.Count; i++)
        {
            if (buffer.HistogramAt(i) is not null || SpecialValues.IsStale(buffer.Values[i]))
                continue;
            output.Write(series);
            output.Write(' ');
            output.Write(GoFloat.FormatG(buffer.Values[i]));
            output.Write(' ');
            output.Write((buffer.Times[i] / 1000.0).ToString("F3", CultureInfo.InvariantCulture));
            output.Write('\n');
        }
    }

    private static void Line(TextWriter output, string text)
    {
        output.Write(text);
        output.Write('\n');
    }
}
