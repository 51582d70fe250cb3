using ActorMon.Alerting.Notifications;
using ActorMon.Receivers.Composing;
using ActorMon.Templates.Notifications;

namespace ActorMon.Receivers.Building;

/// <summary>The integrations of a configuration's receivers. Thread-safe. Disposing closes their idle connections; what is being sent is not cut.</summary>
public sealed class ReceiverSet : IDisposable
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<IIntegration>> _receivers;
    private readonly NotificationTemplates _templates;
    private readonly ReceiverContext _context;

    internal ReceiverSet(IReadOnlyDictionary<string, IReadOnlyList<IIntegration>> receivers, NotificationTemplates templates, ReceiverContext context)
    {
        _receivers = receivers;
        _templates = templates;
        _context = context;
    }

    /// <summary>Those of a receiver, in the original's order of types and then of places; empty for one without any.</summary>
    public IReadOnlyList<IIntegration> Of(string receiver) => _receivers.GetValueOrDefault(receiver) ?? [];

    /// <summary>The route labels of a notification as its receivers are to see them: each is a template over the notification.</summary>
    /// <param name="notification">With the labels as the configuration has them.</param>
    /// <param name="failed">Told of each label that cannot be rendered, which is left out.</param>
    /// <param name="cancellation">The deadline.</param>
    public IReadOnlyDictionary<string, string> RenderRouteLabels(Notification notification, Action<string> failed, CancellationToken cancellation) =>
        RouteLabelTexts.Render(notification, _templates, _context.Http.Time.GetUtcNow(), failed, cancellation);

    /// <summary>A text over a notification's data, with the configuration's templates; or why there is none.</summary>
    public (string? Text, string? Error) Render(string template, Notification notification, CancellationToken cancellation)
    {
        var composer = new Composer(notification, notification.Alerts, _templates, _context, cancellation);
        var text = composer.Text(template);
        return composer.Failure is { } failure ? (null, failure) : (text, null);
    }

    public void Dispose()
    {
        foreach (var integration in _receivers.Values.SelectMany(list => list))
            (integration as IDisposable)?.Dispose();
    }
}

/// <summary>Receivers, or what is wrong (at least one problem).</summary>
/// <param name="Warnings">Texts that will fail each of their notifications.</param>
public sealed record ReceiverBuild(ReceiverSet? Receivers, IReadOnlyList<ReceiverProblem> Errors, IReadOnlyList<ReceiverProblem> Warnings);
