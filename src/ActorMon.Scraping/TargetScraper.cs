using ActorMon.Exposition.Parsing;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Scraping.Fetching;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Layouts;
using ActorMon.Scraping.Reports;
using ActorMon.Scraping.Samples;
using ActorMon.Scraping.Targets;

namespace ActorMon.Scraping;

/// <summary>
/// Scrapes one target: fetch, parse, relabel, limits, staleness, report series -> batches. One scrape at a time; all other members may be called at any time, also while
/// one runs (a lock is held while series change, never while waiting for the network).
/// </summary>
public sealed class TargetScraper
{
    private readonly Lock _lock = new();
    private readonly ScraperOptions _options;
    private readonly TimeProvider _time;
    private readonly TargetSeries _series;
    private readonly Dictionary<ExpositionFormat, ExpositionParser> _parsers = [];
    private readonly Dictionary<ExpositionFormat, RawKeyLabels> _rawKeys = [];
    private readonly LabelSetBuilder _builder = new();
    private HttpMessageInvoker _client;
    private FetchRequest _request;
    private ScrapeTarget _target;
    private ScrapeJob _job;
    private SampleAppender _appender;
    private ExpositionFormat _format;
    private TimestampMs _last = TimestampMs.Min;
    private int _lastBodyBytes;
    private int _running;

    /// <param name="client">Of the job, or of the target's unix socket; stays the caller's.</param>
    /// <param name="numbers">The node's.</param>
    public TargetScraper(ScrapeTarget target, ScrapeJob job, ScraperOptions options, HttpMessageInvoker client, LayoutNumbers numbers, TimeProvider time)
    {
        (_target, _job, _options, _client, _time) = (target, job, options, client, time);
        _series = new TargetSeries(target.Labels, options, numbers) { LabelsOfEntry = LabelsOfEntry };
        _appender = new SampleAppender(_series, target.Labels, job, options);
        _request = new FetchRequest(target, job, options);
    }

    public ScrapeTarget Target => _target;

    /// <summary>Timestamp of the last finished scrape; <see cref="TimestampMs.Min"/> before the first.</summary>
    public TimestampMs LastTimestamp => _last;

    /// <summary>Not "": every scrape fails with this text and asks nothing of the target (target_limit).</summary>
    public string ForcedError { get; set; } = "";

    /// <summary>Series in the cache, and the memory it and the layouts hold.</summary>
    public (int Series, long Bytes) CacheSize
    {
        get
        {
            lock (_lock)
            {
                var bytes = _series.Cache.Bytes;
                foreach (var output in _series.Outputs)
                    bytes += output.Layout.Bytes;
                return (_series.Cache.Count, bytes);
            }
        }
    }

