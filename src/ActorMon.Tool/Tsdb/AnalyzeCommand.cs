using System.Globalization;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Tool.Tsdb;

/// <summary><c>tsdb analyze</c>: churn and cardinality of a block, a part, or a node's whole directory.</summary>
internal static class AnalyzeCommand
{
    private const long DefaultLimit = 20;

    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        var given = new CommandArguments(arguments, ["limit", "match"], ["extended"]).Expect(0, 2, "db path");
        var limit = (int)Math.Clamp(given.Number("limit", DefaultLimit), 0, int.MaxValue);
        var match = given.Last("match");
        var sets = TsdbSource.Matchers(match is null or "" ? [] : [match]);
        using var source = TsdbSource.Open(given.Places.FirstOrDefault() ?? TsdbSource.DefaultPath, errors);
        var block = source.Block(given.Places.ElementAtOrDefault(1));
        bool Wanted(LabelSet labels) => FilteringCursor.Matches(labels, sets);
        Analyse(block, match, Wanted, limit, output);
        if (!given.Has("extended"))
            return 0;
        if (block.Chunks is null)
            output.Write("\nCompaction analysis:\n\nN/A: parts have no chunks of their own\n");
        else
            ChunkSizes.Write(block.Chunks(Wanted), output);
        return 0;
    }

    private static void Analyse(AnalysedBlock block, string? match, Predicate<LabelSet> wanted, int limit, TextWriter output)
    {
        var duration = block.MaxTime - block.MinTime;
        var names = new Dictionary<string, (HashSet<string> Values, double Uncovered)>(StringComparer.Ordinal);
        var pairs = new Dictionary<string, (long Series, double Uncovered)>(StringComparer.Ordinal);
        var metrics = new Dictionary<string, long>(StringComparer.Ordinal);
        long matched = 0, entries = 0;
        foreach (var series in block.Series)
        {
            if (!wanted(series.Labels))
                continue;
            matched++;
            double uncovered = duration - (series.MaxTime - series.MinTime);
            foreach (var label in series.Labels)
            {
                entries++;
                if (!names.TryGetValue(label.Name, out var name))
                    name = ([], 0);
                name.Values.Add(label.Value);
                names[label.Name] = (name.Values, name.Uncovered + uncovered);
                var key = $"{label.Name}={label.Value}";
                var pair = pairs.GetValueOrDefault(key);
                pairs[key] = (pair.Series + 1, pair.Uncovered + uncovered);
                if (label.Name == LabelNames.MetricName)
                    metrics[label.Value] = metrics.GetValueOrDefault(label.Value) + 1;
            }
        }
        Line(output, $"Block ID: {block.Name}");
        Line(output, $"Duration: {GoText.Duration(duration)}");
        Line(output, $"Total Series: {block.SeriesCount}");
        if (!string.IsNullOrEmpty(match))
            Line(output, $"Matcher: {match}");
        Line(output, $"Label names: {names.Count}");
        if (!string.IsNullOrEmpty(match))
            Line(output, $"Matched series: {matched}");
        Line(output, $"Postings (unique label pairs): {pairs.Count}");
        Line(output, $"Postings entries (total label pairs): {entries}");
        List(output, "Label pairs most involved in churning", pairs.Select(p => (p.Key, Share(p.Value.Uncovered))), limit);
        List(output, "Label names most involved in churning", names.Select(n => (n.Key, Share(n.Value.Uncovered))), limit);
        List(output, "Most common label pairs", pairs.Select(p => (p.Key, p.Value.Series)), limit);
        List(output, "Label names with highest cumulative label value length", names.Select(n => (n.Key, n.Value.Values.Sum(v => (long)ByteText.ByteCount(v)))), limit);
        List(output, "Highest cardinality labels", names.Select(n => (n.Key, (long)n.Value.Values.Count)), limit);
        List(output, "Highest cardinality metric names", metrics.Select(m => (m.Key, m.Value)), limit);
        long Share(double uncovered) => duration == 0 ? 0 : (long)(uncovered / duration);
    }

    /// <summary>The greatest first, equal ones by name.</summary>
    private static void List(TextWriter output, string title, IEnumerable<(string Key, long Value)> entries, int limit)
    {
        output.Write($"\n{title}:\n");
        foreach (var (key, value) in entries.OrderByDescending(e => e.Value).ThenBy(e => e.Key, StringComparer.Ordinal).Take(limit))
            Line(output, $"{value} {key}");
    }

    private static void Line(TextWriter output, FormattableString text)
    {
        output.Write(text.ToString(CultureInfo.InvariantCulture));
        output.Write('\n');
    }
}
