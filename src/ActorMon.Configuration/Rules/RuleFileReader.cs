using System.Globalization;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Yaml;
using ActorMon.Rules.Files;

namespace ActorMon.Configuration.Rules;

/// <summary>A rule file, or everything that is wrong with it; warnings come with both.</summary>
public sealed record RuleFileResult(RuleFile? File, IReadOnlyList<RuleFileError> Errors, IReadOnlyList<ConfigWarning> Warnings);

/// <summary>Reads rule files. Strict, as for prometheus.yml; nothing is thrown for bad input.</summary>
public static class RuleFileReader
{
    /// <summary>Reads and checks one file.</summary>
    public static RuleFileResult Read(string path, IConfigFiles files, RuleChecks checks, bool ignoreUnknownKeys = false) =>
        files.TryRead(path, out var content, out var problem)
            ? Read(path, content, checks, ignoreUnknownKeys)
            : new RuleFileResult(null, [new RuleFileError(path, problem)], []);

    /// <param name="path">Named in errors; "" for the standard input.</param>
    public static RuleFileResult Read(string path, ReadOnlySpan<byte> content, RuleChecks checks, bool ignoreUnknownKeys = false)
    {
        var context = new ReadContext(path, ".", static _ => null) { IgnoreUnknownKeys = ignoreUnknownKeys };
        var section = YamlFile.Read(content, RuleFileSchema.File, context);
        if (section is null || context.Errors.Count > 0)
            return new RuleFileResult(null, [.. Texts(context).Select(text => new RuleFileError(path, text))], context.Warnings);
        var file = RuleFileSchema.Build(path, section);
        var errors = RuleFileChecker.Check(file, checks);
        return new RuleFileResult(errors.Count == 0 ? file : null, errors, context.Warnings);
    }

    /// <summary>Errors in the peer's words: those of shape together, then the others, one a text.</summary>
    internal static IEnumerable<string> Texts(ReadContext context)
    {
        var shapes = context.Errors.Where(e => e.Kind == ConfigErrorKind.Shape)
            .Select(e => string.Create(CultureInfo.InvariantCulture, $"\n  line {e.Line}: {e.Text}"));
        var shape = string.Concat(shapes);
        if (shape.Length > 0)
            yield return "yaml: unmarshal errors:" + shape;
        foreach (var error in context.Errors.Where(e => e.Kind == ConfigErrorKind.File))
            yield return error.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"line {error.Line}: {error.Text}") : error.Text;
        foreach (var error in context.Errors.Where(e => e.Kind == ConfigErrorKind.Rule))
            yield return string.Create(CultureInfo.InvariantCulture, $"line {error.Line}: {error.Key}: {error.Text}");
    }
}
