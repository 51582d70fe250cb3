using ActorMon.Http.Errors;
using ActorMon.Http.Options;

namespace ActorMon.Http.Tests;

/// <summary>One client under test; requests have a deadline so that a lost answer fails the test instead of hanging it.</summary>
internal sealed class TestClient(HttpClientOptions? options = null, HttpClientContext? context = null) : IDisposable
{
    private readonly HttpMessageInvoker _client = HttpClients.Create(options ?? HttpClientOptions.Default, context ?? HttpClientContext.Default);

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _client.SendAsync(request, deadline.Token);
    }

    public async Task<string> GetAsync(Uri uri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using var response = await SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>The text of a request's failure.</summary>
    public async Task<string> FailureAsync(Uri uri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(request));
        Assert.True(failure is HttpRequestException or OperationCanceledException, failure.ToString());
        return HttpErrors.Describe(failure, uri);
    }

    public void Dispose() => _client.Dispose();
}
