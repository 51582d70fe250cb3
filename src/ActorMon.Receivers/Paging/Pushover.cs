using System.Globalization;
using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Paging;

/// <summary>Pushover: everything in the query of a request without a body.</summary>
internal sealed class Pushover : HttpIntegration
{
    private const int MaxTitle = 250;
    private const int MaxMessage = 1024;
    private const int MaxUrl = 512;

    private readonly SecretSource _token, _user;
    private readonly TemplatedText _title, _message, _url, _urlTitle, _priority, _device, _sound;
    private readonly TimeSpan _retry, _expire, _timeToLive;
    private readonly bool _isHtml, _isMonospace;

    public Pushover(IntegrationParts parts) : base(parts)
    {
        var reader = parts.Reader;
        _token = reader.Secret("token");
        _user = reader.Secret("user_key");
        _title = reader.Template("title");
        _message = reader.Template("message");
        _url = reader.Template("url");
        _urlTitle = reader.Template("url_title");
        _priority = reader.Template("priority");
        _device = reader.Template("device");
        _sound = reader.Template("sound");
        _retry = reader.Duration("retry");
        _expire = reader.Duration("expire");
        _timeToLive = reader.Duration("ttl");
        _isHtml = reader.Bool("html");
        _isMonospace = reader.Bool("monospace");
    }

    protected override Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var message = Truncation.InCharacters(_isHtml ? composer.Html(_message) : composer.Text(_message), MaxMessage, out _).Trim();
        var values = new List<(string, string)>
        {
            ("token", composer.Text(composer.Secret(_token, "read token_file"))),
            ("user", composer.Text(composer.Secret(_user, "read user_key_file"))),
            ("title", Truncation.InCharacters(composer.Text(_title), MaxTitle, out _)),
            // Without a text the message would be refused.
            ("message", message.Length > 0 ? message : "(no details)"),
            ("url", Truncation.InCharacters(composer.Text(_url), MaxUrl, out _)),
            ("url_title", composer.Text(_urlTitle)),
            ("priority", composer.Text(_priority)),
            ("retry", Seconds(_retry)),
            ("expire", Seconds(_expire)),
            ("device", composer.Text(_device)),
            ("sound", composer.Text(_sound)),
        };
        if (_isHtml)
            values.Add(("html", "1"));
        if (_isMonospace)
            values.Add(("monospace", "1"));
        if (_timeToLive.TotalSeconds >= 1)
            values.Add(("ttl", Seconds(_timeToLive)));
        var url = UrlText.WithQuery(Context.Endpoints.Pushover, [.. values]);
        return SendAsync(composer, HttpCall.PostNothing(url, "text/plain") with { HasMessageInQuery = true }, cancellation);
    }

    private static string Seconds(TimeSpan duration) => ((long)duration.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
