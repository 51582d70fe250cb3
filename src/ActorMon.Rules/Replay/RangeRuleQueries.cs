using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Results;
using ActorMon.Rules.Evaluation;

namespace ActorMon.Rules.Replay;

/// <summary>
/// Answers the queries of rules at times that go forward in even steps, out of range queries: a rule costs one query a slice, not one a step. Queries at other times
/// (those of templates) are asked one by one.
/// </summary>
internal sealed class RangeRuleQueries(IRangeQueries source, TimestampMs end, TimeSpan step) : IRuleQueries
{
    /// <summary>Steps fetched at once: long enough to be cheap, short enough for a slice of many series to fit.</summary>
    private const int Points = 1000;

    private readonly Dictionary<string, Slice> _slices = new(StringComparer.Ordinal);

    /// <summary>The time of the evaluation that runs.</summary>
    public TimestampMs Now { get; set; }

    public async ValueTask<IReadOnlyList<QueryResult>> RunAsync(IReadOnlyList<QueryRequest> queries, CancellationToken cancellation)
    {
        var results = new QueryResult[queries.Count];
        for (var i = 0; i < results.Length; i++)
            results[i] = await RunAsync(queries[i], cancellation).ConfigureAwait(false);
        return results;
    }

    private async ValueTask<QueryResult> RunAsync(QueryRequest query, CancellationToken cancellation)
    {
        var at = new TimestampMs(query.Start);
        if (at != Now)
            return new Slice(await source.RunAsync(query.Text, at, at, step, cancellation).ConfigureAwait(false), at).At(at);
        if (!_slices.TryGetValue(query.Text, out var slice) || slice.End < at)
        {
            var until = at + ((Points - 1) * step);
            slice = new Slice(await source.RunAsync(query.Text, at, until < end ? until : end, step, cancellation).ConfigureAwait(false), until);
            _slices[query.Text] = slice;
        }
        return slice.At(at);
    }

    /// <summary>The answer of one range query, read step by step.</summary>
    private sealed class Slice(QueryResult result, TimestampMs end)
    {
        private readonly int[] _next = new int[(result.Value as MatrixValue)?.Series.Count ?? 0];

        public TimestampMs End => end;

        public QueryResult At(TimestampMs time)
        {
            if (result.Value is not MatrixValue matrix)
                return result;
            var labels = new List<LabelSet>();
            var values = new List<double>();
            var histograms = new List<NativeHistogram?>();
            for (var i = 0; i < _next.Length; i++)
            {
                var series = matrix.Series[i];
                while (_next[i] < series.Count && series.Times[_next[i]] < time.Value)
                    _next[i]++;
                if (_next[i] == series.Count || series.Times[_next[i]] != time.Value)
                    continue;
                labels.Add(series.Labels);
                values.Add(series.Values[_next[i]]);
                histograms.Add(series.HistogramAt(_next[i]));
            }
            return result with { Value = new VectorValue(time.Value, labels, [.. values], [.. histograms]), Memory = null };
        }
    }
}
