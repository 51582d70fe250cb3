namespace ActorMon.Tool;

/// <summary>What promtool does, on the node's own libraries. Exit codes: 0 fine, 1 problems found, 2 wrong usage.</summary>
public static class ToolProgram
{
    private const string Usage = "usage: actormon-tool check metrics < FILE\n       actormon-tool check config FILE...\n";

    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        switch (arguments)
        {
            case ["check", "metrics"]:
                return CheckMetrics.Run(Console.OpenStandardInput(), output, errors);
            case ["check", "config", .. { Length: > 0 } files]:
                return CheckConfig.Run(files, output, errors);
            default:
                errors.Write(Usage);
                return 2;
        }
    }
}
