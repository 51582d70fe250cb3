using System.Text;
using ActorMon.Http;
using ActorMon.Http.Credentials;
using ActorMon.Http.Errors;
using ActorMon.Http.Options;
using ActorMon.Model.Text;
using ActorMon.Receivers.Building;
using ActorMon.Templates.Time;

namespace ActorMon.Receivers.Sending;

/// <summary>Sends requests of one integration. Thread-safe.</summary>
internal sealed class HttpSender(HttpClientOptions options, ReceiverContext context) : IDisposable
{
    /// <summary>More of an answer is not read: what it says is in its beginning.</summary>
    private const int MaxAnswerBytes = 1 << 20;

    private readonly HttpMessageInvoker _client = HttpClients.Create(options, context.Http);

    public void Dispose() => _client.Dispose();

    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(call.Url, UriKind.Absolute, out var uri))
            return Failed($"parse {GoQuote.Quote(Shown(call))}: invalid URL");
        if (context.Rehearsal is { } rehearsal)
            return rehearsal.Send(call, uri);
        using var timeout = call.Timeout > TimeSpan.Zero ? new CancellationTokenSource(call.Timeout, context.Http.Time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        using var request = RequestOf(call, uri);
        try
        {
            using var answer = await _client.SendAsync(request, either.Token).ConfigureAwait(false);
            var body = await BoundedBody.ReadAsync(answer.Content, MaxAnswerBytes, either.Token).ConfigureAwait(false);
            var type = answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.ToString() : "";
            return new HttpAnswer((int)answer.StatusCode, type, Encoding.UTF8.GetString(body), null);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or TimeoutException)
        {
            cancellation.ThrowIfCancellationRequested();
            var method = call.Method.Method[0] + call.Method.Method[1..].ToLowerInvariant();
            var text = call.HasPublicUrl ? HttpErrors.Describe(e, uri, method) : $"{method} \"{Shown(call)}\": {HttpErrors.Cause(e)}";
            return Failed(timeout.IsCancellationRequested ? $"{text}: configured {call.TimeoutOf} timeout reached ({GoDurationText.Of(call.Timeout.Ticks * TimeSpan.NanosecondsPerTick)})" : text);
        }
    }

    private HttpRequestMessage RequestOf(HttpCall call, Uri uri)
    {
        var request = new HttpRequestMessage(call.Method, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", context.UserAgent);
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
        }
        foreach (var (name, value) in call.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static string Shown(HttpCall call) => call.HasPublicUrl ? call.Url : "<redacted>";

    private static HttpAnswer Failed(string error) => new(0, "", "", error);
}
