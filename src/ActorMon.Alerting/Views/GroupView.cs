using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Views;

/// <summary>A group of alerts as it stands.</summary>
/// <param name="RouteId">Of its route: unique in the tree.</param>
/// <param name="Key">The text that names it, <c>{}/{a="b"}:{alertname="X"}</c>.</param>
/// <param name="RouteLabels">The route's labels, templates expanded.</param>
/// <param name="Alerts">Unresolved ones that were asked for.</param>
public sealed record GroupView(
    string RouteId, string Key, string Receiver, LabelSet Labels, LabelSet RouteLabels, IReadOnlyList<AlertView> Alerts);
