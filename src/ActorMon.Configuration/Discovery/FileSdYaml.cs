using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Targets;
using ActorMon.Discovery.Files;

namespace ActorMon.Configuration.Discovery;

/// <summary>The YAML form of a target file, in the shape the room Discovery asks for: all groups, or the first thing that is wrong.</summary>
public static class FileSdYaml
{
    public static FileSdParseResult Parse(ReadOnlyMemory<byte> text, string fileName)
    {
        var result = TargetGroupFile.Read(fileName, text.Span);
        if (result.IsRead)
            return FileSdParseResult.Of([.. result.Groups.Select(g => g with { Source = "" })]);
        var error = result.Errors[0];
        return FileSdParseResult.Failed(error.Kind == ConfigErrorKind.Shape ? $"yaml: line {error.Line}: {error.Text}" : error.Text);
    }
}
