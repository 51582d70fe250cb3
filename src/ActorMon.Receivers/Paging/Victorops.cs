using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Paging;

/// <summary>VictorOps (Splunk On-Call): an event under the group's hash, to the address that names key and route.</summary>
internal sealed class Victorops(IntegrationParts parts) : HttpIntegration(parts)
{
    private const int MaxState = 20480;
    private const string Trigger = "CRITICAL";
    private const string Resolve = "RECOVERY";

    private readonly string _url = parts.Reader.Text("api_url");
    private readonly SecretSource _key = parts.Reader.Secret("api_key");
    private readonly TemplatedText _routingKey = parts.Reader.Template("routing_key");
    private readonly TemplatedText _type = parts.Reader.Template("message_type");
    private readonly TemplatedText _state = parts.Reader.Template("state_message");
    private readonly TemplatedText _name = parts.Reader.Template("entity_display_name");
    private readonly TemplatedText _tool = parts.Reader.Template("monitoring_tool");
    private readonly IReadOnlyDictionary<string, TemplatedText> _fields = parts.Reader.TemplateMap("custom_fields");

    protected override Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var key = composer.Secret(_key, "failed to read API key from file");
        if (composer.Failure is { } unread)
            return Task.FromResult(Final(unread));
        var url = UrlText.AppendPath(_url, $"{key}/{composer.Text(_routingKey)}");
        var type = composer.Text(_type);
        var message = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["message_type"] = !composer.IsFiring ? Resolve : type is "INFO" or "WARNING" or "CRITICAL" ? type : Trigger,
            ["entity_id"] = composer.GroupHash,
            ["entity_display_name"] = composer.Text(_name),
            ["state_message"] = Truncation.InCharacters(composer.Text(_state), MaxState, out _),
            ["monitoring_tool"] = composer.Text(_tool),
        };
        foreach (var (name, text) in _fields)
            message[name] = composer.Text(text);
        return composer.Failure is { } failure
            ? Task.FromResult(Final("templating error: " + failure))
            : SendAsync(composer, HttpCall.PostJson(url, JsonText.OfValue(message)), cancellation);
    }
}
