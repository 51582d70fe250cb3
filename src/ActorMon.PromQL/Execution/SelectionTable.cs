using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.PromQL.Execution;

/// <summary>
/// The selections a query needs, registered while operators are built and fetched together before any runs. Selectors with equal matchers whose time ranges
/// touch share one selection over both ranges; readers ignore samples outside their windows. Owns the selections.
/// </summary>
internal sealed class SelectionTable(QueryContext context) : IDisposable
{
    /// <summary>A label set of a few labels whose texts are the storage's, and a row of the result.</summary>
    private const long BytesPerSeries = 200;

    private readonly List<Selection> _selections = [];

    public Selection Register(IReadOnlyList<Matcher> matchers, long minTime, long maxTime)
    {
        foreach (var known in _selections)
            if (known.TryExtend(matchers, minTime, maxTime))
                return known;
        var selection = new Selection(matchers, minTime, maxTime);
        _selections.Add(selection);
        return selection;
    }

    /// <summary>The selection of a part with one selector.</summary>
    public Selection Only => _selections.Count == 1 ? _selections[0] : throw new InvalidOperationException($"{_selections.Count} selections where one is expected");

    public async ValueTask FetchAsync(ISeriesSource source, CancellationToken cancellation)
    {
        // At once: from other nodes each takes a while.
        var fetches = new Task[_selections.Count];
        for (var i = 0; i < fetches.Length; i++)
            fetches[i] = _selections[i].FetchAsync(source, context.Reservation, cancellation).AsTask();
        await Task.WhenAll(fetches).ConfigureAwait(false);
        foreach (var selection in _selections)
            context.Reservation.Take(selection.Series.Count * BytesPerSeries);
        NoteMissing();
    }

    /// <summary>Warns of what is missing; some of it shows only while samples are read.</summary>
    public void NoteMissing()
    {
        foreach (var selection in _selections)
            foreach (var warning in selection.Series.Warnings)
                context.Annotations.Incomplete(warning);
    }

    /// <summary>Series times what each has to offer: a measure of the work before anything is read.</summary>
    /// <param name="steps">Steps of the query.</param>
    public long EstimateWork(int steps)
    {
        const long GuessedIntervalMs = 15_000;
        long work = 0;
        foreach (var selection in _selections)
            work += selection.Series.Count * (steps + (selection.RangeMs / GuessedIntervalMs) + 1);
        return work;
    }

    public void Dispose()
    {
        foreach (var selection in _selections)
            selection.Dispose();
    }
}

/// <summary>One selection; <see cref="Series"/> is there once the table has fetched.</summary>
internal sealed class Selection(IReadOnlyList<Matcher> matchers, long minTime, long maxTime) : IDisposable
{
    private long _minTime = minTime;
    private long _maxTime = maxTime;
    private ISeriesSelection? _series;

    public ISeriesSelection Series => _series ?? throw new InvalidOperationException("the selection was not fetched");

    public long RangeMs => Math.Max(0, _maxTime - _minTime);

    public bool TryExtend(IReadOnlyList<Matcher> other, long minTime, long maxTime)
    {
        if (minTime > _maxTime + 1 || maxTime < _minTime - 1 || !matchers.SequenceEqual(other))
            return false;
        _minTime = Math.Min(_minTime, minTime);
        _maxTime = Math.Max(_maxTime, maxTime);
        return true;
    }

    public async ValueTask FetchAsync(ISeriesSource source, IReadBudget budget, CancellationToken cancellation)
    {
        var request = new SeriesRequest(matchers, new TimestampMs(_minTime), new TimestampMs(_maxTime)) { Budget = budget };
        _series = await source.SelectAsync(request, cancellation).ConfigureAwait(false);
    }

    public void Dispose() => _series?.Dispose();
}
