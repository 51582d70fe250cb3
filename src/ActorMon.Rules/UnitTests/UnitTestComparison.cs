using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Printing;

namespace ActorMon.Rules.UnitTests;

/// <summary>Reads what a unit test expects, and compares. Values are compared exactly, or to the last bit; a NaN equals nothing, as in promtool.</summary>
internal static class UnitTestComparison
{
    /// <summary>Null, or why an expectation cannot be read.</summary>
    public static string? Read(IReadOnlyList<ExpectedSample> expected, List<TestSample> into)
    {
        foreach (var sample in expected)
        {
            // What is written without labels is a metric without any.
            var labels = PromQLParser.ParseMetric(sample.Labels);
            NativeHistogram? histogram = null;
            var error = labels.ErrorText ?? (sample.Histogram.Length == 0 ? null : Histogram(sample.Histogram, out histogram));
            if (error is not null)
                return $"labels {Model.Text.GoQuote.Quote(sample.Labels)}: {error}";
            into.Add(Sample(labels.Labels!, sample.Value, histogram));
        }
        return null;
    }

    public static TestSample Sample(LabelSet labels, double value, NativeHistogram? histogram) =>
        new(labels, histogram is null ? value : 0, histogram is null ? "" : HistogramNotation.Print(histogram));

    public static bool Same(List<TestAlert> expected, List<TestAlert> got)
    {
        if (expected.Count != got.Count)
            return false;
        for (var i = 0; i < expected.Count; i++)
            if (expected[i] != got[i])
                return false;
        return true;
    }

    /// <summary>Sorts both and compares them.</summary>
    public static bool Same(List<TestSample> expected, List<TestSample> got, bool fuzzy)
    {
        expected.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        got.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        if (expected.Count != got.Count)
            return false;
        for (var i = 0; i < expected.Count; i++)
            if (!expected[i].Labels.Equals(got[i].Labels) || expected[i].Histogram != got[i].Histogram || !Same(expected[i].Value, got[i].Value, fuzzy))
                return false;
        return true;
    }

    private static bool Same(double a, double b, bool fuzzy) => a == b || (fuzzy && (Math.BitDecrement(a) == b || Math.BitIncrement(a) == b));

    private static string? Histogram(string text, out NativeHistogram? histogram)
    {
        histogram = null;
        var parsed = PromQLParser.ParseSeries("{} " + text);
        if (!parsed.Success)
            return parsed.ErrorText;
        if (parsed.Series.Values.Count != 1)
            return $"expected 1 value, got {parsed.Series.Values.Count}";
        histogram = parsed.Series.Values[0].Histogram;
        return histogram is null ? $"expected histogram, got {text}" : null;
    }
}
