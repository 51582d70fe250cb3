using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

/// <summary>increase() on paper: the published rule of Prometheus, written down once more without the engine.</summary>
internal static class CounterArithmetic
{
    /// <param name="samples">The samples of the window, by time.</param>
    /// <param name="end">The end of the window, Unix seconds.</param>
    /// <param name="seconds">The length of the window.</param>
    public static double Increase(IReadOnlyList<PrintedSample> samples, double end, double seconds)
    {
        var values = samples.Select(s => MetricsServer.Number(s.Value)).ToArray();
        var increase = values[^1] - values[0];
        for (var i = 1; i < values.Length; i++)
            if (values[i] < values[i - 1])
                increase += values[i - 1];
        // Whole milliseconds: differences of Unix seconds as floats lose the seventh digit.
        var (first, last, close) = (Milliseconds(samples[0].Time), Milliseconds(samples[^1].Time), Milliseconds(end));
        var covered = (last - first) / 1000;
        var spacing = covered / (values.Length - 1);
        var before = (first - close) / 1000 + seconds;
        var after = (close - last) / 1000;
        // A gap wider than the usual spacing means that the series began (or ended) there: half a spacing is added, not the whole gap.
        if (before >= spacing * 1.1)
            before = spacing / 2;
        if (increase > 0)
            before = Math.Min(before, covered * (values[0] / increase));
        if (after >= spacing * 1.1)
            after = spacing / 2;
        return increase * (covered + before + after) / covered;
    }

    private static double Milliseconds(double seconds) => Math.Round(seconds * 1000);
}
