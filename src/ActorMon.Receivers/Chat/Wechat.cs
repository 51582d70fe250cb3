using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Chat;

/// <summary>WeChat Work: a message of an agent, by a token that is asked for first and kept for two hours.</summary>
internal sealed class Wechat(IntegrationParts parts) : HttpIntegration(parts)
{
    private const int TokenExpired = 42001;

    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(2);

    private readonly string _url = parts.Reader.Text("api_url");
    private readonly SecretSource _secret = parts.Reader.Secret("api_secret");
    private readonly TemplatedText _corpId = parts.Reader.Template("corp_id");
    private readonly string _type = parts.Reader.Text("message_type");
    private readonly TemplatedText _message = parts.Reader.Template("message");
    private readonly TemplatedText _user = parts.Reader.Template("to_user");
    private readonly TemplatedText _party = parts.Reader.Template("to_party");
    private readonly TemplatedText _tag = parts.Reader.Template("to_tag");
    private readonly TemplatedText _agent = parts.Reader.Template("agent_id");

    private volatile Token? _token;

    protected override async Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var token = _token;
        if (token is null || Context.Http.Time.GetUtcNow() - token.Since > TokenLife)
        {
            var (asked, failure) = await AskTokenAsync(composer, cancellation).ConfigureAwait(false);
            if (failure is not null)
                return failure;
            _token = token = asked!;
        }
        var body = JsonText.Object(json =>
        {
            var message = composer.Text(_message);
            json.Object("text", text => text.Text("content", _type == "markdown" ? "" : message));
            json.TextIfAny("touser", composer.Text(_user));
            json.TextIfAny("toparty", composer.Text(_party));
            json.TextIfAny("totag", composer.Text(_tag));
            json.TextIfAny("agentid", composer.Text(_agent));
            json.Text("safe", "0");
            json.TextIfAny("msgtype", _type);
            json.Object("markdown", text => text.Text("content", _type == "markdown" ? message : ""));
        });
        if (composer.Failure is { } wrong)
            return Final("templating error: " + wrong);
        var url = UrlText.WithQuery(UrlText.AppendPath(_url, "message/send"), ("access_token", token.Text));
        return Judge(await SendAsync(HttpCall.PostJson(url, body), cancellation).ConfigureAwait(false));
    }

    private async Task<(Token? Token, NotifyResult? Failure)> AskTokenAsync(Composer composer, CancellationToken cancellation)
    {
        var secret = composer.Secret(_secret, "read api_secret_file");
        if (composer.Failure is { } unread)
            return (null, Final(unread));
        var corpId = composer.Text(_corpId);
        var url = UrlText.WithQuery(UrlText.AppendPath(_url, "gettoken"), ("corpid", corpId), ("corpsecret", composer.Text(secret)));
        if (composer.Failure is { } failure)
            return (null, Final("templating error: " + failure));
        var answer = await SendAsync(HttpCall.Get(url), cancellation).ConfigureAwait(false);
        if (answer.Error is { } error)
            return (null, TryAgain(error));
        // A gateway's page in place of an answer passes; a refusal does not.
        if (JsonAnswer.Parse(answer.Body) is not { } said)
            return (null, answer.Status >= 500 ? TryAgain($"unexpected status code {answer.Status}", SendOutcome.FailureReason(answer.Status)) : Final("the answer to gettoken is no JSON"));
        return said.Text("access_token") is { Length: > 0 } token
            ? (new Token(token, Context.Http.Time.GetUtcNow()), null)
            : (null, Final($"invalid APISecret for CorpID: {corpId}"));
    }

    private NotifyResult Judge(HttpAnswer answer)
    {
        if (answer.Error is { } error)
            return TryAgain(error);
        if (answer.Status != 200)
            return TryAgain($"unexpected status code {answer.Status}", SendOutcome.FailureReason(answer.Status));
        if (JsonAnswer.Parse(answer.Body) is not { } said)
            return TryAgain("the answer to message/send is no JSON");
        var code = said.Number("errcode");
        if (code == 0)
            return NotifyResult.Sent();
        if (code != TokenExpired)
            return Final(said.Text("errmsg"));
        _token = null;
        return TryAgain(said.Text("errmsg"));
    }

    private sealed record Token(string Text, DateTimeOffset Since);
}
