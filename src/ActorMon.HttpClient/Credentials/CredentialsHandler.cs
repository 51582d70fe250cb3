using ActorMon.Http.Files;
using ActorMon.Http.Options;
using ActorMon.Http.Redirects;

namespace ActorMon.Http.Credentials;

/// <summary>
/// Puts the configured headers and credentials on a request, reading their files anew, and takes them off again afterwards. An Authorization header that
/// the caller has set, and then the URL's own credentials, win over configured ones; OAuth2 overrides both. A redirected request that has left the first
/// host gets no credentials, and only those configured headers that are neither secret nor sensitive by their name.
/// </summary>
internal sealed class CredentialsHandler : DelegatingHandler
{
    private readonly HttpClientOptions _options;
    private readonly IFileReader _files;
    private readonly OAuth2TokenSource? _oauth2;

    public CredentialsHandler(HttpClientOptions options, HttpClientContext context, HttpMessageHandler next) : base(next)
    {
        _options = options;
        _files = context.Files;
        _oauth2 = options.OAuth2 is null ? null : new OAuth2TokenSource(options.OAuth2, context);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var leftHost = request is RedirectedRequest { LeftHost: true };
        var own = new List<(string Name, string[] Values)>();
        try
        {
            await AuthorizeAsync(request, leftHost, own, cancellationToken).ConfigureAwait(false);
            foreach (var header in _options.Headers)
                Add(request, header, leftHost, own);
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Restore(request, own);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _oauth2?.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask AuthorizeAsync(
        HttpRequestMessage request, bool leftHost, List<(string Name, string[] Values)> own, CancellationToken cancellationToken)
    {
        var present = request.Headers.NonValidated.Contains(BasicCredentials.Header);
        string? value = null;
        if (!leftHost && _oauth2 is not null)
            value = await _oauth2.AuthorizationAsync(UserAgent(request), cancellationToken).ConfigureAwait(false);
        else if (present)
            return;
        else if (request.RequestUri is { IsAbsoluteUri: true, UserInfo.Length: > 0 } url)
            value = BasicCredentials.Of(url);
        else if (!leftHost)
            value = Configured();
        if (value is null)
            return;
        Remember(request, BasicCredentials.Header, own);
        request.Headers.Remove(BasicCredentials.Header);
        request.Headers.TryAddWithoutValidation(BasicCredentials.Header, HeaderText.Value(BasicCredentials.Header, value));
    }

    private string? Configured()
    {
        if (_options.BasicAuth is { } basic)
            return BasicCredentials.Of(
                Secrets.Read(basic.Username, _files, "basic auth username"), Secrets.Read(basic.Password, _files, "basic auth password"));
        return _options.Authorization is { } authorization
            ? $"{authorization.Type} {Secrets.Read(authorization.Credentials, _files, "authorization credentials")}"
            : null;
    }

    private void Add(HttpRequestMessage request, HttpHeaderOptions header, bool leftHost, List<(string Name, string[] Values)> own)
    {
        if (leftHost && SensitiveHeaders.Contains(header.Name))
            return;
        HeaderText.Name(header.Name);
        Remember(request, header.Name, own);
        foreach (var value in header.Values)
            Add(request, header.Name, value);
        if (leftHost)
            return;
        foreach (var secret in header.Secrets)
            Add(request, header.Name, secret);
        foreach (var file in header.Files)
            Add(request, header.Name, Secrets.ReadFile(file, _files, $"unable to read headers file {file}"));
    }

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (!request.Headers.TryAddWithoutValidation(name, HeaderText.Value(name, value))
            && request.Content?.Headers.TryAddWithoutValidation(name, value) != true)
            throw new HttpTransportException($"http_headers: \"{name}\" describes a body and cannot be sent with a request without one");
    }

    private static string UserAgent(HttpRequestMessage request) =>
        request.Headers.NonValidated.TryGetValues("User-Agent", out var values) ? values.ToString() : "";

    private static void Remember(HttpRequestMessage request, string name, List<(string Name, string[] Values)> own) =>
        own.Add((name, request.Headers.NonValidated.TryGetValues(name, out var values) ? [.. values] : []));

    private static void Restore(HttpRequestMessage request, List<(string Name, string[] Values)> own)
    {
        // Backwards, so that a name remembered twice ends as it was first.
        for (var i = own.Count - 1; i >= 0; i--)
        {
            var (name, values) = own[i];
            if (!request.Headers.Remove(name) && values.Length == 0)
                continue;
            foreach (var value in values)
                request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
