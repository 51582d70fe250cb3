namespace ActorMon.Http.Credentials;

/// <summary>Sends the user name and password of a URL as basic authentication; a URL without them passes untouched.</summary>
internal sealed class UrlCredentialsHandler(HttpMessageHandler next) : DelegatingHandler(next)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.RequestUri is { IsAbsoluteUri: true, UserInfo.Length: > 0 } && !request.Headers.NonValidated.Contains(BasicCredentials.Header)
            ? SendWithAsync(request, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendWithAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(BasicCredentials.Header, BasicCredentials.Of(request.RequestUri!));
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.Headers.Remove(BasicCredentials.Header);
        }
    }
}
