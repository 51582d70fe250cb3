using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Model.Text;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Templates.Notifications;

namespace ActorMon.Receivers.Sending;

/// <summary>What integrations that speak HTTP have in common. Thread-safe.</summary>
internal abstract class HttpIntegration : IIntegration, IDisposable
{
    private const string OtherReason = "other";

    private readonly NotificationTemplates _templates;
    private readonly HttpSender _sender;

    /// <param name="parts">Settings and surroundings.</param>
    /// <param name="http">In place of the options of <paramref name="parts"/>, where a setting of the integration changes them.</param>
    protected HttpIntegration(IntegrationParts parts, HttpClientOptions? http = null)
    {
        (Type, Index, SendResolved) = (parts.Settings.Type, parts.Settings.Index, parts.Settings.SendResolved);
        _templates = parts.Templates;
        Context = parts.Context;
        _sender = new HttpSender(http ?? parts.Http, parts.Context);
    }

    public string Type { get; }
    public int Index { get; }
    public bool SendResolved { get; }
    protected ReceiverContext Context { get; }

    public void Dispose()
    {
        _sender.Dispose();
        GC.SuppressFinalize(this);
    }

    public Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        NotifyAsync(Compose(notification, notification.Alerts, cancellation), cancellation);

    protected abstract Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation);

    protected Composer Compose(Notification notification, IReadOnlyList<Alert> alerts, CancellationToken cancellation) =>
        new(notification, alerts, _templates, Context, cancellation);

    protected Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken cancellation) => _sender.SendAsync(call, cancellation);

    /// <summary>Sends what has been composed, unless that failed, and judges the answer by its status alone.</summary>
    protected async Task<NotifyResult> SendAsync(Composer composer, HttpCall call, CancellationToken cancellation)
    {
        if (composer.Failure is { } failure)
            return Final(failure);
        var answer = await SendAsync(call, cancellation).ConfigureAwait(false);
        return Refusal(answer, answer.Body) ?? NotifyResult.Sent(composer.Notification.ReceiverData);
    }

    /// <summary>What an answer other than success means; null: it is one.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="detail">What is told of its body.</param>
    /// <param name="retryCodes">Codes beside 5xx after which the receiver wants to be asked again.</param>
    protected static NotifyResult? Refusal(HttpAnswer answer, string detail, params ReadOnlySpan<int> retryCodes)
    {
        if (answer.Error is { } error)
            return TryAgain(error);
        var outcome = SendOutcome.OfStatus(answer.Status, detail, retryCodes);
        return outcome.Error is null ? null : new NotifyResult(outcome, SendOutcome.FailureReason(answer.Status), "");
    }

    /// <summary>As <see cref="Refusal"/>, of a message to a channel.</summary>
    protected static NotifyResult? RefusalIn(string channel, HttpAnswer answer)
    {
        var refusal = Refusal(answer, answer.Body);
        return refusal is null || answer.Error is not null ? refusal : Prefixed(InChannel(channel), refusal);
    }

    protected static string InChannel(string channel) => "channel " + GoQuote.Quote(channel);

    protected static NotifyResult Final(string error, string reason = OtherReason) => new(new SendOutcome(false, error), reason, "");

    protected static NotifyResult TryAgain(string error, string reason = OtherReason) => new(new SendOutcome(true, error), reason, "");

    /// <summary>The same failure with words before it.</summary>
    protected static NotifyResult Prefixed(string prefix, NotifyResult failure) =>
        failure with { Outcome = failure.Outcome with { Error = $"{prefix}: {failure.Outcome.Error}" } };
}
