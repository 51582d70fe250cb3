using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Foreign;

/// <summary>Ranges of time, both ends included, in which the samples of one series are deleted.</summary>
internal sealed class DeletedTimes
{
    private readonly List<(long Min, long Max)> _ranges = [];

    public void Add(long min, long max) => _ranges.Add((min, max));

    public bool Covers(long time)
    {
        foreach (var (min, max) in _ranges)
            if (time >= min && time <= max)
                return true;
        return false;
    }

    /// <summary>Adds the samples of a range that are not deleted.</summary>
    /// <param name="deleted">Null: none.</param>
    public static void CopyKept(SampleBuffer from, DeletedTimes? deleted, long min, long max, SampleBuffer into)
    {
        var times = from.Times;
        for (var i = 0; i < times.Length; i++)
        {
            if (times[i] < min || times[i] > max || deleted?.Covers(times[i]) == true)
                continue;
            if (from.HistogramAt(i) is { } histogram)
                into.Add(times[i], histogram);
            else
                into.Add(times[i], from.Values[i]);
        }
    }
}
