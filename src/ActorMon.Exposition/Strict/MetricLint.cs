using ActorMon.Exposition.Families;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Strict;

/// <summary>A break with the naming conventions.</summary>
public sealed record LintProblem(string Metric, string Text);

/// <summary>How many series a family makes, and its part of all (0..1).</summary>
public sealed record MetricCardinality(string Metric, int Series, double Share);

/// <summary>The conventions <c>check metrics</c> holds families against (Prometheus' promlint), and its cardinality table.</summary>
public static class MetricLint
{
    private static readonly string[] TypeNames = ["counter", "gauge", "summary", "histogram", "gauge_histogram"];

    /// <summary>The problems, sorted by metric and text.</summary>
    public static IReadOnlyList<LintProblem> Check(IEnumerable<MetricFamily> families)
    {
        var problems = new List<LintProblem>();
        foreach (var family in families)
        {
            void Add(string text) => problems.Add(new LintProblem(family.Name, text));
            if (family.Help is null)
                Add("no help text");
            CheckType(family, Add);
            CheckName(family.Name, Add);
            CheckLabels(family, Add);
        }
        return [.. problems.OrderBy(p => p.Metric, StringComparer.Ordinal).ThenBy(p => p.Text, StringComparer.Ordinal)];
    }

    /// <summary>The families by falling number of series; the buckets of a family are counted on its first metric.</summary>
    public static IReadOnlyList<MetricCardinality> Cardinality(IReadOnlyList<MetricFamily> families)
    {
        var total = families.Sum(Series);
        return [.. families.Select(f => new MetricCardinality(f.Name, Series(f), (double)Series(f) / total)).OrderByDescending(c => c.Series)];
    }

    private static int Series(MetricFamily family) => family.Metrics.Count * (family.Metrics.Count == 0 ? 0 : family.Metrics[0].Value switch
    {
        HistogramValue histogram when family.Type == MetricType.Histogram => 2 + histogram.Buckets.Count,
        SummaryValue summary => 2 + summary.Quantiles.Count,
        _ => 1,
    });

    private static void CheckType(MetricFamily family, Action<string> add)
    {
        var isTotal = family.Name.EndsWith("_total", StringComparison.Ordinal);
        if (family.Type == MetricType.Counter && !isTotal)
            add("counter metrics should have \"_total\" suffix");
        if (family.Type == MetricType.Unknown)
            return;
        if (family.Type != MetricType.Counter && isTotal)
            add("non-counter metrics should not have \"_total\" suffix");
        if (family.Type != MetricType.Gauge && family.Name.EndsWith("_timestamp_seconds", StringComparison.Ordinal))
            add("non-gauge metrics should not have \"_timestamp_seconds\" suffix");
        var isHistogram = family.Type == MetricType.Histogram;
        if (!isHistogram && family.Name.EndsWith("_bucket", StringComparison.Ordinal))
            add("non-histogram metrics should not have \"_bucket\" suffix");
        if (isHistogram || family.Type == MetricType.Summary)
            return;
        foreach (var suffix in (ReadOnlySpan<string>)["_count", "_sum"])
            if (family.Name.EndsWith(suffix, StringComparison.Ordinal))
                add($"non-histogram and non-summary metrics should not have \"{suffix}\" suffix");
    }

    private static void CheckName(string name, Action<string> add)
    {
        if (LintUnits.Find(name) is { } unit && unit.Found != unit.Base)
            add($"use base unit \"{unit.Base}\" instead of \"{unit.Found}\"");
        foreach (var type in TypeNames)
            if (HasWord(name, type))
                add($"metric name should not include type '{type}'");
        if (name.Contains(':', StringComparison.Ordinal))
            add("metric names should not contain ':'");
        if (IsCamelCase(name))
            add("metric names should be written in 'snake_case' not 'camelCase'");
        foreach (var abbreviation in LintUnits.Abbreviations)
            if (HasWord(name, abbreviation))
                add("metric names should not contain abbreviated units");
    }

    private static void CheckLabels(MetricFamily family, Action<string> add)
    {
        var seen = new HashSet<LabelSet>();
        foreach (var metric in family.Metrics)
        {
            foreach (var label in metric.Labels)
            {
                if (family.Type is not (MetricType.Histogram or MetricType.Unknown) && label.Name == LabelNames.Bucket)
                    add("non-histogram metrics should not have \"le\" label");
                if (family.Type is not (MetricType.Summary or MetricType.Unknown) && label.Name == LabelNames.Quantile)
                    add("non-summary metrics should not have \"quantile\" label");
                if (IsCamelCase(label.Name))
                    add("label names should be written in 'snake_case' not 'camelCase'");
            }
            if (!seen.Add(LabelSet.From(metric.Labels.Select(l => KeyValuePair.Create(l.Name, l.Value)))))
                add("metric not unique");
        }
    }

    /// <summary>True when the word follows an underscore and ends with another or the name.</summary>
    private static bool HasWord(string name, string word)
    {
        var inner = "_" + word;
        return name.EndsWith(inner, StringComparison.OrdinalIgnoreCase) || name.Contains(inner + "_", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsCamelCase(string name)
    {
        for (var i = 1; i < name.Length; i++)
            if (char.IsAsciiLetterLower(name[i - 1]) && char.IsAsciiLetterUpper(name[i]))
                return true;
        return false;
    }
}
