using System.Globalization;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Rules;
using ActorMon.Rules.Files;
using ActorMon.Tool.Tsdb;

namespace ActorMon.Tool.Rules;

/// <summary><c>check rules</c>: what is wrong with rule files, and rules that a file has twice. Output and exit codes are promtool's.</summary>
internal sealed class CheckRules(RuleChecks checks, bool lint, bool ignoreUnknownFields, TextWriter output, TextWriter errors)
{
    private const int LintOnly = 3;

    /// <summary>Some file cannot be loaded.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Some file can be loaded but has a rule twice.</summary>
    public bool HasLint { get; private set; }

    public static int Run(string[] arguments, Stream input, TextWriter output, TextWriter errors)
    {
        var given = new CommandArguments(arguments, ["lint", RuleFlags.Feature], ["lint-fatal", RuleFlags.IgnoreUnknown]);
        var check = new CheckRules(RuleFlags.Checks(given.All(RuleFlags.Feature)), Lints(given.Last("lint"), errors), given.Has(RuleFlags.IgnoreUnknown), output, errors);
        if (given.Places.Count == 0)
            check.Standard(input);
        foreach (var file in RuleFlags.Files(given.Places))
            check.File(file);
        return check.HasErrors ? 1 : check.HasLint && given.Has("lint-fatal") ? LintOnly : 0;
    }

    public void File(string path)
    {
        output.WriteLine($"Checking {path}");
        Report(RuleFileReader.Read(path, new DiskConfigFiles(), checks, ignoreUnknownFields));
    }

    private void Standard(Stream input)
    {
        output.WriteLine("Checking standard input");
        using var copy = new MemoryStream();
        input.CopyTo(copy);
        Report(RuleFileReader.Read("", copy.GetBuffer().AsSpan(0, (int)copy.Length), checks, ignoreUnknownFields));
    }

    private void Report(RuleFileResult result)
    {
        foreach (var warning in result.Warnings)
            errors.WriteLine($"  WARNING: {warning.Text}");
        if (result.File is not { } file)
        {
            HasErrors = true;
            Fail(result.Errors.Select(e => e.ToString()));
        }
        else if (lint && DuplicateRules.Find(file) is { Count: > 0 } duplicates)
        {
            HasLint = true;
            Fail([Text(duplicates)]);
        }
        else
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  SUCCESS: {file.RuleCount} rules found"));
        }
        output.WriteLine();
    }

    private void Fail(IEnumerable<string> texts)
    {
        errors.WriteLine("  FAILED:");
        foreach (var text in texts)
            errors.WriteLine(text);
    }

    private static string Text(IReadOnlyList<DuplicateRule> duplicates)
    {
        var text = new System.Text.StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"lint error {duplicates.Count} duplicate rule(s) found.\n");
        foreach (var duplicate in duplicates)
        {
            text.Append(CultureInfo.InvariantCulture, $"Metric: {duplicate.Metric}\nLabel(s):\n");
            foreach (var label in duplicate.Labels)
                text.Append(CultureInfo.InvariantCulture, $"\t{label.Name}: {label.Value}\n");
        }
        return text.Append("Might cause inconsistency while recording expressions").ToString();
    }

    private static bool Lints(string? options, TextWriter errors)
    {
        var lint = false;
        foreach (var option in (options ?? "duplicate-rules").Split(','))
        {
            if (option is "all" or "duplicate-rules")
                lint = true;
            else if (option != "none")
                errors.WriteLine($"WARNING: unknown lint option: \"{option}\"");
            else
                return false;
        }
        return lint;
    }
}
