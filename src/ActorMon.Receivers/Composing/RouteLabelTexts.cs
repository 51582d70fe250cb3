using ActorMon.Alerting.Notifications;
using ActorMon.Model.Text;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Notifications;
using ActorMon.Templates.Time;

namespace ActorMon.Receivers.Composing;

/// <summary>The labels of a route are templates over what is told.</summary>
internal static class RouteLabelTexts
{
    /// <summary>Each rendered; one that fails is left out and told of.</summary>
    public static IReadOnlyDictionary<string, string> Render(Notification notification, NotificationTemplates templates, DateTimeOffset now, Action<string> failed, CancellationToken cancellation)
    {
        var rendered = new Dictionary<string, string>(StringComparer.Ordinal);
        if (notification.RouteLabels.Count == 0)
            return rendered;
        var data = TemplateDataOf.Notification(notification, notification.Alerts).ToValue();
        var environment = TemplateEnvironment.Default with { Now = GoTime.From(now), ExternalUrl = notification.ExternalUrl };
        foreach (var name in notification.RouteLabels.Keys)
        {
            var text = TemplatedText.Of($"{{{{ routeLabels {GoQuote.Quote(name)} }}}}", templates);
            var result = text.Template?.Run(data, environment, renderedRouteLabels: false, cancellation);
            if (result?.Output is { } output)
                rendered[name] = output;
            else
                failed($"route label {GoQuote.Quote(name)}: {result?.Error ?? text.Error}");
        }
        return rendered;
    }
}
