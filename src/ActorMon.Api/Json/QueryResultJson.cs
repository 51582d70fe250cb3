using ActorMon.Model.Histograms;
using ActorMon.PromQL.Results;

namespace ActorMon.Api.Json;

/// <summary>What <c>stats</c> adds to an answer.</summary>
/// <param name="StepMs">0: one step.</param>
public sealed record QueryStatistics(QueryStats Stats, TimeSpan Queued, long Start = 0, long StepMs = 0, bool PerStep = false);

/// <summary>Query results in the encoding of the Prometheus API, written straight from the result's columns.</summary>
public static class QueryResultJson
{
    /// <summary>Writes {resultType, result, stats?}. <paramref name="flush"/> is awaited between series.</summary>
    public static async Task WriteAsync(JsonOut json, QueryValue value, QueryStatistics? statistics, Func<ValueTask> flush)
    {
        switch (value)
        {
            case ScalarValue scalar:
                json.Raw("{\"resultType\":\"scalar\",\"result\":"u8);
                json.Point(scalar.Time, scalar.Value);
                break;
            case StringValue text:
                json.Raw("{\"resultType\":\"string\",\"result\":["u8);
                json.Timestamp(text.Time);
                json.Raw((byte)',');
                json.String(text.Value);
                json.Raw((byte)']');
                break;
            case VectorValue vector:
                json.Raw("{\"resultType\":\"vector\",\"result\":["u8);
                for (var i = 0; i < vector.Count; i++)
                {
                    Element(json, vector, i);
                    await flush();
                }
                json.Raw((byte)']');
                break;
            case MatrixValue matrix:
                json.Raw("{\"resultType\":\"matrix\",\"result\":["u8);
                for (var i = 0; i < matrix.Series.Count; i++)
                {
                    if (i > 0)
                        json.Raw((byte)',');
                    Series(json, matrix.Series[i]);
                    await flush();
                }
                json.Raw((byte)']');
                break;
        }
        if (statistics is not null)
            Statistics(json, statistics);
        json.Raw((byte)'}');
    }

    /// <summary>The value with at most <paramref name="limit"/> series, or null when it has no more than that.</summary>
    public static QueryValue? Truncate(QueryValue value, int limit) => value switch
    {
        VectorValue v when v.Count > limit => new VectorValue(v.Time, [.. v.Series.Take(limit)], v.Values[..limit], v.Histograms?[..limit]),
        MatrixValue m when m.Series.Count > limit => new MatrixValue([.. m.Series.Take(limit)]),
        _ => null,
    };

    private static void Element(JsonOut json, VectorValue vector, int index)
    {
        json.Raw(index > 0 ? ",{\"metric\":"u8 : "{\"metric\":"u8);
        LabelsJson.Write(json, vector.Series[index]);
        if (vector.HistogramAt(index) is { } histogram)
        {
            json.Raw(",\"histogram\":"u8);
            Point(json, vector.Time, histogram);
        }
        else
        {
            json.Raw(",\"value\":"u8);
            json.Point(vector.Time, vector.Values[index]);
        }
        json.Raw((byte)'}');
    }

    private static void Series(JsonOut json, MatrixSeries series)
    {
        json.Raw("{\"metric\":"u8);
        LabelsJson.Write(json, series.Labels);
        Points(json, series, histograms: false);
        if (series.Histograms is not null)
            Points(json, series, histograms: true);
        json.Raw((byte)'}');
    }

    private static void Points(JsonOut json, MatrixSeries series, bool histograms)
    {
        var any = false;
        for (var i = 0; i < series.Count; i++)
        {
            var histogram = series.HistogramAt(i);
            if (histogram is not null != histograms)
                continue;
            if (!any)
                json.Raw(histograms ? ",\"histograms\":["u8 : ",\"values\":["u8);
            else if (histogram is not null)
                json.Raw((byte)',');
            if (histogram is null)
                json.Point(series.Times[i], series.Values[i], comma: any);
            else
                Point(json, series.Times[i], histogram);
            any = true;
        }
        if (any)
            json.Raw((byte)']');
    }

    private static void Point(JsonOut json, long time, NativeHistogram histogram)
    {
        json.Raw((byte)'[');
        json.Timestamp(time);
        json.Raw((byte)',');
        HistogramJson.Write(json, histogram);
        json.Raw((byte)']');
    }

    private static void Statistics(JsonOut json, QueryStatistics statistics)
    {
        var stats = statistics.Stats;
        json.Raw(",\"stats\":{\"timings\":{\"evalTotalTime\":"u8);
        json.Number(stats.Total.TotalSeconds);
        json.Raw(",\"resultSortTime\":0,\"queryPreparationTime\":"u8);
        json.Number((stats.Planning + stats.Selecting).TotalSeconds);
        json.Raw(",\"innerEvalTime\":"u8);
        json.Number(stats.Evaluating.TotalSeconds);
        json.Raw(",\"execQueueTime\":"u8);
        json.Number(statistics.Queued.TotalSeconds);
        json.Raw(",\"execTotalTime\":"u8);
        json.Number((stats.Total + statistics.Queued).TotalSeconds);
        json.Raw("},\"samples\":{"u8);
        StepCounts(json, "\"totalQueryableSamplesPerStep\":["u8, stats.TotalPerStep, statistics);
        json.Raw("\"totalQueryableSamples\":"u8);
        json.Number(stats.TotalQueryableSamples);
        json.Raw((byte)',');
        StepCounts(json, "\"samplesReadPerStep\":["u8, stats.ReadPerStep, statistics);
        json.Raw("\"samplesRead\":"u8);
        json.Number(stats.SamplesRead);
        json.Raw(",\"peakSamples\":"u8);
        json.Number(stats.PeakSamples);
        json.Raw("}}"u8);
    }

    private static void StepCounts(JsonOut json, ReadOnlySpan<byte> head, IReadOnlyList<long>? counts, QueryStatistics statistics)
    {
        if (counts is null || !statistics.PerStep)
            return;
        json.Raw(head);
        for (var step = 0; step < counts.Count; step++)
        {
            json.Raw(step > 0 ? ",["u8 : "["u8);
            json.Timestamp(statistics.Start + (step * statistics.StepMs));
            json.Raw((byte)',');
            json.Number(counts[step]);
            json.Raw((byte)']');
        }
        json.Raw("],"u8);
    }
}
