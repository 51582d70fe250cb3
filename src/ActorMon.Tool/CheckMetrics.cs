using System.Globalization;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Parsing;
using ActorMon.Exposition.Strict;

namespace ActorMon.Tool;

/// <summary>What a page is checked as.</summary>
public enum PageFormat : byte
{
    /// <summary>OpenMetrics when the page shows a sign of it, else text.</summary>
    Auto,
    OpenMetrics,
    Text,
}

/// <summary>
/// <c>check metrics</c>: an OpenMetrics page against the whole specification, a page in the text format as <c>promtool check metrics</c> does it: whether it can be
/// read, and naming conventions. Problems go to the errors, one a line.
/// </summary>
public static class CheckMetrics
{
    private const int LintOnly = 3;

    /// <param name="lint">Hold names of the text format against the conventions.</param>
    /// <param name="extended">Print the cardinality of each family, too (text format).</param>
    /// <returns>0 fine, 1 not valid, 3 valid but against conventions.</returns>
    public static int Run(Stream input, PageFormat format, bool lint, bool extended, TextWriter output, TextWriter errors)
    {
        using var copy = new MemoryStream();
        input.CopyTo(copy);
        var body = copy.GetBuffer().AsMemory(0, (int)copy.Length);
        if (format == PageFormat.Auto)
            format = LooksLikeOpenMetrics(body.Span) ? PageFormat.OpenMetrics : PageFormat.Text;
        return format == PageFormat.OpenMetrics ? Strict(body, errors) : Text(body, lint, extended, output, errors);
    }

    /// <summary>The end marker and units are in no other format.</summary>
    private static bool LooksLikeOpenMetrics(ReadOnlySpan<byte> body)
    {
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range];
            if (line.SequenceEqual("# EOF"u8) || line.StartsWith("# UNIT "u8))
                return true;
        }
        return false;
    }

    private static int Strict(ReadOnlyMemory<byte> body, TextWriter errors)
    {
        var problems = OpenMetricsChecker.Check(body);
        foreach (var problem in problems)
            errors.WriteLine(problem.ToString());
        return problems.Count == 0 ? 0 : 1;
    }

    private static int Text(ReadOnlyMemory<byte> body, bool lint, bool extended, TextWriter output, TextWriter errors)
    {
        IReadOnlyList<MetricFamily> families;
        try
        {
            families = TextFamilyParser.Parse(body);
        }
        catch (ExpositionException e)
        {
            errors.WriteLine($"error while linting: {e.Message}");
            return 1;
        }
        var problems = lint ? MetricLint.Check(families) : [];
        foreach (var problem in problems)
            errors.WriteLine($"{problem.Metric} {problem.Text}");
        if (extended)
            WriteCardinality(families, output);
        return problems.Count == 0 ? 0 : LintOnly;
    }

    private static void WriteCardinality(IReadOnlyList<MetricFamily> families, TextWriter output)
    {
        var rows = MetricLint.Cardinality(families);
        var width = Math.Max("Metric".Length, rows.Select(r => r.Metric.Length).DefaultIfEmpty().Max());
        output.WriteLine($"{"Metric".PadRight(width)}  Cardinality  Percentage");
        foreach (var row in rows)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Metric.PadRight(width)}  {row.Series,-11}  {row.Share:P2}"));
    }
}
