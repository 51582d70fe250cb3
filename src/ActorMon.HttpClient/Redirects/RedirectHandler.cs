using System.Net;

namespace ActorMon.Http.Redirects;

/// <summary>
/// Follows at most ten redirects as the peers' HTTP library does. 301, 302 and 303 turn everything but GET and HEAD into a GET without body; 307 and 308
/// repeat method and body, if the body can be sent twice. Once a hop leaves the first host and its subdomains, sensitive headers stay off for the rest of
/// the way, even when it leads back.
/// </summary>
internal sealed class RedirectHandler(HttpMessageHandler next) : DelegatingHandler(next)
{
    private const int MaxRedirects = 10;

    /// <summary>Up to this much of a redirect's body is read so that its connection can be used again.</summary>
    private const int MaxDrainedBytes = 2048;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage original, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(original, cancellationToken).ConfigureAwait(false);
        var request = original;
        for (var followed = 0; Target(request, response) is { } target; followed++)
        {
            var keepsBody = response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
            if (keepsBody && original.Content is StreamContent)
                break;
            if (followed == MaxRedirects)
            {
                response.Dispose();
                throw new HttpTransportException($"stopped after {MaxRedirects} redirects");
            }
            await DrainAsync(response, cancellationToken).ConfigureAwait(false);
            request = Next(original, request, target, keepsBody);
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        return response;
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    /// <summary>Where a redirect leads; null when the answer is not one, or names no place.</summary>
    private static Uri? Target(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (!IsRedirect(response.StatusCode) || !response.Headers.NonValidated.TryGetValues("Location", out var values))
            return null;
        var location = values.ToString();
        if (location.Length == 0)
            return null;
        if (!Uri.TryCreate(request.RequestUri!, location, out var target))
        {
            response.Dispose();
            throw new HttpTransportException($"failed to parse Location header \"{location}\"");
        }
        var fragment = request.RequestUri!.Fragment;
        return fragment.Length > 0 && target.Fragment.Length == 0 ? new UriBuilder(target) { Fragment = fragment }.Uri : target;
    }

    private static RedirectedRequest Next(HttpRequestMessage original, HttpRequestMessage last, Uri target, bool keepsBody)
    {
        var leftHost = last is RedirectedRequest { LeftHost: true } || !IsWithin(target.IdnHost, original.RequestUri!.IdnHost);
        var method = keepsBody || last.Method == HttpMethod.Get || last.Method == HttpMethod.Head ? last.Method : HttpMethod.Get;
        var next = new RedirectedRequest(method, target, leftHost) { Content = keepsBody ? last.Content : null };
        foreach (var header in original.Headers.NonValidated)
            if (!leftHost || !SensitiveHeaders.Contains(header.Key))
                next.Headers.TryAddWithoutValidation(header.Key, header.Value);
        // A Host header of the caller's names the first host; it holds only for redirects that stay there.
        if (!target.IdnHost.Equals(original.RequestUri!.IdnHost, StringComparison.OrdinalIgnoreCase))
            next.Headers.Host = null;
        if (!next.Headers.Contains("Referer") && Referrer(last.RequestUri!, target) is { } referrer)
            next.Headers.TryAddWithoutValidation("Referer", referrer);
        return next;
    }

    /// <summary>The last URL without credentials; none on the way from https to http.</summary>
    private static string? Referrer(Uri last, Uri target) => last.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp
        ? null
        : last.GetComponents(UriComponents.SchemeAndServer | UriComponents.PathAndQuery, UriFormat.UriEscaped);

    /// <summary>Whether a host is <paramref name="first"/> or a subdomain of it; an IP address has no subdomains.</summary>
    internal static bool IsWithin(string host, string first)
    {
        host = host.Trim('[', ']');
        first = first.Trim('[', ']');
        if (host.Equals(first, StringComparison.OrdinalIgnoreCase))
            return true;
        return first.Length > 0 && !host.Contains(':') && !host.Contains('%') && !IPAddress.TryParse(host, out _)
            && host.EndsWith("." + first, StringComparison.OrdinalIgnoreCase);
    }

    private static async ValueTask DrainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            if (response.Content.Headers.ContentLength is > MaxDrainedBytes)
                return;
            try
            {
                var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                await body.ReadAtLeastAsync(new byte[MaxDrainedBytes], MaxDrainedBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                // The redirect itself has been read; a connection that breaks off after it is merely not used again.
            }
        }
    }
}
