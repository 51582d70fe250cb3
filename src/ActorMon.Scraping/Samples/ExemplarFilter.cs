using System.Text;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;

namespace ActorMon.Scraping.Samples;

/// <summary>What became of an exposed exemplar.</summary>
internal enum ExemplarFate : byte
{
    Accepted,

    /// <summary>The same as at the scrape before: targets show the last one until there is another.</summary>
    Repeated,
    OutOfOrder,
    TooLong,
}

/// <summary>Keeps apart new exemplars of a target and those already handed on, series by series (Prometheus' ValidateExemplar).</summary>
internal sealed class ExemplarFilter
{
    /// <summary>UTF-8 characters of all label names and values together (OpenMetrics).</summary>
    private const int MaxLabelCharacters = 128;

    private readonly Dictionary<ulong, Mark> _last = [];

    public int Count => _last.Count;

    /// <param name="series">Hash of the series' raw key.</param>
    /// <param name="hasTimestamp">False: the exemplar's time is only that of the scrape, and does not tell exemplars apart.</param>
    public ExemplarFate Judge(ulong series, Exemplar exemplar, bool hasTimestamp)
    {
        if (Characters(exemplar.Labels) > MaxLabelCharacters)
            return ExemplarFate.TooLong;
        var mark = new Mark(exemplar.Labels.GetHashCode(), exemplar.Value, exemplar.Timestamp.Value, hasTimestamp);
        if (_last.TryGetValue(series, out var last))
        {
            if (last.Labels == mark.Labels && last.Value.Equals(mark.Value) && (!(hasTimestamp || last.HasTimestamp) || last.Time == mark.Time))
                return ExemplarFate.Repeated;
            if (mark.Time < last.Time || (mark.Time == last.Time && mark.Value < last.Value))
                return ExemplarFate.OutOfOrder;
        }
        _last[series] = mark;
        return ExemplarFate.Accepted;
    }

    /// <summary>Forgets everything: exemplars still exposed are handed on once more, and found repeated by the store.</summary>
    public void Clear() => _last.Clear();

    private static int Characters(LabelSet labels)
    {
        var count = 0;
        foreach (ref readonly var label in labels.AsSpan())
            count += Runes(label.Name) + Runes(label.Value);
        return count;
    }

    private static int Runes(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    private readonly record struct Mark(int Labels, double Value, long Time, bool HasTimestamp);
}
