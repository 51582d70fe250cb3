using ActorMon.Configuration.Schema;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Yaml;

/// <summary>A text read as one YAML value, for rooms that know no YAML.</summary>
public static class YamlValues
{
    /// <summary>False: the text is not YAML.</summary>
    /// <param name="value">Null, bool, long, double, string, or lists and dictionaries of these.</param>
    public static bool TryRead(string text, out object? value)
    {
        value = null;
        var document = YamlDocument.Parse(ByteText.Encode(text));
        if (document.Error is not null)
            return false;
        if (document.Root is null)
            return true;
        var context = new ReadContext("", "", static _ => null);
        value = SectionReader.Any(document.Root, "", context);
        return context.Errors.Count == 0;
    }
}
