using System.Text;
using ActorMon.Actors.Alerting;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Notifications;
using ActorMon.Alerting.Shards;
using ActorMon.Api.Ports;
using ActorMon.Configuration.Alertmanager;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Printing;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Sending;

namespace ActorMon.Host.Configuration;

/// <summary>A configuration of the built-in Alertmanager that loaded, with its receivers ready to send.</summary>
/// <param name="Rehearse">The receivers made once more, in front of a rehearsal.</param>
public sealed record LoadedAlertmanager(AlertmanagerConfig Config, ReceiverSet Receivers, Func<Rehearsal, ReceiverSet> Rehearse)
{
    /// <summary>As actors take it.</summary>
    public AlertmanagerConfiguration At(long version) => new(new ShardConfiguration(version, Config.Alerting), IntegrationsOf);

    /// <summary>As the API shows it.</summary>
    public AlertmanagerSetup SetupOf(AlertmanagerConfiguration current) =>
        new(Config.Alerting, current.Shards.Tree, ConfigPrinter.Print(Config), MatcherSyntax.Fallback);

    private IReadOnlyList<IIntegration> IntegrationsOf(string receiver) => [.. Receivers.Of(receiver).Select(inner => new LabellingIntegration(inner, Receivers))];
}

/// <summary>alertmanager.yml with all that it names, or everything that is wrong with it.</summary>
public sealed class AlertmanagerConfigurations(ReceiverContext surroundings)
{
    public (LoadedAlertmanager? Alertmanager, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings) Load(string path, IConfigFiles files)
    {
        var result = AlertmanagerConfigLoader.Load(path, files);
        var warnings = result.Warnings.Select(w => w.ToString()).ToList();
        if (result.Config is not { } config)
            return (null, [.. result.Errors.Select(e => e.ToString())], warnings);
        var templates = new List<TemplateFile>();
        foreach (var file in config.Alerting.Templates.SelectMany(files.Glob))
            templates.Add(files.TryRead(file, out var content, out var problem) ? new TemplateFile(file, Encoding.UTF8.GetString(content)) : new TemplateFile(file, null, problem));
        var build = Build(surroundings);
        warnings.AddRange(build.Warnings.Select(w => Named(path, w)));
        return build.Receivers is { } receivers
            ? (new LoadedAlertmanager(config, receivers, rehearsal => Build(surroundings with { Rehearsal = rehearsal }).Receivers!), [], warnings)
            : (null, [.. build.Errors.Select(e => Named(path, e))], warnings);

        ReceiverBuild Build(ReceiverContext context) =>
            ReceiverFactory.Build(config.Alerting, (receiver, settings) => config.Http[(receiver.Name, settings.Type, settings.Index)], templates, context);
    }

    private static string Named(string path, ReceiverProblem problem) => problem.File.Length > 0 ? problem.ToString() : (problem with { File = path }).ToString();
}
