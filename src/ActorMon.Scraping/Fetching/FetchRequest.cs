using System.Globalization;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Targets;

namespace ActorMon.Scraping.Fetching;

/// <summary>
/// What is asked of a target at every scrape, made once. The request object is sent again and again (the clients of ActorMon.Http allow that, one send at a time),
/// so a scrape builds no headers.
/// </summary>
public sealed class FetchRequest
{
    public FetchRequest(ScrapeTarget target, ScrapeJob job, ScraperOptions options)
    {
        Timeout = target.Timeout;
        Url = target.Url;
        UrlText = target.UrlText;
        BodyLimit = job.BodySizeLimit > 0 ? job.BodySizeLimit : long.MaxValue;
        NodeLimit = options.MaxBodyBytes;
        Message = new HttpRequestMessage(HttpMethod.Get, target.Url);
        Add("Accept", AcceptHeader.Of(job.Protocols, job.NameEscaping));
        Add("Accept-Encoding", job.EnableCompression ? "gzip" : "identity");
        Add("User-Agent", options.UserAgent);
        Add("X-Prometheus-Scrape-Timeout-Seconds", target.Timeout.TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
    }

    public HttpRequestMessage Message { get; }

    /// <summary>Null: the target's URL is none.</summary>
    public Uri? Url { get; }
    public string UrlText { get; }

    /// <summary>Connect, headers and body.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The job's body_size_limit: a body of this many uncompressed bytes or more fails.</summary>
    public long BodyLimit { get; }

    /// <summary>The node's own limit, likewise.</summary>
    public long NodeLimit { get; }

    private void Add(string name, string value) => Message.Headers.TryAddWithoutValidation(name, value);
}
