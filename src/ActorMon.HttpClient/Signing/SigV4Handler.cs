using ActorMon.Http.Options;
using ActorMon.Http.Redirects;

namespace ActorMon.Http.Signing;

/// <summary>
/// Signs requests and takes the signature off again afterwards. A redirected request that has left the first host is not signed: the signature is a credential.
/// </summary>
internal sealed class SigV4Handler : DelegatingHandler
{
    private readonly SigV4Options _options;
    private readonly TimeProvider _time;
    private readonly AwsKeySource _source;
    private readonly HttpMessageInvoker _stsClient;
    private readonly AssumedRole? _role;

    public SigV4Handler(SigV4Options options, HttpClientContext context, HttpMessageHandler next, HttpMessageHandler? sts = null) : base(next)
    {
        _options = options;
        _time = context.Time;
        _source = new AwsKeySource(options, context);
        _stsClient = new HttpMessageInvoker(sts ?? new Transport(TlsOptions.Default, ProxyOptions.None, http2: true, null, context));
        _role = options.RoleArn.Length > 0 ? new AssumedRole(options, _stsClient, context.Time) : null;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request is RedirectedRequest { LeftHost: true })
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var region = _source.Region();
        var keys = _source.Keys();
        if (_role is not null)
            keys = await _role.KeysAsync(keys, region, cancellationToken).ConfigureAwait(false);
        try
        {
            SigV4Signer.Sign(request, body, keys, region, _options.ServiceName, _time.GetUtcNow());
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (var name in SigV4Signer.Added)
                request.Headers.Remove(name);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stsClient.Dispose();
        base.Dispose(disposing);
    }
}
