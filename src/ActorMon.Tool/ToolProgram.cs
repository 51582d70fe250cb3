using System.Reflection;

namespace ActorMon.Tool;

/// <summary>What promtool does, on the node's own libraries. Exit codes as promtool's: 0 fine, 1 failed or called wrongly, 3 only conventions are broken.</summary>
public static class ToolProgram
{
    private const string Usage = Head + Alertmanager.AlertmanagerCommands.Usage + Rules.RuleCommands.Usage + Tsdb.TsdbCommand.Usage + Tail;

    private const string Head = """
        usage: actormon-tool [--help] [--version] COMMAND

        Commands:
          check config [--syntax-only] [--agent] FILE...
              Loads configuration files as a node would, and unless --syntax-only looks for the files they name.
          check metrics [--format=auto|openmetrics|text] [--lint=all|none] [--extended] < PAGE
              Checks a page of metrics: OpenMetrics against its specification, the text format also against naming conventions. auto takes a page for OpenMetrics when it
              has an end marker or a unit. --extended prints the number of series of each family.

        """;

    private const string Tail = """

        Exit codes: 0 fine, 1 not valid or wrong usage, 3 valid but against naming conventions.

        """;

    /// <param name="time">For the durations and dates in reports.</param>
    public static async Task<int> RunAsync(string[] arguments, Stream input, TextWriter output, TextWriter errors, TimeProvider time) =>
        Rules.RuleCommands.TryStart(arguments, input, output, errors, time) is { } rules ? await rules
        : Alertmanager.AlertmanagerCommands.TryStart(arguments, output, errors, time) is { } receivers ? await receivers
        : Run(arguments, input, output, errors);

    public static int Run(string[] arguments, Stream input, TextWriter output, TextWriter errors)
    {
        if (arguments is ["--version"])
        {
            output.WriteLine($"actormon-tool, version {typeof(ToolProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}");
            return 0;
        }
        if (arguments.Any(argument => argument is "-h" or "--help") || arguments is ["help", ..])
        {
            output.Write(Usage);
            return 0;
        }
        if (Alertmanager.AlertmanagerCommands.TryRun(arguments, output, errors) is { } code)
            return code;
        switch (arguments)
        {
            case ["check", "metrics", .. var flags]:
                return Metrics(flags, input, output, errors);
            case ["check", "config", .. var rest]:
                return Config(rest, output, errors);
            case ["tsdb", .. var rest]:
                return Tsdb.TsdbCommand.Run(rest, input, output, errors);
            default:
                return Misused(arguments.Length == 0 ? "a command is missing" : $"unknown command \"{string.Join(' ', arguments.Take(2))}\"", errors);
        }
    }

    private static int Metrics(string[] flags, Stream input, TextWriter output, TextWriter errors)
    {
        var format = PageFormat.Auto;
        var lint = true;
        var extended = false;
        foreach (var flag in flags)
        {
            switch (flag)
            {
                case "--format=auto": format = PageFormat.Auto; break;
                case "--format=openmetrics": format = PageFormat.OpenMetrics; break;
                case "--format=text": format = PageFormat.Text; break;
                case "--lint=all": lint = true; break;
                case "--lint=none": lint = false; break;
                case "--extended": extended = true; break;
                default: return Misused($"unexpected {flag}", errors);
            }
        }
        return CheckMetrics.Run(input, format, lint, extended, output, errors);
    }

    private static int Config(string[] arguments, TextWriter output, TextWriter errors)
    {
        var files = new List<string>();
        var syntaxOnly = false;
        var agent = false;
        foreach (var argument in arguments)
        {
            switch (argument)
            {
                case "--syntax-only": syntaxOnly = true; break;
                case "--agent": agent = true; break;
                case not "-" when argument.StartsWith('-'): return Misused($"unknown flag {argument}", errors);
                default: files.Add(argument); break;
            }
        }
        return files.Count > 0 ? CheckConfig.Run(files, syntaxOnly, agent, output, errors) : Misused("a configuration file is missing", errors);
    }

    private static int Misused(string problem, TextWriter errors)
    {
        errors.WriteLine($"actormon-tool: error: {problem}, try --help");
        return 1;
    }
}
