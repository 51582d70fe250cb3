using System.Net.Http.Headers;
using System.Text;
using ActorMon.Http.Files;
using ActorMon.Http.Options;
using ActorMon.Http.Redirects;

namespace ActorMon.Http.Credentials;

/// <summary>
/// Fetches and keeps the token of one client (golang.org/x/oauth2 clientcredentials, RFC 7523): one fetch at a time whoever waits, a new one ten seconds
/// before the end of the token or when the secret's file has changed. A failed fetch fails those who waited; the next request tries again.
/// </summary>
internal sealed class OAuth2TokenSource : IDisposable
{
    private const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private const int MaxAnswerBytes = 1 << 20;

    /// <summary>A fetch serves several requests and so has a limit of its own, not that of the request that started it.</summary>
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(30);

    private readonly OAuth2Options _options;
    private readonly HttpClientContext _context;
    private readonly HttpMessageInvoker _client;
    private readonly bool _isJwt;
    private readonly Lock _lock = new();
    private Task<OAuth2Token>? _fetch;
    private OAuth2Token? _token;
    private string? _secret;

    /// <summary>How the server wants the client's credentials; unknown until a token request has succeeded.</summary>
    private Style _style;

    public OAuth2TokenSource(OAuth2Options options, HttpClientContext context)
    {
        _options = options;
        _context = context;
        _isJwt = options.GrantType == JwtBearer;
        _client = new HttpMessageInvoker(new RedirectHandler(new UrlCredentialsHandler(new Transport(options.Tls, options.Proxy, http2: false, null, context))));
    }

    /// <summary>The Authorization header's value.</summary>
    /// <exception cref="HttpTransportException">The secret cannot be read or the token endpoint gave none.</exception>
    public async ValueTask<string> AuthorizationAsync(string userAgent, CancellationToken cancellationToken)
    {
        var secret = _isJwt
            ? Secrets.Read(_options.ClientCertificateKey, _context.Files, "oauth2 client secret")
            : Secrets.Read(_options.ClientSecret, _context.Files, "oauth2 client secret");
        Task<OAuth2Token> fetch;
        lock (_lock)
        {
            if (secret != _secret)
            {
                _secret = secret;
                _token = null;
                _fetch = null;
            }
            if (_token is { } token && token.IsValid(_context.Time.GetUtcNow()))
                return token.Authorization;
            // On the pool's own scheduler: the fetch outlives the caller, whose scheduler (an actor's) may end before it.
            fetch = _fetch ??= Task.Run(() => FetchAsync(secret, userAgent), CancellationToken.None);
        }
        return (await fetch.WaitAsync(cancellationToken).ConfigureAwait(false)).Authorization;
    }

    public void Dispose() => _client.Dispose();

    private async Task<OAuth2Token> FetchAsync(string secret, string userAgent)
    {
        using var timeout = new CancellationTokenSource(FetchTimeout, _context.Time);
        OAuth2Token? token = null;
        try
        {
            return token = _isJwt ? await JwtAsync(secret, userAgent, timeout.Token) : await ClientCredentialsAsync(secret, userAgent, timeout.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new HttpTransportException($"oauth2: cannot fetch token: no answer within {FetchTimeout.TotalSeconds:0} s", e);
        }
        finally
        {
            lock (_lock)
                if (_secret == secret)
                {
                    _token = token;
                    _fetch = null;
                }
        }
    }

    private async Task<OAuth2Token> JwtAsync(string key, string userAgent, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = JwtBearer,
            ["assertion"] = JwtAssertion.Create(_options, key, _context.Time.GetUtcNow()),
        };
        return await RequestAsync(WithParameters(form), null, userAgent, cancellationToken);
    }

    private async Task<OAuth2Token> ClientCredentialsAsync(string secret, string userAgent, CancellationToken cancellationToken)
    {
        if (_style == Style.InForm)
            return await ClientCredentialsAsync(secret, inHeader: false, userAgent, cancellationToken);
        try
        {
            return await ClientCredentialsAsync(secret, inHeader: true, userAgent, cancellationToken);
        }
        catch (HttpTransportException) when (_style == Style.Unknown)
        {
            // RFC 6749 lets a server support the form only; which one it is shows by trying.
            return await ClientCredentialsAsync(secret, inHeader: false, userAgent, cancellationToken);
        }
    }

    private async Task<OAuth2Token> ClientCredentialsAsync(string secret, bool inHeader, string userAgent, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        AuthenticationHeaderValue? header = null;
        if (inHeader)
        {
            var pair = $"{FormText.Escape(_options.ClientId)}:{FormText.Escape(secret)}";
            header = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }
        form = WithParameters(form);
        if (!inHeader)
        {
            form["client_id"] = _options.ClientId;
            if (secret.Length > 0)
                form["client_secret"] = secret;
        }
        var token = await RequestAsync(form, header, userAgent, cancellationToken);
        _style = inHeader ? Style.InHeader : Style.InForm;
        return token;
    }

    private Dictionary<string, string> WithParameters(Dictionary<string, string> form)
    {
        if (_options.Scopes.Count > 0)
            form["scope"] = string.Join(' ', _options.Scopes);
        foreach (var (name, value) in _options.EndpointParams)
        {
            // The grant type may be overridden for servers that go their own way; nothing else may.
            if (name != "grant_type" && form.ContainsKey(name))
                throw new HttpTransportException($"oauth2: cannot overwrite parameter \"{name}\"");
            form[name] = value;
        }
        return form;
    }

    private async Task<OAuth2Token> RequestAsync(
        Dictionary<string, string> form, AuthenticationHeaderValue? authorization, string userAgent, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(_options.TokenUrl, UriKind.Absolute, out var url))
            throw new HttpTransportException($"oauth2: cannot fetch token: parse \"{_options.TokenUrl}\": invalid URL");
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes(FormText.Encode(form)));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        request.Headers.Authorization = authorization;
        if (userAgent.Length > 0)
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            var body = await BoundedBody.ReadAsync(response.Content, MaxAnswerBytes, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new HttpTransportException(OAuth2Token.Refusal(response.StatusCode, response.ReasonPhrase, body));
            return OAuth2Token.Parse(body, response.Content.Headers.ContentType?.MediaType, _context.Time.GetUtcNow());
        }
        catch (Exception e) when (e is IOException || (e is HttpRequestException && !e.Message.StartsWith("oauth2:", StringComparison.Ordinal)))
        {
            throw new HttpTransportException($"oauth2: cannot fetch token: {Errors.HttpErrors.Describe(e, url, "Post")}", e);
        }
    }

    private enum Style : byte
    {
        Unknown,
        InHeader,
        InForm,
    }
}
