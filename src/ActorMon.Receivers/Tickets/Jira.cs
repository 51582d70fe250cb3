using ActorMon.Alerting.Notifications;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Tickets;

/// <summary>
/// Jira: one issue a group, found again by a label with the group's hash. It is looked for, made or changed, and moved through its workflow as alerts resolve and
/// fire again.
/// </summary>
internal sealed class Jira(IntegrationParts parts) : HttpIntegration(parts)
{
    private const int TooMany = 429;

    private readonly JiraSearch _search = new(parts.Reader);
    private readonly JiraIssue _issue = new(parts.Reader);
    private readonly string _url = parts.Reader.Text("api_url");
    private readonly string _reopen = parts.Reader.Text("reopen_transition");
    private readonly string _resolve = parts.Reader.Text("resolve_transition");

    protected override async Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var (url, query) = _search.Request(composer);
        if (composer.Failure is { } failure)
            return Final("failed to look up existing issues: invalid project template or value: " + failure);
        var (found, refusal) = await CallAsync(HttpMethod.Post, url, query, cancellation).ConfigureAwait(false);
        if (refusal is not null)
            return Prefixed("failed to look up existing issues: HTTP request to JIRA API", refusal);
        if (JsonAnswer.Parse(found) is not { } answer)
            return Final("failed to look up existing issues: the answer is no JSON");
        var known = answer.Objects("issues").FirstOrDefault();
        // Nobody needs an issue about what is over.
        if (known is null && !composer.IsFiring)
            return NotifyResult.Sent();
        var body = _issue.Body(composer, isUpdate: known is not null);
        if (composer.Failure is { } untemplated)
            return Final(untemplated);
        var (method, path) = known is null ? (HttpMethod.Post, "issue") : (HttpMethod.Put, "issue/" + known.Text("key"));
        (_, refusal) = await CallAsync(method, UrlText.JoinPath(_url, path), body, cancellation).ConfigureAwait(false);
        if (refusal is not null)
            return Prefixed($"failed to {method} request to \"{path}\"", refusal);
        return known is null ? NotifyResult.Sent() : await MoveAsync(known, composer.IsFiring, cancellation).ConfigureAwait(false);
    }

    /// <summary>Through the transition that its state and the alerts' ask for, where one is set.</summary>
    private async Task<NotifyResult> MoveAsync(JsonAnswer issue, bool firing, CancellationToken cancellation)
    {
        var key = issue.Text("key");
        if (key.Length == 0 || issue.Object("fields")?.Object("status") is not { } status)
            return NotifyResult.Sent();
        var isDone = status.Object("statusCategory")?.Text("key") == "done";
        var transition = firing == isDone ? (firing ? _reopen : _resolve) : "";
        if (transition.Length == 0)
            return NotifyResult.Sent();
        var url = UrlText.JoinPath(_url, $"issue/{key}/transitions");
        var (listed, refusal) = await CallAsync(HttpMethod.Get, url, null, cancellation).ConfigureAwait(false);
        if (refusal is not null)
            return refusal;
        var id = JsonAnswer.Parse(listed)?.Objects("transitions").FirstOrDefault(item => item.Text("name") == transition)?.Text("id");
        if (id is null)
            return Final($"can't find transition {transition} for issue {key}");
        var body = JsonText.Object(json => json.Object("transition", item => item.TextIfAny("id", id)));
        (_, refusal) = await CallAsync(HttpMethod.Post, url, body, cancellation).ConfigureAwait(false);
        return refusal ?? NotifyResult.Sent();
    }

    private async Task<(string Body, NotifyResult? Refusal)> CallAsync(HttpMethod method, string url, byte[]? body, CancellationToken cancellation)
    {
        var call = new HttpCall(method, url) { Body = body, Headers = [("Accept-Language", "en")], HasPublicUrl = true };
        var answer = await SendAsync(call, cancellation).ConfigureAwait(false);
        return (answer.Body, Refusal(answer, answer.Body, TooMany));
    }
}
