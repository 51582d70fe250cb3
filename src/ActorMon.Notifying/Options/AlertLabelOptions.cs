using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;

namespace ActorMon.Notifying.Options;

/// <summary>What happens to every alert before it goes to any Alertmanager.</summary>
public sealed record AlertLabelOptions
{
    public static readonly AlertLabelOptions None = new();

    /// <summary>Added where an alert has no label of that name.</summary>
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    /// <summary>alerting.alert_relabel_configs; after external labels were added.</summary>
    public IReadOnlyList<RelabelRule> RelabelRules { get; init; } = [];
    public NameValidation Names { get; init; } = NameValidation.Utf8;
}
