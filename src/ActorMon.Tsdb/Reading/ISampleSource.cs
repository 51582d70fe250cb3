using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Index;

namespace ActorMon.Tsdb.Reading;

/// <summary>Series of one source in label order: labels, and the source's number of each.</summary>
internal readonly record struct SeriesRun(LabelSet[] Labels, int[] Ids)
{
    public static readonly SeriesRun Empty = new([], []);

    public int Count => Ids.Length;
}

/// <summary>One immutable piece of a partition that holds samples: its head at one moment, a head that is being cut, a part on disk. Any thread.</summary>
internal interface ISampleSource
{
    /// <summary>Unix ms; no sample is outside. MinTime &gt; MaxTime: there is none.</summary>
    long MinTime { get; }
    long MaxTime { get; }

    /// <summary>The series that match and may have a sample with min &lt;= t &lt;= max.</summary>
    SeriesRun Select(ResolvedMatchers matchers, long min, long max);

    /// <summary>Whether a series may have a sample with min &lt;= t &lt;= max.</summary>
    bool Overlaps(int id, long min, long max);

    /// <summary>Appends the samples with min &lt;= t &lt;= max; they may come in any order and twice.</summary>
    void Read(int id, long min, long max, SampleBuffer into);

    /// <summary>Where readers have met damage so far, samples with min &lt;= t &lt;= max are lost: a sentence with the times; null: nothing is known to be.</summary>
    string? Lost(long min, long max) => null;

    /// <summary>Adds the label names of the series that match any of the sets (none: all) and may have a sample in the range.</summary>
    void CollectNames(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into);

    /// <summary>As <see cref="CollectNames"/>: the values of one label.</summary>
    void CollectValues(string name, IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<string> into);

    /// <summary>As <see cref="CollectNames"/>: the label sets.</summary>
    void CollectSeries(IReadOnlyList<ResolvedMatchers> sets, long min, long max, HashSet<LabelSet> into);
}
