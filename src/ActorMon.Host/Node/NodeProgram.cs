using System.Diagnostics;
using ActorMon.Host.CommandLine;
using ActorMon.Host.Logging;
using Microsoft.Extensions.Hosting;
using Serilog;
using Serilog.Core;

namespace ActorMon.Host.Node;

/// <summary>The program: flags, log, node; and the exit codes (0 stopped, 1 cannot run, 2 flags or configuration are wrong).</summary>
public static class NodeProgram
{
    private const int CannotRun = 1;
    private const int WrongInput = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        switch (CommandLineParser.Parse(arguments))
        {
            case CommandLineResult.ShowVersion:
                var build = BuildFacts.Current;
                Console.WriteLine($"actormon, version {build.Version} (revision {build.Revision}, {build.Runtime})");
                return 0;
            case CommandLineResult.ShowHelp:
                Console.Write(HelpText.Of(FlagTable.All));
                return 0;
            case CommandLineResult.Invalid invalid:
                await Console.Error.WriteLineAsync($"actormon: error: {invalid.Error}, try --help");
                return WrongInput;
            case CommandLineResult.Run run:
                return await RunAsync(run.Flags);
            default:
                throw new UnreachableException();
        }
    }

    private static async Task<int> RunAsync(FlagValues flags)
    {
        var (options, error) = NodeOptions.From(flags);
        if (options is null)
        {
            await Console.Error.WriteLineAsync($"actormon: error: {error}");
            return WrongInput;
        }
        await using var sink = NodeLogging.Create(flags.Text("log.level"), flags.Text("log.format"));
        var log = sink.ForContext(typeof(NodeProgram));
        WarnOfIdleFlags(flags, options, log);
        try
        {
            return await RunAsync(options, sink, log);
        }
        catch (Exception e) when (StartFailure.TextOf(e) is { } text)
        {
            log.Error("{Error:l}", text);
            return CannotRun;
        }
        catch (Exception e)
        {
            log.Fatal(e, "The node ends because of an unexpected error");
            return CannotRun;
        }
    }

    private static async Task<int> RunAsync(NodeOptions options, Logger sink, ILogger log)
    {
        var built = await NodeBuilder.BuildAsync(options, sink);
        if (built.Node is not { } node)
        {
            log.Error("{Error:l}", built.Error);
            return built.IsWrongInput ? WrongInput : CannotRun;
        }
        // The directory stays locked until the last partition has closed its log.
        using var directory = built.Directory;
        await node.RunAsync();
        return 0;
    }

    private static void WarnOfIdleFlags(FlagValues flags, NodeOptions options, ILogger log)
    {
        foreach (var name in flags.Given)
            if (FlagTable.Find(name) is { Effect: FlagEffect.None } flag)
                log.Warning("--{Flag:l} has no effect: {Reason:l}", name, flag.Reason);
        foreach (var feature in options.Features)
            if (!FeatureTable.All.TryGetValue(feature, out var reason))
                log.Warning("Unknown option for --enable-feature: {Feature:l}", feature);
            else if (reason.Length > 0)
                log.Warning("--enable-feature={Feature:l} has no effect: {Reason:l}", feature, reason);
    }
}
