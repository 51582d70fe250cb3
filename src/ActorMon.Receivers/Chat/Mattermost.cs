using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Chat;

/// <summary>Mattermost: attachments by an incoming webhook, with the priority that only some messages may have.</summary>
internal sealed class Mattermost : HttpIntegration
{
    private const int MaxText = 16383;

    private readonly SecretSource _url;
    private readonly TemplatedText _text, _channel, _username, _iconUrl, _iconEmoji, _type, _card, _priority;
    private readonly bool _requestedAck, _persistent, _ownAttachments;
    private readonly IReadOnlyList<Attachment> _attachments;

    public Mattermost(IntegrationParts parts) : base(parts)
    {
        var reader = parts.Reader;
        _url = reader.Secret("webhook_url");
        _text = reader.Template("text");
        _channel = reader.Template("channel");
        _username = reader.Template("username");
        _iconUrl = reader.Template("icon_url");
        _iconEmoji = reader.Template("icon_emoji");
        _type = reader.Template("type");
        _card = reader.Section("props")?.Template("card") ?? TemplatedText.Empty;
        _priority = reader.Section("priority")?.Template("priority") ?? TemplatedText.Empty;
        _requestedAck = reader.Section("priority")?.Bool("requested_ack") ?? false;
        _persistent = reader.Section("priority")?.Bool("persistent_notifications") ?? false;
        var attachments = reader.Sections("attachments");
        _ownAttachments = attachments.Count > 0;
        // Without a list of them the integration's own keys are the one attachment.
        _attachments = _ownAttachments ? [.. attachments.Select(attachment => new Attachment(attachment))] : [new Attachment(reader)];
    }

    protected override async Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var url = composer.Secret(_url, "read webhook_url_file");
        if (composer.Failure is null && url.Length == 0)
            composer.Fail("webhook url missing");
        var channel = composer.Text(_channel);
        var body = JsonText.Object(json =>
        {
            if (_ownAttachments)
                json.TextIfAny("text", Truncation.InCharacters(composer.Text(_text), MaxText, out _));
            json.TextIfAny("channel", channel);
            json.TextIfAny("username", composer.Text(_username));
            json.TextIfAny("icon_url", composer.Text(_iconUrl));
            json.TextIfAny("icon_emoji", composer.Text(_iconEmoji));
            json.Objects("attachments", _attachments, (item, attachment) => attachment.Write(item, composer));
            json.TextIfAny("type", composer.Text(_type));
            if (!ReferenceEquals(_card, TemplatedText.Empty))
                json.Object("props", props => props.TextIfAny("card", composer.Text(_card)));
            if (!ReferenceEquals(_priority, TemplatedText.Empty))
                json.Object("priority", priority => WritePriority(priority, composer.Text(_priority).ToLowerInvariant()));
        });
        if (composer.Failure is { } failure)
            return Final(failure);
        var answer = await SendAsync(HttpCall.PostJson(url, body), cancellation).ConfigureAwait(false);
        return RefusalIn(channel, answer) ?? NotifyResult.Sent();
    }

    /// <summary>Mattermost refuses messages whose flags do not go with their priority.</summary>
    private void WritePriority(JsonText json, string priority)
    {
        if (priority is not ("urgent" or "important"))
            priority = "standard";
        json.Text("priority", priority);
        json.FlagIfTrue("requested_ack", _requestedAck && priority != "standard");
        json.FlagIfTrue("persistent_notifications", _persistent && priority == "urgent");
    }

    private sealed class Attachment(SettingsReader reader)
    {
        private static readonly string[] Before = ["fallback", "color", "pretext", "text", "author_name", "author_link", "author_icon", "title", "title_link"];
        private static readonly string[] After = ["thumb_url", "footer", "footer_icon", "image_url"];

        private readonly (string Name, TemplatedText Text)[] _before = [.. Before.Select(key => (key, reader.Template(key)))];
        private readonly (string Name, TemplatedText Text)[] _after = [.. After.Select(key => (key, reader.Template(key)))];
        private readonly IReadOnlyList<ChatField> _fields = ChatField.List(reader, null);

        public void Write(JsonText json, Composer composer)
        {
            foreach (var (name, text) in _before)
                json.TextIfAny(name, composer.Text(text));
            json.ObjectsIfAny("fields", _fields, (item, field) => field.Write(item, composer));
            foreach (var (name, text) in _after)
                json.TextIfAny(name, composer.Text(text));
        }
    }
}
