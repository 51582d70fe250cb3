using ActorMon.Model.Histograms;

namespace ActorMon.Api.Json;

/// <summary>
/// Native histograms of query answers: <c>{"count":"n","sum":"s","buckets":[[rule,"lower","upper","count"],...]}</c>. Rules: 0 open left, 1 open right,
/// 2 open, 3 closed. Empty buckets are left out.
/// </summary>
public static class HistogramJson
{
    public static void Write(JsonOut json, NativeHistogram histogram)
    {
        json.Raw("{\"count\":"u8);
        json.SampleValue(histogram.Count);
        json.Raw(",\"sum\":"u8);
        json.SampleValue(histogram.Sum);
        var any = false;
        var buckets = new List<HistogramBucket>();
        histogram.CopyBuckets(buckets);
        foreach (var bucket in buckets)
        {
            if (bucket.Count == 0)
                continue;
            json.Raw(any ? ",["u8 : ",\"buckets\":[["u8);
            any = true;
            json.Number((bucket.LowerInclusive, bucket.UpperInclusive) switch
            {
                (false, true) => 0L,
                (true, false) => 1L,
                (false, false) => 2L,
                _ => 3L,
            });
            json.Raw((byte)',');
            json.SampleValue(bucket.Lower);
            json.Raw((byte)',');
            json.SampleValue(bucket.Upper);
            json.Raw((byte)',');
            json.SampleValue(bucket.Count);
            json.Raw((byte)']');
        }
        if (any)
            json.Raw((byte)']');
        json.Raw((byte)'}');
    }
}
