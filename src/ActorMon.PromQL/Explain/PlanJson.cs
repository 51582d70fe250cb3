using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorMon.PromQL.Parsing;

namespace ActorMon.PromQL.Explain;

/// <summary>A plan as JSON: {operation, cost?: {timeSeconds, ownTimeSeconds, series, samples, bytes}, children: [...]}.</summary>
public static class PlanJson
{
    // A plan is hardly deeper than its query: sharing and hoisting add a level here and there.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 8 * PromQLParser.MaxDepth };

    public static void Write(PlanReport plan, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        Write(plan, writer);
    }

    private static void Write(PlanReport plan, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("operation", plan.Operation);
        if (plan.Cost is { } cost)
        {
            writer.WriteStartObject("cost");
            writer.WriteNumber("timeSeconds", cost.Time.TotalSeconds);
            writer.WriteNumber("ownTimeSeconds", cost.OwnTime.TotalSeconds);
            writer.WriteNumber("series", cost.Series);
            writer.WriteNumber("samples", cost.Samples);
            writer.WriteNumber("bytes", cost.Bytes);
            writer.WriteEndObject();
        }
        writer.WriteStartArray("children");
        foreach (var child in plan.Children)
            Write(child, writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
