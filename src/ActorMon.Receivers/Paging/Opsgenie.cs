using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Paging;

/// <summary>Opsgenie: an alert is made, closed, and with <c>update_alerts</c> changed under an alias, the group's hash.</summary>
internal sealed class Opsgenie : HttpIntegration
{
    private const int MaxMessage = 130;

    private static readonly (string, string) ByAlias = ("identifierType", "alias");

    private readonly string _url;
    private readonly SecretSource _key;
    private readonly TemplatedText _message, _description, _source, _tags, _note, _priority, _entity, _actions;
    private readonly IReadOnlyDictionary<string, TemplatedText> _details;
    private readonly IReadOnlyList<(TemplatedText Id, TemplatedText Name, TemplatedText Username, TemplatedText Type)> _responders;
    private readonly bool _updates;

    public Opsgenie(IntegrationParts parts) : base(parts)
    {
        var reader = parts.Reader;
        _url = reader.Text("api_url");
        _key = reader.Secret("api_key");
        _message = reader.Template("message");
        _description = reader.Template("description");
        _source = reader.Template("source");
        _tags = reader.Template("tags");
        _note = reader.Template("note");
        _priority = reader.Template("priority");
        _entity = reader.Template("entity");
        _actions = reader.Template("actions");
        _details = reader.TemplateMap("details");
        _responders = [.. reader.Sections("responders").Select(r => (r.Template("id"), r.Template("name"), r.Template("username"), r.Template("type")))];
        _updates = reader.Bool("update_alerts");
    }

    protected override async Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var calls = composer.IsFiring ? Create(composer) : [Close(composer)];
        if (composer.Failure is { } untemplated)
            return Final("templating error: " + untemplated);
        var file = composer.Secret(_key, "read key_file error");
        if (composer.Failure is { } unread)
            return Final(unread);
        var key = composer.Text(file).Trim();
        if (composer.Failure is { } failure)
            return Final("templating error: " + failure);
        foreach (var call in calls)
        {
            var answer = await SendAsync(call with { Headers = [("Authorization", "GenieKey " + key)], HasPublicUrl = true }, cancellation).ConfigureAwait(false);
            if (Refusal(answer, answer.Body, 429) is { } refusal)
                return refusal;
        }
        return NotifyResult.Sent();
    }

    private List<HttpCall> Create(Composer composer)
    {
        var (alias, message, description) = (composer.GroupHash, Truncation.InCharacters(composer.Text(_message), MaxMessage, out _), composer.Text(_description));
        var calls = new List<HttpCall> { HttpCall.PostJson(UrlText.AppendPath(_url, "v2/alerts"), JsonText.Object(json => WriteAlert(json, composer, alias, message, description))) };
        if (_updates)
        {
            calls.Add(Put(alias, "message", message));
            calls.Add(Put(alias, "description", description));
        }
        return calls;
    }

    private void WriteAlert(JsonText json, Composer composer, string alias, string message, string description)
    {
        var details = new Dictionary<string, string>(composer.Data.CommonLabels, StringComparer.Ordinal);
        foreach (var (name, text) in _details)
            details[name] = composer.Text(text);
        json.Text("alias", alias);
        json.Text("message", message);
        json.TextIfAny("description", description);
        json.Value("details", details);
        json.Text("source", composer.Text(_source));
        json.ObjectsIfAny("responders", Responders(composer), (item, responder) =>
        {
            item.TextIfAny("id", responder.Id);
            item.TextIfAny("name", responder.Name);
            item.TextIfAny("username", responder.Username);
            item.Text("type", responder.Type);
        });
        json.TextsIfAny("tags", Split(composer.Text(_tags)));
        json.TextIfAny("note", composer.Text(_note));
        json.TextIfAny("priority", composer.Text(_priority));
        json.TextIfAny("entity", composer.Text(_entity));
        json.TextsIfAny("actions", Split(composer.Text(_actions)));
    }

    /// <summary>Those with a content, for labels may fill them; "teams" names several teams.</summary>
    private List<(string Id, string Name, string Username, string Type)> Responders(Composer composer)
    {
        var responders = new List<(string, string, string, string)>();
        foreach (var (id, name, username, type) in _responders)
        {
            var responder = (Id: composer.Text(id), Name: composer.Text(name), Username: composer.Text(username), Type: composer.Text(type));
            if (responder.Type == "teams")
                responders.AddRange(Split(responder.Name).Select(team => ("", team, "", "team")));
            else if (responder != ("", "", "", ""))
                responders.Add(responder);
        }
        return responders;
    }

    private HttpCall Close(Composer composer) =>
        HttpCall.PostJson(OfAlias(composer.GroupHash, "close"), JsonText.Object(json => json.Text("source", composer.Text(_source))));

    private HttpCall Put(string alias, string what, string text) =>
        new(HttpMethod.Put, OfAlias(alias, what)) { Body = JsonText.Object(json => json.TextIfAny(what, text)) };

    private string OfAlias(string alias, string what) => UrlText.WithQuery(UrlText.AppendPath(_url, $"v2/alerts/{alias}/{what}"), ByAlias);

    private static string[] Split(string text) => text.Trim().Split(',', StringSplitOptions.RemoveEmptyEntries);
}
