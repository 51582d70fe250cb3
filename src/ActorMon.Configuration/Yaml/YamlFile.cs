using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Schema;

namespace ActorMon.Configuration.Yaml;

/// <summary>Reads a whole file by a schema.</summary>
internal static class YamlFile
{
    /// <summary>Null, and an error in the context, when the content is not YAML.</summary>
    public static ConfigSection? Read(ReadOnlySpan<byte> content, SectionSchema schema, ReadContext context)
    {
        var document = YamlDocument.Parse(content);
        if (document.Error is { } error)
        {
            context.Errors.Add(new ConfigError(context.File, document.ErrorLine, "", error, ConfigErrorKind.File));
            return null;
        }
        if (document.HasMoreDocuments)
            context.Warn(1, "", "the file holds more than one YAML document; only the first is read");
        return SectionReader.Read(schema, document.Root, "", context);
    }
}
