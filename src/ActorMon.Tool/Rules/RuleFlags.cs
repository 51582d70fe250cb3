using ActorMon.Model.Names;
using ActorMon.PromQL.Parsing;
using ActorMon.Rules.Files;
using ActorMon.Rules.Templating;
using ActorMon.Tool.Tsdb;

namespace ActorMon.Tool.Rules;

/// <summary>Flags that all commands about rules have.</summary>
internal static class RuleFlags
{
    public const string Feature = "enable-feature";
    public const string IgnoreUnknown = "ignore-unknown-fields";

    /// <summary>How rule files are checked.</summary>
    /// <param name="features">Values of --enable-feature.</param>
    public static RuleChecks Checks(IReadOnlyList<string> features) => new(NameValidation.Utf8, Parser(features), GoRuleTemplates.Instance);

    private static ParserOptions Parser(IReadOnlyList<string> features)
    {
        var options = ParserOptions.Default;
        foreach (var feature in features.SelectMany(list => list.Split(',')))
            options = feature switch
            {
                "promql-experimental-functions" => options with { ExperimentalFunctions = true },
                "promql-extended-range-selectors" => options with { ExtendedRangeSelectors = true },
                "promql-binop-fill-modifiers" => options with { BinopFillModifiers = true },
                "promql-duration-expr" => options with { DurationExpressions = true },
                _ => throw new UsageException($"unknown feature \"{feature}\""),
            };
        return options;
    }

    /// <summary>Names of files that exist.</summary>
    public static IReadOnlyList<string> Files(IEnumerable<string> places)
    {
        var files = places.ToList();
        foreach (var file in files)
            if (!File.Exists(file))
                throw new UsageException($"path '{file}' does not exist");
        return files;
    }
}
