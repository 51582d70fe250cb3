using System.IO.Compression;
using System.Net;
using ActorMon.Http.Errors;

namespace ActorMon.Scraping.Fetching;

/// <summary>
/// Fetches one body over HTTP. Whatever a target does (hang, lie about lengths, send garbage, a bomb, no end) costs that one scrape, within the timeout and the
/// size limits, and becomes an error text.
/// </summary>
public static class ScrapeFetcher
{
    public const string BodySizeLimitError = "body size limit exceeded";

    /// <summary>A Content-Length is believed up to this size; memory for more comes as bytes come.</summary>
    private const int LargestBelieved = 1 << 20;

    /// <param name="expectedBytes">Size of the body before, to rent the right memory at once; 0: unknown.</param>
    /// <param name="cancellation">The caller gives up (shutdown): <see cref="OperationCanceledException"/>.</param>
    public static async Task<FetchResult> FetchAsync(HttpMessageInvoker client, FetchRequest request, int expectedBytes, TimeProvider time, CancellationToken cancellation)
    {
        if (request.Url is null)
            return FetchResult.Failed($"parse \"{request.UrlText}\": invalid URL");
        using var deadline = new CancellationTokenSource(request.Timeout, time);
        using var link = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        HttpResponseMessage? response = null;
        try
        {
            response = await client.SendAsync(request.Message, deadline.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                return FetchResult.Failed(StatusError(response));
            return await ReadAsync(response, request, expectedBytes, deadline.Token);
        }
        catch (Exception e) when (IsExpected(e))
        {
            cancellation.ThrowIfCancellationRequested();
            return FetchResult.Failed(response is null ? HttpErrors.Describe(e, request.Url) : BodyError(e));
        }
        finally
        {
            // Closes the connection when the body was not read to its end: a target that sends without end must not be drained.
            response?.Dispose();
        }
    }

    private static bool IsExpected(Exception e) => e is HttpRequestException or OperationCanceledException or IOException or InvalidDataException or TimeoutException;

    private static string StatusError(HttpResponseMessage response) => $"server returned HTTP status {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();

    private static string BodyError(Exception e) => e is InvalidDataException ? $"gzip: invalid data: {e.Message}" : HttpErrors.DescribeBody(e);

    private static async Task<FetchResult> ReadAsync(HttpResponseMessage response, FetchRequest request, int expectedBytes, CancellationToken deadline)
    {
        var headers = response.Content.Headers;
        var contentType = headers.NonValidated.TryGetValues("Content-Type", out var types) ? types.ToString() : "";
        var gzip = headers.NonValidated.TryGetValues("Content-Encoding", out var encodings) && encodings.ToString() == "gzip";
        var length = gzip ? 0 : headers.ContentLength ?? 0;
        // One byte more than expected, so that the end is seen without growing.
        var buffer = new BodyBuffer((int)Math.Max(Math.Min(length, LargestBelieved), expectedBytes) + 1);
        var complete = false;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(deadline);
            var error = gzip ? await InflateAsync(stream, buffer, request, deadline) : await CopyAsync(stream, buffer, request, deadline);
            complete = error.Length == 0;
            return complete
                ? new FetchResult(buffer, contentType, "", FetchFault.None)
                : FetchResult.Failed(error, error.StartsWith(BodySizeLimitError, StringComparison.Ordinal) ? FetchFault.BodySizeLimit : FetchFault.Failed);
        }
        finally
        {
            if (!complete)
                buffer.Dispose();
        }
    }

    private static async Task<string> InflateAsync(Stream stream, BodyBuffer buffer, FetchRequest request, CancellationToken deadline)
    {
        var tail = new TailStream(stream);
        await using var inflater = new GZipStream(tail, CompressionMode.Decompress, leaveOpen: true);
        var error = await CopyAsync(inflater, buffer, request, deadline);
        return error.Length > 0 || tail.EndsWith(buffer.Length) ? error : "unexpected EOF";
    }

    private static async Task<string> CopyAsync(Stream stream, BodyBuffer buffer, FetchRequest request, CancellationToken deadline)
    {
        var limit = Math.Min(request.BodyLimit, request.NodeLimit);
        while (true)
        {
            // The inflater may go on for long without waiting for the network, so it would not look at the token.
            deadline.ThrowIfCancellationRequested();
            var count = await stream.ReadAsync(buffer.Free(), deadline);
            if (count == 0)
                return "";
            buffer.Advance(count);
            if (buffer.Length >= limit)
                return request.BodyLimit <= request.NodeLimit
                    ? BodySizeLimitError
                    : $"{BodySizeLimitError}: more than the {request.NodeLimit} bytes this node reads (--scrape.max-body-size)";
        }
    }
}
