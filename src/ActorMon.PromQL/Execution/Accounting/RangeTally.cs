using ActorMon.PromQL.Fragments;

namespace ActorMon.PromQL.Execution.Accounting;

/// <summary>The most samples one window of a series held, and those of its last window.</summary>
internal readonly record struct WindowSizes(int Most, int Last);

/// <summary>
/// What a range function holds, series after series: the windows of the series at hand and the results so far. Workers note their series' windows in any order and from
/// any thread, each series once; results are added in order.
/// </summary>
internal sealed class RangeTally(SampleLedger ledger)
{
    private WindowSizes[] _windows = [];
    private int[] _results = [];

    /// <summary>Samples of all results.</summary>
    public long Results { get; private set; }

    /// <summary>Most samples held at once, those of arguments left out.</summary>
    public long Peak { get; private set; }

    /// <summary>What was noted of each series.</summary>
    public IEnumerable<FragmentWindows> Series => _results.Select((results, i) => new FragmentWindows(results, _windows[i].Most, _windows[i].Last));

    public void Begin(int series) => (_windows, _results) = (new WindowSizes[series], new int[series]);

    public void Note(int series, WindowSizes windows) => _windows[series] = windows;

    public void Add(int series, long results)
    {
        var windows = _windows[series];
        _results[series] = (int)results;
        Peak = Math.Max(Peak, Results + windows.Most);
        Results += results;
        Peak = Math.Max(Peak, Results + windows.Last);
        ledger.Check(Peak);
    }
}
