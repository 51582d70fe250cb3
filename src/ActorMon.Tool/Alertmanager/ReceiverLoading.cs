using System.Text;
using ActorMon.Configuration.Alertmanager;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Yaml;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Sending;

namespace ActorMon.Tool.Alertmanager;

/// <summary>Makes the receivers of a configuration, with the template files it names.</summary>
internal static class ReceiverLoading
{
    public static ReceiverBuild Load(AlertmanagerConfig config, IConfigFiles files, Rehearsal? rehearsal = null)
    {
        var templates = new List<TemplateFile>();
        foreach (var path in config.Alerting.Templates.SelectMany(files.Glob))
            templates.Add(files.TryRead(path, out var content, out var problem) ? new TemplateFile(path, Encoding.UTF8.GetString(content)) : new TemplateFile(path, null, problem));
        var context = new ReceiverContext { ReadYaml = YamlValues.TryRead, UserAgent = "actormon-tool", HostName = Environment.MachineName, Rehearsal = rehearsal };
        return ReceiverFactory.Build(config.Alerting, (receiver, settings) => config.Http[(receiver.Name, settings.Type, settings.Index)], templates, context);
    }
}
