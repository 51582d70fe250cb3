using ActorMon.Tool.Tsdb;

namespace ActorMon.Tool.Rules;

/// <summary>The commands about rules: names, options and output as promtool has them where it has them.</summary>
internal static class RuleCommands
{
    public const string Usage = """
          check rules [--lint=duplicate-rules|all|none] [--lint-fatal] [--ignore-unknown-fields] [FILE...]
              Checks rule files, or the standard input: keys, names, expressions, templates, rules that a file has twice.
          test rules [--run=REGEX]... [--diff] [--debug] [--ignore-unknown-fields] [--junit=FILE] FILE...
              Runs files of rule unit tests. --run takes tests by name, --diff shows alerts side by side, --junit writes a report, --debug also prints all series.
          rules backfill --start=TIME [--end=TIME] [--url=http://localhost:9090] [--eval-interval=60s] [--output-dir=data/] [--partitions=N] [--memory=MIB] [-q] [-r] FILE...
              Evaluates recording rules over the past of a server and brings their series into the data directory of a node that is stopped, or into a new one. TIME is
              RFC 3339 or seconds since 1970; the end is three hours ago where it is left out. Another name: tsdb create-blocks-from rules.
          rules replay [--days=7 | --start=TIME] [--end=TIME] [--url=http://localhost:9090] [--eval-interval=60s] [--format=text|json|series] FILE...
              What these rules would have done over the past of a server: every alert with its begin and end, or the series they would have written, which
              tsdb import jsonl reads.
          --enable-feature=promql-experimental-functions,promql-extended-range-selectors,promql-binop-fill-modifiers
              With all commands about rules: parts of PromQL that are off by default.

        """;

    /// <summary>Null: another command.</summary>
    public static Task<int>? TryStart(string[] arguments, Stream input, TextWriter output, TextWriter errors, TimeProvider time)
    {
        var features = arguments.TakeWhile(a => a.StartsWith("--" + RuleFlags.Feature + "=", StringComparison.Ordinal)).ToArray();
        if (arguments.Any(a => a is "-h" or "--help"))
            return null;
        return arguments[features.Length..] switch
        {
            ["check", "rules", .. var rest] => Guarded(() => Task.FromResult(CheckRules.Run([.. features, .. rest], input, output, errors)), errors),
            ["test", .. var rest] => Guarded(() => TestRules.RunAsync([.. features, .. rest], output, errors, time), errors),
            ["rules", "backfill", .. var rest] => Guarded(() => BackfillRules.RunAsync([.. features, .. rest], output, errors, time), errors),
            ["tsdb", "create-blocks-from", "rules", .. var rest] => Guarded(() => BackfillRules.RunAsync([.. features, .. rest], output, errors, time), errors),
            ["rules", "replay", .. var rest] => Guarded(() => ReplayRules.RunAsync([.. features, .. rest], output, errors, time), errors),
            _ => null,
        };
    }

    private static async Task<int> Guarded(Func<Task<int>> command, TextWriter errors)
    {
        try
        {
            return await command();
        }
        catch (UsageException e)
        {
            errors.WriteLine($"actormon-tool: error: {e.Message}, try --help");
        }
        catch (Exception e) when (e is ToolException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(e.Message);
        }
        return 1;
    }
}
