using System.Diagnostics;
using ActorMon.Host.CommandLine;
using ActorMon.Host.Logging;
using Microsoft.Extensions.Hosting;
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
        await using var log = NodeLogging.Create(flags.Text("log.level"), flags.Text("log.format"));
        WarnOfIdleFlags(flags, options, log);
        var built = NodeBuilder.Build(options, log);
        if (built.Node is not { } node)
        {
            await Console.Error.WriteLineAsync(built.Error);
            return built.IsWrongInput ? WrongInput : CannotRun;
        }
        try
        {
            await node.RunAsync();
            return 0;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            log.Error("{Error}", e.Message);
            return CannotRun;
        }
        finally
        {
            // The directory stays locked until the last partition has closed its log.
            built.Directory!.Dispose();
        }
    }

    private static void WarnOfIdleFlags(FlagValues flags, NodeOptions options, Logger log)
    {
        foreach (var name in flags.Given)
            if (FlagTable.Find(name) is { Effect: FlagEffect.None } flag)
                log.Warning("--{Flag} has no effect: {Reason}", name, flag.Reason);
        foreach (var feature in options.Features)
            if (!FlagTable.Features.Contains(feature))
                log.Warning("Unknown option for --enable-feature: {Feature}", feature);
    }
}
