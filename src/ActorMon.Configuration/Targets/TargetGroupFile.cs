using System.Globalization;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Mechanisms;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Yaml;
using ActorMon.Discovery;

namespace ActorMon.Configuration.Targets;

/// <summary>Groups, or what is wrong with them.</summary>
public sealed record TargetGroupFileResult(IReadOnlyList<TargetGroup> Groups, IReadOnlyList<ConfigError> Errors)
{
    public bool IsRead => Errors.Count == 0;
}

/// <summary>Target files of file discovery: a list of {targets, labels}, strict. JSON is read as the YAML it also is.</summary>
public static class TargetGroupFile
{
    /// <summary>Targets a file may name; aliases let a small file name many.</summary>
    public const int MaxTargets = 1_000_000;

    /// <summary>A whole file; the source of each group is <c>file:index</c>. A null entry refuses the file.</summary>
    public static TargetGroupFileResult Read(string file, ReadOnlySpan<byte> content)
    {
        var context = Context(file);
        if (Root(content, context) is not { } root || ScalarTypes.IsNull(root))
            return new TargetGroupFileResult([], context.Errors);
        if (root is not YamlSequence list)
        {
            ScalarReader.Misfit("[]*targetgroup.Group", root, "", context);
            return new TargetGroupFileResult([], context.Errors);
        }
        var groups = new List<TargetGroup>();
        var targets = 0L;
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (targets > MaxTargets)
            {
                context.Error(list.Items[i], $"[{i}]", $"more than {MaxTargets} targets in one file");
                break;
            }
            if (ScalarTypes.IsNull(list.Items[i]))
                context.Error(list.Items[i], $"[{i}]", $"nil target group item found (index {i})");
            else
                groups.Add(MechanismBuilder.Group(SectionReader.Read(MechanismSchemas.TargetGroup, list.Items[i], $"[{i}]", context),
                    string.Create(CultureInfo.InvariantCulture, $"{file}:{i}")));
            targets += groups.Count > 0 ? groups[^1].Targets.Count : 0;
        }
        return new TargetGroupFileResult(context.Errors.Count > 0 ? [] : groups, context.Errors);
    }

    /// <summary>A document that is one group by itself, as an entry of static_configs would be.</summary>
    public static TargetGroupFileResult ReadGroup(string file, ReadOnlySpan<byte> content)
    {
        var context = Context(file);
        if (Root(content, context) is not { } root)
            return new TargetGroupFileResult([], context.Errors);
        var group = MechanismBuilder.Group(SectionReader.Read(MechanismSchemas.TargetGroup, root, "", context), "0");
        return new TargetGroupFileResult(context.Errors.Count > 0 ? [] : [group], context.Errors);
    }

    private static ReadContext Context(string file) => new(file, ConfigPaths.DirectoryOf(file), static _ => null);

    private static YamlNode? Root(ReadOnlySpan<byte> content, ReadContext context)
    {
        var document = YamlDocument.Parse(content);
        if (document.Error is { } error)
            context.Errors.Add(new ConfigError(context.File, document.ErrorLine, "", error, ConfigErrorKind.File));
        return document.Root;
    }
}
