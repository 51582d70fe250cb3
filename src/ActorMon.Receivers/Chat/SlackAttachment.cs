using ActorMon.Alerting.Notifications;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;

namespace ActorMon.Receivers.Chat;

/// <summary>The one attachment of a Slack message.</summary>
internal sealed class SlackAttachment
{
    private readonly TemplatedText _title, _titleLink, _pretext, _text, _fallback, _callbackId, _imageUrl, _thumbUrl, _footer, _color;
    private readonly IReadOnlyList<string> _markdown;
    private readonly int _maxTitle;
    private readonly IReadOnlyList<ChatField> _fields;
    private readonly IReadOnlyList<Action> _actions;

    public SlackAttachment(SettingsReader reader, IReadOnlyList<string> markdown, int maxTitle)
    {
        _title = reader.Template("title");
        _titleLink = reader.Template("title_link");
        _pretext = reader.Template("pretext");
        _text = reader.Template("text");
        _fallback = reader.Template("fallback");
        _callbackId = reader.Template("callback_id");
        _imageUrl = reader.Template("image_url");
        _thumbUrl = reader.Template("thumb_url");
        _footer = reader.Template("footer");
        _color = reader.Template("color");
        _markdown = markdown;
        _maxTitle = maxTitle;
        _fields = ChatField.List(reader, reader.Bool("short_fields"));
        _actions = [.. reader.Sections("actions").Select(action => new Action(action))];
    }

    public void Write(JsonText json, Composer composer)
    {
        json.TextIfAny("title", Truncation.InCharacters(composer.Text(_title), _maxTitle, out _));
        json.TextIfAny("title_link", composer.Text(_titleLink));
        json.TextIfAny("pretext", composer.Text(_pretext));
        json.Text("text", composer.Text(_text));
        json.Text("fallback", composer.Text(_fallback));
        json.Text("callback_id", composer.Text(_callbackId));
        json.ObjectsIfAny("fields", _fields, (item, field) => field.Write(item, composer));
        json.ObjectsIfAny("actions", _actions, (item, action) => action.Write(item, composer));
        json.TextIfAny("image_url", composer.Text(_imageUrl));
        json.TextIfAny("thumb_url", composer.Text(_thumbUrl));
        json.Text("footer", composer.Text(_footer));
        json.TextIfAny("color", composer.Text(_color));
        json.TextsIfAny("mrkdwn_in", _markdown);
    }

    /// <summary>A button, with the question that is asked before it does something.</summary>
    private sealed class Action(SettingsReader reader)
    {
        private static readonly string[] Keys = ["type", "text", "url", "style", "name", "value"];
        private static readonly string[] ConfirmKeys = ["text", "title", "ok_text", "dismiss_text"];

        private readonly (string Name, TemplatedText Text)[] _texts = [.. Keys.Select(key => (key, reader.Template(key)))];
        private readonly (string Name, TemplatedText Text)[]? _confirm =
            reader.Section("confirm") is { } confirm ? [.. ConfirmKeys.Select(key => (key, confirm.Template(key)))] : null;

        public void Write(JsonText json, Composer composer)
        {
            foreach (var (name, text) in _texts)
                json.TextIfAny(name, composer.Text(text));
            if (_confirm is not null)
                json.Object("confirm", item =>
                {
                    foreach (var (name, text) in _confirm)
                        item.TextIfAny(name, composer.Text(text));
                });
        }
    }
}
