using System.Net.Http.Headers;
using ActorMon.Http.Errors;
using ActorMon.Notifying.Alerts;

namespace ActorMon.Notifying.Sending;

/// <summary>Posts a batch to one Alertmanager.</summary>
public static class AlertPost
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>What of an answer is read at most, so that its connection can be used again.</summary>
    private const int MaxAnswerBytes = 64 << 10;

    /// <param name="cancellation">The caller gives up: <see cref="OperationCanceledException"/>.</param>
    /// <returns>Null: it has been taken (any 2xx); else why not.</returns>
    public static async Task<string?> SendAsync(
        HttpMessageInvoker client, string url, IReadOnlyList<OutgoingAlert> alerts, TimeSpan timeout, string userAgent, TimeProvider time, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
            return $"parse \"{url}\": invalid URL";
        using var deadline = new CancellationTokenSource(timeout, time);
        using var link = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(AlertsBody.Of(alerts)) };
        request.Content.Headers.ContentType = Json;
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        try
        {
            using var answer = await client.SendAsync(request, deadline.Token).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
                return $"bad response status {(int)answer.StatusCode} {answer.ReasonPhrase}".TrimEnd();
            await DrainAsync(answer, deadline.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or TimeoutException)
        {
            cancellation.ThrowIfCancellationRequested();
            return HttpErrors.Describe(e, uri, "Post");
        }
    }

    /// <summary>The status has decided: an answer that breaks off or does not end changes nothing.</summary>
    private static async Task DrainAsync(HttpResponseMessage answer, CancellationToken deadline)
    {
        try
        {
            await answer.Content.LoadIntoBufferAsync(MaxAnswerBytes, deadline).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // Its connection is closed instead.
        }
    }
}
