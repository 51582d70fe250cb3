using System.Security.Cryptography;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Notifications;
using ActorMon.Http;
using ActorMon.Http.Files;
using ActorMon.Http.Options;
using ActorMon.Model.Text;
using ActorMon.Receivers.Building;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Notifications;
using ActorMon.Templates.Time;
using ActorMon.Templates.Values;

namespace ActorMon.Receivers.Composing;

/// <summary>
/// Puts together what one attempt sends: runs texts over the notification's data and reads secrets. The first failure is kept in <see cref="Failure"/>,
/// everything after it is ""; whoever composes looks at it once, before sending. For one attempt.
/// </summary>
internal sealed class Composer
{
    /// <summary>Groups of ten thousand alerts are told whole.</summary>
    private static readonly TemplateLimits Limits = new() { MaxOutputBytes = 32 << 20, MaxSteps = 50_000_000 };

    private readonly NotificationTemplates _templates;
    private readonly ReceiverContext _context;
    private readonly TemplateEnvironment _environment;
    private readonly CancellationToken _cancellation;
    private readonly Lazy<TemplateValue> _value;

    public Composer(Notification notification, IReadOnlyList<Alert> alerts, NotificationTemplates templates, ReceiverContext context, CancellationToken cancellation)
    {
        Notification = notification;
        Alerts = alerts;
        _templates = templates;
        _context = context;
        _cancellation = cancellation;
        Data = TemplateDataOf.Notification(notification, alerts);
        _value = new Lazy<TemplateValue>(Data.ToValue);
        _environment = TemplateEnvironment.Default with { Now = GoTime.From(context.Http.Time.GetUtcNow()), ExternalUrl = notification.ExternalUrl, Limits = Limits };
    }

    public Notification Notification { get; }
    public IReadOnlyList<Alert> Alerts { get; }
    public NotificationData Data { get; }
    public string? Failure { get; private set; }
    public bool IsFiring => TemplateDataOf.IsFiring(Alerts, Notification.At);

    /// <summary>Names the group where its text may be too long: SHA-256 in hexadecimal digits.</summary>
    public string GroupHash => Convert.ToHexStringLower(SHA256.HashData(ByteText.Encode(Notification.GroupKey)));

    public string Text(TemplatedText text) => Run(text, isHtml: false);

    public string Html(TemplatedText text) => Run(text, isHtml: true);

    /// <summary>A text that is known only now, such as a secret out of a file.</summary>
    public string Text(string text) => Text(TemplatedText.Of(text, _templates));

    /// <summary>A secret, read from its file at each use.</summary>
    /// <param name="failure">How the failure to read the file begins.</param>
    public string Secret(SecretSource source, string failure)
    {
        if (Failure is not null)
            return "";
        try
        {
            var secret = source.File is { } file ? Secrets.ReadFile(file, _context.Http.Files, failure) : source.Inline ?? "";
            _context.Rehearsal?.Hide(secret);
            return secret;
        }
        catch (HttpTransportException e)
        {
            Failure = e.Message;
            return "";
        }
    }

    public void Fail(string failure) => Failure ??= failure;

    /// <summary>Says what the failure was about.</summary>
    public void Explain(string prefix) => Failure = $"{prefix}: {Failure}";

    public bool ReadYaml(string text, out object? value) => _context.ReadYaml(text, out value);

    private string Run(TemplatedText text, bool isHtml)
    {
        if (Failure is not null)
            return "";
        if (text.Error is { } error)
        {
            Failure = error.Message;
            return "";
        }
        if (text.Template is null)
            return text.Literal;
        var result = text.Template.Run(_value.Value, isHtml ? _environment with { IsHtml = true } : _environment, renderedRouteLabels: true, _cancellation);
        Failure = result.Error?.Message;
        return result.Output ?? "";
    }
}
