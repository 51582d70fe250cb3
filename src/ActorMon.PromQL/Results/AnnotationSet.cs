using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;

namespace ActorMon.PromQL.Results;

/// <summary>
/// Warnings and infos of one query, one per text: the peer merges equal texts whatever their place, the last place winning. Not thread-safe.
/// </summary>
internal sealed class AnnotationSet
{
    private readonly Dictionary<string, Annotation> _byText = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _incomplete = new(StringComparer.Ordinal);

    /// <summary>What of the data nobody could be asked for; none: the query has seen everything.</summary>
    public IReadOnlyCollection<string> Missing => _incomplete;

    /// <summary>Something of the data is missing: a warning without a place.</summary>
    public void Incomplete(string text) => _incomplete.Add(text);

    public void Warn(string text, TextRange place) => Add("PromQL warning: " + text, place, isWarning: true);

    public void Inform(string text, TextRange place) => Add("PromQL info: " + text, place, isWarning: false);

    /// <summary>An input to histogram_quantile was made monotonic; all such of one metric become one info with their extremes.</summary>
    public void InformForcedMonotonicity(string metricName, TextRange place, long time, ForcedMonotonicity change)
    {
        var text = "PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see "
            + "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)"
            + (metricName.Length > 0 ? " for metric name " + GoQuote.Quote(metricName) : "");
        if (_byText.TryGetValue(text, out var seen))
            seen.Monotonicity!.Merge(time, change);
        else
            _byText.Add(text, seen = new Annotation(text, false) { Monotonicity = new MonotonicitySummary(time, change) });
        seen.Place = place;
    }

    /// <summary>Warnings and infos so far; what is missing, and what was made monotonic, has a form of its own.</summary>
    public IEnumerable<(string Text, TextRange Place, bool IsWarning)> All => _byText.Values.Select(annotation => (annotation.Text, annotation.Place, annotation.IsWarning));

    /// <summary>Takes over what another set noticed.</summary>
    public void Join(AnnotationSet other)
    {
        _incomplete.UnionWith(other._incomplete);
        foreach (var annotation in other._byText.Values)
        {
            if (!_byText.TryGetValue(annotation.Text, out var known))
                _byText.Add(annotation.Text, annotation);
            else
                known.Place = annotation.Place;
        }
    }

    /// <summary>The texts with their places in <paramref name="query"/>, sorted, so equal queries annotate equally.</summary>
    public (IReadOnlyList<string> Warnings, IReadOnlyList<string> Infos) Render(string query)
    {
        var warnings = new List<string>(_incomplete);
        var infos = new List<string>();
        foreach (var annotation in _byText.Values)
            (annotation.IsWarning ? warnings : infos).Add($"{annotation.Text}{annotation.Monotonicity?.Describe()} ({TextPlace.Of(query, annotation.Place.Start)})");
        warnings.Sort(StringComparer.Ordinal);
        infos.Sort(StringComparer.Ordinal);
        return (warnings, infos);
    }

    /// <summary>A text as it will be shown, but for its place.</summary>
    public void Add(string text, TextRange place, bool isWarning)
    {
        if (!_byText.TryGetValue(text, out var annotation))
            _byText.Add(text, annotation = new Annotation(text, isWarning));
        annotation.Place = place;
    }

    private sealed class Annotation(string text, bool isWarning)
    {
        public string Text { get; } = text;
        public bool IsWarning { get; } = isWarning;
        public TextRange Place { get; set; }
        public MonotonicitySummary? Monotonicity { get; init; }
    }

    private sealed class MonotonicitySummary(long time, ForcedMonotonicity change)
    {
        private long _minTime = time;
        private long _maxTime = time;
        private double _minBucket = change.MinBucket;
        private double _maxBucket = change.MaxBucket;
        private double _maxDifference = change.MaxDifference;
        private long _count = 1;

        public void Merge(long time, ForcedMonotonicity change)
        {
            _minTime = Math.Min(_minTime, time);
            _maxTime = Math.Max(_maxTime, time);
            _minBucket = Math.Min(_minBucket, change.MinBucket);
            _maxBucket = Math.Max(_maxBucket, change.MaxBucket);
            _maxDifference = Math.Max(_maxDifference, change.MaxDifference);
            _count++;
        }

        public string Describe() =>
            $", from buckets {GoFloat.FormatG(_minBucket)} to {GoFloat.FormatG(_maxBucket)}, with a max diff of {GoFormat.TwoDigits(_maxDifference)},"
            + $" over {_count} samples from {GoFormat.Rfc3339Seconds(_minTime)} to {GoFormat.Rfc3339Seconds(_maxTime)}";
    }
}

/// <summary>Between which bucket bounds counts decreased, and by how much at most.</summary>
internal readonly record struct ForcedMonotonicity(double MinBucket, double MaxBucket, double MaxDifference);

/// <summary>A byte offset of a query as <c>line:column</c>, both from 1, columns in bytes as the peer counts them.</summary>
internal static class TextPlace
{
    public static string Of(string query, int offset)
    {
        var bytes = Model.Text.ByteText.Encode(query);
        var before = bytes.AsSpan(0, Math.Clamp(offset, 0, bytes.Length));
        var line = before.Count((byte)'\n') + 1;
        var column = before.Length - before.LastIndexOf((byte)'\n');
        return $"{line}:{column}";
    }
}
