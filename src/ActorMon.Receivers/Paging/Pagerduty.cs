using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Paging;

/// <summary>PagerDuty: events of API v2 (routing key), or of v1 where a service key is set. The group's hash is the key under which events become one incident.</summary>
internal sealed class Pagerduty : HttpIntegration
{
    private const int MaxSummary = 1024;
    private const int MaxEventBytes = 512000;
    private const string TooLong = "Custom details have been removed because the original event exceeds the maximum size of 512KB";

    private readonly bool _isV1;
    private readonly SecretSource _key;
    private readonly string _url;
    private readonly TimeSpan _timeout;
    private readonly TemplatedText _description, _client, _clientUrl, _source, _severity, _class, _component, _group;
    private readonly IReadOnlyDictionary<string, TemplatedValue> _details;
    private readonly IReadOnlyList<(TemplatedText Src, TemplatedText Alt, TemplatedText Href)> _images;
    private readonly IReadOnlyList<(TemplatedText Href, TemplatedText Text)> _links;

    public Pagerduty(IntegrationParts parts) : base(parts)
    {
        var reader = parts.Reader;
        _isV1 = reader.Secret("service_key").IsSet;
        _key = reader.Secret(_isV1 ? "service_key" : "routing_key");
        _url = _isV1 ? parts.Context.Endpoints.PagerdutyV1 : reader.Text("url");
        _timeout = reader.Duration("timeout");
        _description = reader.Template("description");
        _client = reader.Template("client");
        _clientUrl = reader.Template("client_url");
        _source = reader.Template("source");
        _severity = reader.Text("severity").Length > 0 ? reader.Template("severity") : TemplatedText.Of("error", parts.Templates);
        _class = reader.Template("class");
        _component = reader.Template("component");
        _group = reader.Template("group");
        _details = reader.Values("details");
        _images = [.. reader.Sections("images").Select(image => (image.Template("src"), image.Template("alt"), image.Template("href")))];
        _links = [.. reader.Sections("links").Select(link => (link.Template("href"), link.Template("text")))];
    }

    protected override async Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var details = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in _details)
            details[name] = value.Render(composer);
        if (composer.Failure is { } unrendered)
            return Final("failed to render details: " + unrendered);
        var file = composer.Secret(_key, $"failed to read {(_isV1 ? "service" : "routing")} key from file");
        if (composer.Failure is { } unread)
            return Final(unread);
        var key = composer.Text(file);
        var body = Event(composer, key, details);
        if (composer.Failure is { } failure)
            return Final($"failed to template PagerDuty {(_isV1 ? "v1" : "v2")} message: {failure}");
        if (key.Length == 0)
            return Final($"{(_isV1 ? "service" : "routing")} key cannot be empty");
        if (body.Length > MaxEventBytes)
            body = Event(composer, key, new Dictionary<string, object?> { ["error"] = TooLong });
        var call = HttpCall.PostJson(_url, body) with { Timeout = _timeout, TimeoutOf = "pagerduty", HasPublicUrl = true };
        var answer = await SendAsync(call, cancellation).ConfigureAwait(false);
        if (answer.Error is { } error)
            return TryAgain($"failed to post message to PagerDuty{(_isV1 ? " v1" : "")}: {error}");
        // Version 1 says with 403 that there was too much at once, version 2 with 429.
        return Refusal(answer, Detail(answer), _isV1 ? 403 : 429) ?? NotifyResult.Sent();
    }

    private byte[] Event(Composer composer, string key, Dictionary<string, object?> details) =>
        JsonText.Object(json => (_isV1 ? (Action<JsonText, Composer, string, Dictionary<string, object?>>)WriteV1 : WriteV2)(json, composer, key, details));

    private void WriteV1(JsonText json, Composer composer, string key, Dictionary<string, object?> details)
    {
        json.TextIfAny("service_key", key);
        json.Text("incident_key", composer.GroupHash);
        json.Text("event_type", EventOf(composer));
        json.TextIfAny("description", Truncation.InCharacters(composer.Text(_description), MaxSummary, out _));
        json.Text("event_action", "");
        json.Null("payload");
        if (composer.IsFiring)
            WriteClient(json, composer);
        json.ValueIfAny("details", details);
    }

    private void WriteV2(JsonText json, Composer composer, string key, Dictionary<string, object?> details)
    {
        json.TextIfAny("routing_key", key);
        json.Text("dedup_key", composer.GroupHash);
        json.Text("event_action", EventOf(composer));
        json.Object("payload", payload =>
        {
            payload.Text("summary", Truncation.InCharacters(composer.Text(_description), MaxSummary, out _));
            payload.Text("source", composer.Text(_source));
            payload.Text("severity", composer.Text(_severity));
            payload.TextIfAny("class", composer.Text(_class));
            payload.TextIfAny("component", composer.Text(_component));
            payload.TextIfAny("group", composer.Text(_group));
            payload.ValueIfAny("custom_details", details);
        });
        WriteClient(json, composer);
        var images = _images.Select(image => (Src: composer.Text(image.Src), Alt: composer.Text(image.Alt), Href: composer.Text(image.Href))).Where(image => image.Src.Length > 0);
        json.ObjectsIfAny("images", [.. images], (item, image) =>
        {
            item.Text("src", image.Src);
            item.Text("alt", image.Alt);
            item.Text("href", image.Href);
        });
        var links = _links.Select(link => (Href: composer.Text(link.Href), Text: composer.Text(link.Text))).Where(link => link.Href.Length > 0);
        json.ObjectsIfAny("links", [.. links], (item, link) =>
        {
            item.Text("href", link.Href);
            item.Text("text", link.Text);
        });
    }

    private void WriteClient(JsonText json, Composer composer)
    {
        json.TextIfAny("client", composer.Text(_client));
        json.TextIfAny("client_url", composer.Text(_clientUrl));
    }

    private static string EventOf(Composer composer) => composer.IsFiring ? "trigger" : "resolve";

    private static string Detail(HttpAnswer answer) =>
        answer.Status == 400 && JsonAnswer.Parse(answer.Body) is { } said ? $"{said.Text("message")}: {string.Join(',', said.Texts("errors"))}" : "";
}