    /// <summary>
    /// One scrape. Whatever the target does, the result is an outcome with batches; only giving up (shutdown, move) throws, and then nothing has changed.
    /// </summary>
    /// <param name="scheduled">The timestamp of the samples (<see cref="Timing.ScrapeSchedule.SampleTime"/>); moved behind the last one if it is not.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ScrapeOutcome> ScrapeAsync(TimestampMs scheduled, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _running, 1) != 0)
            throw new InvalidOperationException($"a scrape of {_target.UrlText} is running");
        try
        {
            var started = _time.GetTimestamp();
            var fetched = ForcedError is { Length: > 0 } forced
                ? FetchResult.Failed(forced)
                : await ScrapeFetcher.FetchAsync(_client, _request, _lastBodyBytes, _time, cancellation);
            using (fetched.Body)
                lock (_lock)
                    return Finish(fetched, scheduled, started);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    /// <summary>A batch's fate, before it is released. <paramref name="ok"/> false: it was given up; its stale markers and metadata are said again.</summary>
    public void Confirm(SampleBatch batch, bool ok)
    {
        lock (_lock)
            _series.Confirm(batch, ok);
    }

    /// <summary>A partition does not know the target's layout: the next scrape brings a new one with all its labels.</summary>
    public void ResetLayout(PartitionId partition)
    {
        lock (_lock)
            _series.ResetLayout(partition);
    }

    /// <summary>
    /// The samples of a refused batch with their labels, outside any layout; to be called before <see cref="ResetLayout"/> for each batch in flight. The refused batch is
    /// still to be released.
    /// </summary>
    public SampleBatch ToLoose(SampleBatch refused)
    {
        lock (_lock)
            return _series.ToLoose(refused);
    }

    /// <summary>Series that the target had when another node scraped it: those that do not come at the next scrape end there.</summary>
    public void Adopt(IReadOnlyCollection<LabelSet> present)
    {
        lock (_lock)
            _series.Adopt(present);
    }

    /// <summary>Series that <see cref="EndOfTarget"/> ended.</summary>
    public int EndedWithTarget { get; private set; }

    /// <summary>The target is gone for good: stale markers for all its series, report series included. No batch when it was never scraped.</summary>
    public IReadOnlyList<SampleBatch> EndOfTarget(TimestampMs time)
    {
        lock (_lock)
        {
            if (_last == TimestampMs.Min)
                return [];
            time = After(time);
            _series.Begin();
            _series.Fail(time);
            _series.EndReports(time);
            _last = time;
            var batches = _series.Build(time);
            EndedWithTarget = _series.Ended;
            return batches;
        }
    }

    /// <summary>True when a scraper of this target can go on as one of <paramref name="other"/>: same URL, same labels on its series.</summary>
    public bool Continues(ScrapeTarget other) => other.UrlText == _target.UrlText && other.Labels.Equals(_target.Labels);

    /// <summary>
    /// The job has changed. The cache is kept when the labels of the series come out the same; otherwise it is filled anew, and series whose labels changed end by the
    /// next scrape.
    /// </summary>
    /// <param name="target">The same target, perhaps with another interval or timeout (<see cref="Continues"/>).</param>
    public void Configure(ScrapeTarget target, ScrapeJob job, HttpMessageInvoker client)
    {
        if (!Continues(target))
            throw new ArgumentException($"{target.UrlText} is another target than {_target.UrlText}", nameof(target));
        lock (_lock)
        {
            if (!CacheRules.Same(_job, _target, job, target))
                _series.Cache.Clear();
            (_target, _job, _client) = (target, job, client);
            _parsers.Clear();
            _appender = new SampleAppender(_series, target.Labels, job, _options);
            _request = new FetchRequest(target, job, _options);
        }
    }

    /// <summary>Families that are remembered.</summary>
    public int MetadataCount
    {
        get
        {
            lock (_lock)
                return _series.Metadata.Count;
        }
    }

    /// <summary>Type, help and unit of the target's families.</summary>
    public FamilyMetadata[] ListMetadata()
    {
        lock (_lock)
            return _series.Metadata.List();
    }

    private ScrapeOutcome Finish(in FetchResult fetched, TimestampMs scheduled, long started)
    {
        var time = After(scheduled);
        _series.Begin();
        _appender.Begin();
        var error = fetched.Error;
        var warning = "";
        var body = fetched.Body?.Written ?? default;
        if (error.Length == 0 && !body.IsEmpty)
        {
            error = Append(body, fetched.ContentType, time, out warning);
            _lastBodyBytes = body.Length;
        }
        var counters = _appender.Counters;
        if (error.Length > 0)
            _series.Fail(time);
        else
            counters.CacheFlushed = _series.Commit(time, flush: !body.IsEmpty);
        counters.BodySizeLimitExceeded = fetched.Fault == FetchFault.BodySizeLimit;
        var bodyBytes = fetched.Fault == FetchFault.BodySizeLimit ? -1 : body.Length;
        var duration = _time.GetElapsedTime(started);
        var extra = _job.ExtraScrapeMetrics || _options.ExtraScrapeMetrics;
        _series.Report(
            new ReportValues(error.Length == 0 ? 1 : 0, duration.TotalSeconds, _appender.Total, _appender.PostRelabelling, _appender.Added,
                _target.Timeout.TotalSeconds, _job.SampleLimit, bodyBytes),
            extra ? ReportSeries.All.Length : ReportSeries.Ordinary);
        _last = time;
        var batches = _series.Build(time);
        return new ScrapeOutcome
        {
            Timestamp = time,
            Error = error,
            Warning = warning,
            Duration = duration,
            SamplesScraped = _appender.Total,
            SamplesPostRelabelling = _appender.PostRelabelling,
            SeriesAdded = _appender.Added,
            BodyBytes = bodyBytes,
            Counters = counters,
            SeriesEnded = error.Length == 0 ? _series.Ended : 0,
            Refusal = _appender.Refusal,
            Batches = batches,
        };
    }

    private string Append(ReadOnlyMemory<byte> body, string contentType, TimestampMs time, out string warning)
    {
        var format = ExpositionParsers.Choose(contentType, Fallback(), out var problem);
        warning = format is null ? "" : problem ?? "";
        if (format is not { } chosen)
            return problem ?? "";
        _format = chosen;
        if (!_parsers.TryGetValue(chosen, out var parser))
            _parsers[chosen] = parser = ExpositionParsers.Create(chosen, new ExpositionOptions(
                _target.ScrapeNativeHistograms, _target.AlwaysScrapeClassicHistograms, _target.ConvertClassicHistograms,
                _options.StartTimestampZeroSamples, _options.TypeAndUnitLabels));
        var mayHaveExemplars = chosen != ExpositionFormat.PrometheusText;
        return _appender.Append(parser, body, mayHaveExemplars, time, _last, TimestampMs.From(_time.GetUtcNow()));
    }

    private ExpositionFormat? Fallback() => _job.FallbackProtocol switch
    {
        null => null,
        ScrapeProtocol.PrometheusProto => ExpositionFormat.Protobuf,
        ScrapeProtocol.OpenMetricsText0_0_1 or ScrapeProtocol.OpenMetricsText1_0_0 => ExpositionFormat.OpenMetrics,
        _ => ExpositionFormat.PrometheusText,
    };

    private TimestampMs After(TimestampMs time) => time > _last ? time : new TimestampMs(_last.Value + 1);

    private LabelSet? LabelsOfEntry(int entry)
    {
        // Type and unit labels are not in the key.
        if (_options.TypeAndUnitLabels)
            return null;
        if (!_rawKeys.TryGetValue(_format, out var reader))
            _rawKeys[_format] = reader = new RawKeyLabels(_format);
        var key = _series.Cache.Key(entry);
        return reader.TryRead(key, _series.Cache[entry].Type, _builder) && _appender.ApplyRules(_builder, key) ? _builder.Build() : null;
    }
}
