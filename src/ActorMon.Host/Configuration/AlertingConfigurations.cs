using ActorMon.Actors.Control;
using ActorMon.Configuration.Diff;
using ActorMon.Configuration.Model;
using ActorMon.Notifying.Options;

namespace ActorMon.Host.Configuration;

/// <summary>The alerting section as the notifier takes it. What did not change keeps its objects, so its Alertmanagers go on undisturbed.</summary>
public static class AlertingConfigurations
{
    public static AlertingConfiguration Of(PrometheusConfig config, AlertingConfiguration before)
    {
        var groups = new List<AlertmanagersConfiguration>(config.Alerting.Alertmanagers.Count);
        foreach (var wanted in config.Alerting.Alertmanagers)
            groups.Add(Of(wanted, groups.Count < before.Alertmanagers.Count ? before.Alertmanagers[groups.Count] : null));
        var labels = new AlertLabelOptions
        {
            ExternalLabels = config.Global.ExternalLabels,
            RelabelRules = config.Alerting.AlertRelabelRules,
            Names = config.Global.NameValidation,
        };
        return new AlertingConfiguration(labels, groups);
    }

    private static AlertmanagersConfiguration Of(ConfiguredAlertmanagers wanted, AlertmanagersConfiguration? known)
    {
        if (known is null || !ContentComparer.Instance.Equals(known.Discovery, wanted.Discovery))
            return new AlertmanagersConfiguration(wanted.Options, wanted.Discovery);
        return ContentComparer.Instance.Equals(known.Options, wanted.Options) ? known : new AlertmanagersConfiguration(wanted.Options, known.Discovery);
    }
}
