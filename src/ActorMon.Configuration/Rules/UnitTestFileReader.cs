using ActorMon.Configuration.Files;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Yaml;
using ActorMon.Rules.UnitTests;

namespace ActorMon.Configuration.Rules;

/// <summary>A file of unit tests, or what is wrong with it, in the peer's words.</summary>
public sealed record UnitTestFileResult(UnitTestFile? File, IReadOnlyList<string> Errors);

/// <summary>Reads files of rule unit tests. Strict; nothing is thrown for bad input.</summary>
public static class UnitTestFileReader
{
    public static UnitTestFileResult Read(string path, IConfigFiles files)
    {
        if (!files.TryRead(path, out var content, out var problem))
            return new UnitTestFileResult(null, [problem]);
        var context = new ReadContext(path, ConfigPaths.DirectoryOf(path), static _ => null);
        var section = YamlFile.Read(content, UnitTestSchema.File, context);
        if (section is null || context.Errors.Count > 0)
            return new UnitTestFileResult(null, [.. RuleFileReader.Texts(context)]);
        var file = UnitTestSchema.Build(section);
        var repeated = file.GroupOrder.GroupBy(g => g, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any())?.Key;
        return repeated is null ? new UnitTestFileResult(file, []) : new UnitTestFileResult(null, [$"group name repeated in evaluation order: {repeated}"]);
    }
}
