using ActorMon.Model.Labels;

namespace ActorMon.Api.Json;

/// <summary>Label sets as JSON objects, keys in label order.</summary>
public static class LabelsJson
{
    public static void Write(JsonOut json, LabelSet labels)
    {
        json.Raw((byte)'{');
        var first = true;
        foreach (var label in labels)
        {
            if (!first)
                json.Raw((byte)',');
            first = false;
            json.Name(label.Name);
            json.String(label.Value);
        }
        json.Raw((byte)'}');
    }
}
