using ActorMon.Api.Json;
using ActorMon.Api.Ports;

namespace ActorMon.Api.Cardinality;

/// <summary>The answers of /api/v1/cardinality/* (docs/compatibility.md lists their fields).</summary>
internal static class CardinalityJson
{
    public static void Metrics(JsonOut json, CardinalityReport report, int top) => JsonObject.Begin(json).Field("series", report.Series)
        .List("metrics", report.Metrics, static (json, row) => JsonObject.Begin(json).Field("name", row.Value).Field("series", row.Series).End(), top).End();

    public static void Labels(JsonOut json, CardinalityReport report, int top) => JsonObject.Begin(json).Field("series", report.Series)
        .List("labels", report.Labels, Label, top).End();

    public static void Pairs(JsonOut json, CardinalityReport report, int top) => JsonObject.Begin(json).Field("series", report.Series)
        .List("pairs", report.Pairs, static (json, row) => JsonObject.Begin(json).Field("name", row.Name).Field("value", row.Value).Field("series", row.Series).End(), top).End();

    public static void Jobs(JsonOut json, IReadOnlyList<JobRow> jobs) => JsonObject.Begin(json).List("jobs", jobs, static (json, row) => JsonObject.Begin(json)
        .Field("job", row.Job).Field("series", row.Series).Field("targets", row.Targets).Field("samplesPerSecond", row.SamplesPerSecond ?? double.NaN).End()).End();

    public static void Targets(JsonOut json, IReadOnlyList<TargetRow> targets) => JsonObject.Begin(json).List("targets", targets, static (json, row) => JsonObject.Begin(json)
        .Field("job", row.Job).Field("instance", row.Instance).Field("series", row.Series).Field("samplesPerSecond", row.SamplesPerSecond ?? double.NaN).End()).End();

    public static void Churn(JsonOut json, IReadOnlyList<ChurnHourRow> hours, int top) => JsonObject.Begin(json).List("hours", hours, (json, hour) => JsonObject.Begin(json)
        .Field("start", hour.Start)
        .Field("created", hour.Jobs.Sum(j => j.Created)).Field("ended", hour.Jobs.Sum(j => j.Ended)).Field("dropped", hour.Jobs.Sum(j => j.Dropped))
        .List("jobs", hour.Jobs, ChurnOfJob, top).End()).End();

    public static void Limits(JsonOut json, IReadOnlyList<LimitRow> limits, IReadOnlyList<RefusedRow> refused, int top) =>
        JsonObject.Begin(json).List("limits", limits, Limit).List("refused", refused, Refused, top).End();

    private static void Label(JsonOut json, LabelRow row) => JsonObject.Begin(json)
        .Field("name", row.Name).Field("values", row.Values).Field("series", row.Series).Field("memoryInBytes", row.Bytes).End();

    private static void ChurnOfJob(JsonOut json, ChurnRow row) => JsonObject.Begin(json)
        .Field("job", row.Job).Field("created", row.Created).Field("ended", row.Ended).Field("dropped", row.Dropped).End();

    private static void Limit(JsonOut json, LimitRow row) => JsonObject.Begin(json).Field("scope", row.Scope).Field("setting", row.Setting)
        .Field("limit", row.Limit).Field("keys", row.Keys).Field("mostSeries", row.Most).Field("refused", row.Refused).End();

    private static void Refused(JsonOut json, RefusedRow row) => JsonObject.Begin(json).Field("scope", row.Scope).Field("of", row.Of, LabelsJson.Write)
        .Field("setting", row.Setting).Field("limit", row.Limit).Field("series", row.Series).Field("refusing", row.Series >= row.Limit)
        .Field("refused", row.Refused).Field("since", row.Since).Field("last", row.Last).List("examples", row.Examples, LabelsJson.Write).End();
}
