using System.Text.Json;
using ActorMon.Model.Labels;

namespace ActorMon.Api.Http;

/// <summary>A label set as a parameter: a JSON object of strings.</summary>
public static class LabelsParameter
{
    /// <summary>The labels, or what is wrong.</summary>
    public static (LabelSet? Labels, string? Error) Parse(string text)
    {
        if (text.Length == 0)
            return (null, "no labels parameter provided");
        return Read(text) is { } labels ? (labels, null) : (null, "error parsing labels: not a JSON object of strings");
    }

    private static LabelSet? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var builder = new LabelSetBuilder();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.String)
                    return null;
                builder.Set(property.Name, property.Value.GetString()!);
            }
            return builder.Build();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
