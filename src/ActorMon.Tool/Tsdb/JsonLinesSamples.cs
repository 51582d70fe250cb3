using System.Globalization;
using System.Text.Json;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Tool.Tsdb;

/// <summary>
/// Lines of JSON, one stretch of a series each: <c>{"metric":{"__name__":"up","job":"a"},"values":[1,0.5],"timestamps":[1700000000000,1700000015000]}</c>, times in ms
/// (the export format of VictoriaMetrics). null and "NaN" are not a number, "Infinity" and "-Infinity" may be written with a sign or as "Inf". Empty lines are skipped.
/// </summary>
internal sealed class JsonLinesSamples : ITextSamples
{
    public void Read(Stream text, SampleSink sink)
    {
        using var reader = new StreamReader(text, leaveOpen: true);
        for (var number = 1L; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                ReadLine(line, sink);
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
            {
                throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"line {number}: {e.Message}"));
            }
        }
    }

    private static void ReadLine(string line, SampleSink sink)
    {
        using var json = JsonDocument.Parse(line);
        var labels = new LabelSetBuilder();
        foreach (var label in Member(json.RootElement, "metric").EnumerateObject())
            labels.Set(label.Name, label.Value.GetString() ?? "");
        if (labels.Count == 0)
            throw new FormatException("\"metric\" has no labels");
        var series = labels.Build();
        var (values, times) = (Member(json.RootElement, "values"), Member(json.RootElement, "timestamps"));
        if (values.GetArrayLength() != times.GetArrayLength())
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{values.GetArrayLength()} values and {times.GetArrayLength()} timestamps"));
        using var time = times.EnumerateArray().GetEnumerator();
        foreach (var value in values.EnumerateArray())
        {
            time.MoveNext();
            sink(series, time.Current.GetInt64(), Value(value));
        }
    }

    private static JsonElement Member(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : throw new FormatException($"it has no \"{name}\"");

    private static double Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => SpecialValues.NormalNaN,
        JsonValueKind.String => value.GetString() switch
        {
            "NaN" => SpecialValues.NormalNaN,
            "Infinity" or "+Infinity" or "Inf" or "+Inf" => double.PositiveInfinity,
            "-Infinity" or "-Inf" => double.NegativeInfinity,
            var text => throw new FormatException($"\"{text}\" is not a value"),
        },
        _ => value.GetDouble(),
    };
}
