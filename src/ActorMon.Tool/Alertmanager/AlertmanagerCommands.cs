using ActorMon.Alerting.Routing;
using ActorMon.Configuration.Alertmanager;
using ActorMon.Configuration.Files;
using ActorMon.Model.Labels;
using ActorMon.Receivers.Building;

namespace ActorMon.Tool.Alertmanager;

/// <summary>What amtool does without a server: checks alertmanager.yml and tells where an alert would go.</summary>
public static class AlertmanagerCommands
{
    public const string Usage = """
          check alertmanager-config FILE...
              Loads alertmanager.yml files as a node would; also tells of routes no alert reaches, receivers no route uses and doubtful inhibition rules.
          config routes test --config.file=FILE [--tree] [--verify.receivers=NAME,...] [LABEL=VALUE...]
              Prints the receivers of an alert with these labels; --tree tells of each route why it took the alert or not. Fails when they are not those to verify.
          config receivers test --config.file=FILE --alerts.file=FILE [--web.external-url=URL] [--dry-run]
              Really tells the alerts (a JSON list as posted to /api/v2/alerts) to the receivers the routes choose, one attempt each, and prints how each attempt ended.

        """;

    /// <summary>Null: not one of these commands.</summary>
    public static int? TryRun(string[] arguments, TextWriter output, TextWriter errors) => arguments switch
    {
        ["check", "alertmanager-config", .. var files] when files.Length > 0 => Check(files, output, errors),
        ["config", "routes", "test", .. var rest] => Test(rest, output, errors),
        _ => null,
    };

    /// <summary>Null: not a command that talks to receivers.</summary>
    public static Task<int>? TryStart(string[] arguments, TextWriter output, TextWriter errors, TimeProvider time) =>
        arguments is ["config", "receivers", "test", .. var rest] ? ReceiverTest.RunAsync(rest, output, errors, time) : null;

    private static int Check(string[] paths, TextWriter output, TextWriter errors)
    {
        var failed = false;
        foreach (var path in paths)
        {
            output.Write($"Checking '{path}'");
            var result = AlertmanagerConfigLoader.Load(Path.GetFullPath(path), new DiskConfigFiles());
            var receivers = result.Config is null ? null : ReceiverLoading.Load(result.Config, new DiskConfigFiles());
            using var made = receivers?.Receivers;
            output.WriteLine(made is null ? "  FAILED" : "  SUCCESS");
            foreach (var warning in result.Warnings.Select(w => w.ToString()).Concat(receivers?.Warnings.Select(w => InFile(w, path)) ?? []))
                output.WriteLine($"  WARNING: {warning}");
            foreach (var error in result.Errors.Select(e => e.ToString()).Concat(receivers?.Errors.Select(e => InFile(e, path)) ?? []))
                errors.WriteLine($"  FAILED: {error}");
            failed |= made is null;
            if (result.Config?.Alerting is not { } config)
                continue;
            output.WriteLine("Found:");
            output.WriteLine(" - route");
            output.WriteLine(FormattableString.Invariant($" - {config.InhibitRules.Count} inhibit rules"));
            output.WriteLine(FormattableString.Invariant($" - {config.Receivers.Count} receivers"));
            output.WriteLine(FormattableString.Invariant($" - {config.Templates.Count} templates"));
        }
        return failed ? 1 : 0;
    }

    /// <summary>A problem that names no file is about the configuration itself.</summary>
    private static string InFile(ReceiverProblem problem, string path) => (problem.File.Length > 0 ? problem : problem with { File = Path.GetFullPath(path) }).ToString();

    private static int Test(string[] arguments, TextWriter output, TextWriter errors)
    {
        const string file = "--config.file=", verify = "--verify.receivers=";
        var labels = new LabelSetBuilder();
        foreach (var argument in arguments.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal)))
        {
            if (argument.Split('=', 2) is not [{ Length: > 0 } name, var value])
                return Failed($"{argument} is not LABEL=VALUE", errors);
            labels.Set(name, value);
        }
        if (arguments.FirstOrDefault(argument => argument.StartsWith(file, StringComparison.Ordinal)) is not { } path)
            return Failed("--config.file is missing", errors);
        var result = AlertmanagerConfigLoader.Load(Path.GetFullPath(path[file.Length..]), new DiskConfigFiles());
        if (result.Config is null)
            return Failed(string.Join('\n', result.Errors), errors);
        var tree = new RoutingTree(result.Config.Alerting.Route);
        var alert = labels.Build();
        if (arguments.Contains("--tree"))
            Explain(RouteExplanation.Of(tree, alert), 0, output);
        var receivers = string.Join(',', tree.Match(alert).Select(route => route.Options.Receiver));
        output.WriteLine(receivers);
        var expected = arguments.FirstOrDefault(argument => argument.StartsWith(verify, StringComparison.Ordinal))?[verify.Length..];
        return expected is null || expected == receivers ? 0 : Failed($"WARNING: Expected receivers did not match resolved receivers: expected {expected}", errors);
    }

    private static void Explain(RouteExplanation explained, int depth, TextWriter output)
    {
        var why = explained.Outcome switch
        {
            RouteOutcome.Refused => "refused by " + string.Join(", ", explained.Refusing),
            RouteOutcome.NotReached => $"not asked: {explained.StoppedBy!.Matchers} before it took the alert and does not continue",
            RouteOutcome.TakenByChildren => "matched, its children took the alert",
            _ => "chosen, receiver " + explained.Route.Options.Receiver,
        };
        output.WriteLine($"{new string(' ', depth * 2)}{explained.Route.Matchers}: {why}");
        foreach (var child in explained.Children)
            Explain(child, depth + 1, output);
    }

    private static int Failed(string problem, TextWriter errors)
    {
        errors.WriteLine(problem);
        return 1;
    }
}
