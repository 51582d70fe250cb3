using System.Net;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Layouts;
using ActorMon.Scraping.Targets;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Scraping.Tests.Support;

/// <summary>One target that answers what a test says, its scraper, and a partition that stores what comes out. Times in tests are seconds: one scrape each 15.</summary>
internal sealed class ScrapeBench : HttpMessageHandler
{
    public const string Text = "text/plain; version=0.0.4";
    public const string OpenMetrics = "application/openmetrics-text; version=1.0.0";
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly HttpMessageInvoker _client;
    private HttpStatusCode _status = HttpStatusCode.OK;
    private byte[] _body = [];
    private string _contentType = Text;

    public ScrapeBench(Func<ScrapeJob, ScrapeJob>? job = null, Func<ScraperOptions, ScraperOptions>? options = null, LabelSet? labels = null)
    {
        Time = new FakeTimeProvider(Start);
        _client = new HttpMessageInvoker(this);
        Job = (job ?? (j => j))(new ScrapeJob { Name = "j", Interval = TimeSpan.FromSeconds(15), Timeout = TimeSpan.FromSeconds(10) });
        var target = TargetBuilder.Build(Job, labels ?? LabelSet.Of("__address__", "h:1"));
        Assert.Equal("", target.Error);
        Numbers = new LayoutNumbers(new WriterId(7));
        Scraper = new TargetScraper(target.Target!, Job, (options ?? (o => o))(new ScraperOptions { Partitions = 4 }), _client, Numbers, Time);
    }

    public FakeTimeProvider Time { get; }
    public ScrapeJob Job { get; }
    public LayoutNumbers Numbers { get; }
    public TargetScraper Scraper { get; }
    public FakePartition Partition { get; } = new();
    public int Requests { get; private set; }
    public TimestampMs Now => TimestampMs.From(Time.GetUtcNow());

    /// <summary>One scrape of the body, 15 s after the one before; its batches are stored and confirmed.</summary>
    public async Task<ScrapeOutcome> Scrape(string body, string contentType = Text, HttpStatusCode status = HttpStatusCode.OK)
    {
        var outcome = await ScrapeOnly(System.Text.Encoding.UTF8.GetBytes(body), contentType, status);
        Store(outcome.Batches);
        return outcome;
    }

    public async Task<ScrapeOutcome> ScrapeOnly(byte[] body, string contentType = Text, HttpStatusCode status = HttpStatusCode.OK)
    {
        (_body, _contentType, _status) = (body, contentType, status);
        Time.Advance(TimeSpan.FromSeconds(15));
        return await Scraper.ScrapeAsync(Now, default);
    }

    public void Store(IEnumerable<SampleBatch> batches)
    {
        foreach (var batch in batches)
        {
            Assert.True(Partition.Write(batch), "the layout is unknown");
            Scraper.Confirm(batch, ok: true);
            batch.Release();
        }
    }

    public void Configure(ScrapeJob job) => Scraper.Configure(TargetBuilder.Build(job, LabelSet.Of("__address__", "h:1")).Target!, job, _client);

    /// <summary>What is stored of a series at a time (default: now): a number, "stale" or "" for nothing.</summary>
    public string At(string series, TimestampMs? time = null)
    {
        if (!Partition.Samples.TryGetValue((series, (time ?? Now).Value), out var value))
            return "";
        return SpecialValues.IsStale(value) ? "stale" : value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Series text with the target's labels, sorted.</summary>
    public static string Series(string name, params string[] labels) => LabelSet.Of(["__name__", name, "instance", "h:1", "job", "j", .. labels]).ToString();

    /// <summary>Everything stored at the current time but the report series.</summary>
    public List<string> Stored() => [.. Partition.Samples.Where(s => s.Key.Time == Now.Value && !IsReport(s.Key.Series)).Select(s => $"{s.Key.Series} {(SpecialValues.IsStale(s.Value) ? "stale" : s.Value)}")];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        var content = new ByteArrayContent(_body);
        if (_contentType.Length > 0)
            content.Headers.TryAddWithoutValidation("Content-Type", _contentType);
        return Task.FromResult(new HttpResponseMessage(_status) { Content = content });
    }

    private static bool IsReport(string series) => series.Contains("__name__=\"up\"", StringComparison.Ordinal) || series.Contains("__name__=\"scrape_", StringComparison.Ordinal);
}
