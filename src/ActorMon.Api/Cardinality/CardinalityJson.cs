using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;

namespace ActorMon.Api.Cardinality;

/// <summary>The answers of /api/v1/cardinality/* (docs/compatibility.md lists their fields).</summary>
internal static class CardinalityJson
{
    public static void Metrics(JsonOut json, CardinalityReport report, int top)
    {
        Head(json, report.Series, "metrics"u8);
        Rows(json, report.Metrics, top, static (json, row) =>
        {
            json.Raw("{\"name\":"u8);
            json.String(row.Value);
            Field(json, ",\"series\":"u8, row.Series);
            json.Raw((byte)'}');
        });
        json.Raw((byte)'}');
    }

    public static void Labels(JsonOut json, CardinalityReport report, int top)
    {
        Head(json, report.Series, "labels"u8);
        Rows(json, report.Labels, top, static (json, row) =>
        {
            json.Raw("{\"name\":"u8);
            json.String(row.Name);
            Field(json, ",\"values\":"u8, row.Values);
            Field(json, ",\"series\":"u8, row.Series);
            Field(json, ",\"memoryInBytes\":"u8, row.Bytes);
            json.Raw((byte)'}');
        });
        json.Raw((byte)'}');
    }

    public static void Pairs(JsonOut json, CardinalityReport report, int top)
    {
        Head(json, report.Series, "pairs"u8);
        Rows(json, report.Pairs, top, static (json, row) =>
        {
            json.Raw("{\"name\":"u8);
            json.String(row.Name);
            json.Raw(",\"value\":"u8);
            json.String(row.Value);
            Field(json, ",\"series\":"u8, row.Series);
            json.Raw((byte)'}');
        });
        json.Raw((byte)'}');
    }

    public static void Jobs(JsonOut json, IReadOnlyList<JobRow> jobs)
    {
        json.Raw("{\"jobs\":"u8);
        Rows(json, jobs, jobs.Count, static (json, row) =>
        {
            json.Raw("{\"job\":"u8);
            json.String(row.Job);
            Field(json, ",\"series\":"u8, row.Series);
            Field(json, ",\"targets\":"u8, row.Targets);
            Rate(json, row.SamplesPerSecond);
        });
        json.Raw((byte)'}');
    }

    public static void Targets(JsonOut json, IReadOnlyList<TargetRow> targets)
    {
        json.Raw("{\"targets\":"u8);
        Rows(json, targets, targets.Count, static (json, row) =>
        {
            json.Raw("{\"job\":"u8);
            json.String(row.Job);
            json.Raw(",\"instance\":"u8);
            json.String(row.Instance);
            Field(json, ",\"series\":"u8, row.Series);
            Rate(json, row.SamplesPerSecond);
        });
        json.Raw((byte)'}');
    }

    public static void Churn(JsonOut json, IReadOnlyList<ChurnHourRow> hours, int top)
    {
        json.Raw("{\"hours\":"u8);
        Rows(json, hours, hours.Count, (json, hour) =>
        {
            json.Raw("{\"start\":"u8);
            json.String(TimeText.Rfc3339(hour.Start));
            Field(json, ",\"created\":"u8, hour.Jobs.Sum(j => j.Created));
            Field(json, ",\"ended\":"u8, hour.Jobs.Sum(j => j.Ended));
            Field(json, ",\"dropped\":"u8, hour.Jobs.Sum(j => j.Dropped));
            json.Raw(",\"jobs\":"u8);
            Rows(json, hour.Jobs, top, static (json, row) =>
            {
                json.Raw("{\"job\":"u8);
                json.String(row.Job);
                Field(json, ",\"created\":"u8, row.Created);
                Field(json, ",\"ended\":"u8, row.Ended);
                Field(json, ",\"dropped\":"u8, row.Dropped);
                json.Raw((byte)'}');
            });
            json.Raw((byte)'}');
        });
        json.Raw((byte)'}');
    }

    public static void Limits(JsonOut json, IReadOnlyList<LimitRow> limits, IReadOnlyList<RefusedRow> refused, int top)
    {
        json.Raw("{\"limits\":"u8);
        Rows(json, limits, limits.Count, static (json, row) =>
        {
            json.Raw("{\"scope\":"u8);
            json.String(row.Scope);
            json.Raw(",\"setting\":"u8);
            json.String(row.Setting);
            Field(json, ",\"limit\":"u8, row.Limit);
            Field(json, ",\"keys\":"u8, row.Keys);
            Field(json, ",\"mostSeries\":"u8, row.Most);
            Field(json, ",\"refused\":"u8, row.Refused);
            json.Raw((byte)'}');
        });
        json.Raw(",\"refused\":"u8);
        Rows(json, refused, top, static (json, row) =>
        {
            json.Raw("{\"scope\":"u8);
            json.String(row.Scope);
            json.Raw(",\"of\":"u8);
            LabelsJson.Write(json, row.Of);
            json.Raw(",\"setting\":"u8);
            json.String(row.Setting);
            Field(json, ",\"limit\":"u8, row.Limit);
            Field(json, ",\"series\":"u8, row.Series);
            json.Raw(",\"refusing\":"u8);
            json.Bool(row.Series >= row.Limit);
            Field(json, ",\"refused\":"u8, row.Refused);
            json.Raw(",\"since\":"u8);
            json.String(TimeText.Rfc3339(row.Since));
            json.Raw(",\"last\":"u8);
            json.String(TimeText.Rfc3339(row.Last));
            json.Raw(",\"examples\":"u8);
            Rows(json, row.Examples, row.Examples.Count, LabelsJson.Write);
            json.Raw((byte)'}');
        });
        json.Raw((byte)'}');
    }

    private static void Head(JsonOut json, long series, ReadOnlySpan<byte> list)
    {
        Field(json, "{\"series\":"u8, series);
        json.Raw(",\""u8);
        json.Raw(list);
        json.Raw("\":"u8);
    }

    private static void Field(JsonOut json, ReadOnlySpan<byte> before, long value)
    {
        json.Raw(before);
        json.Number(value);
    }

    private static void Rate(JsonOut json, double? samplesPerSecond)
    {
        json.Raw(",\"samplesPerSecond\":"u8);
        json.Number(samplesPerSecond ?? double.NaN);
        json.Raw((byte)'}');
    }

    private static void Rows<T>(JsonOut json, IReadOnlyList<T> rows, int top, Action<JsonOut, T> write)
    {
        json.Raw((byte)'[');
        for (var i = 0; i < Math.Min(top, rows.Count); i++)
        {
            if (i > 0)
                json.Raw((byte)',');
            write(json, rows[i]);
        }
        json.Raw((byte)']');
    }
}
