using ActorMon.Exposition.Parsing;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Names;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Scraping.Caching;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Layouts;

namespace ActorMon.Scraping.Samples;

/// <summary>
/// One body -> samples of a target's series, by the rules of its job (Prometheus' scrapeLoop.append). Known series with values go from the text straight into columns;
/// everything else takes the longer way. Errors are texts; the caller then takes back what was done.
/// </summary>
internal sealed partial class SampleAppender
{
    public const string SampleLimitError = "sample limit exceeded";

    private readonly TargetSeries _series;
    private readonly ScraperOptions _options;
    private readonly ScrapeJob _job;
    private readonly LabelLimits _labelLimits;
    private readonly HistogramLimits _histogramLimits;
    private readonly SampleLabels _rules;
    private readonly NameValidation _names;
    private readonly LabelSetBuilder _builder = new();
    private readonly List<(Exemplar Exemplar, bool HasTimestamp)> _exemplars = [];

    // Of the running scrape.
    private ExpositionParser _parser = null!;
    private long _time;
    private long _lastTime;
    private long _latestTime;
    private long _limited;
    private bool _readExemplars;
    private MetricType _type;
    private LabelSet? _labels;
    private ScrapeCounters _counters;

    public SampleAppender(TargetSeries series, LabelSet target, ScrapeJob job, ScraperOptions options)
    {
        (_series, _job, _options) = (series, job, options);
        _labelLimits = new LabelLimits(job);
        _histogramLimits = new HistogramLimits(job);
        _rules = new SampleLabels(target, job);
        _names = job.NameValidation;
    }

    public int Total { get; private set; }
    public int PostRelabelling { get; private set; }
    public int Added { get; private set; }
    public ScrapeCounters Counters => _counters;

    /// <summary>Why a series was refused in this scrape, the last one; null also when all refused ones were refused in an earlier scrape.</summary>
    public SeriesRefusal? Refusal { get; private set; }

    /// <summary>Labels of the series by the job's rules; false: dropped.</summary>
    public bool ApplyRules(LabelSetBuilder exposed, ReadOnlySpan<byte> rawKey) => _rules.Apply(exposed, rawKey);

    public void Begin()
    {
        Total = PostRelabelling = Added = 0;
        _counters = default;
        _limited = 0;
        Refusal = null;
    }

    /// <param name="time">Of samples without their own timestamp.</param>
    /// <param name="last">Of the scrape before.</param>
    /// <param name="now">The wall clock, for samples of the future.</param>
    /// <returns>"" or why the whole scrape fails.</returns>
    public string Append(ExpositionParser parser, ReadOnlyMemory<byte> body, bool mayHaveExemplars, TimestampMs time, TimestampMs last, TimestampMs now)
    {
        (_parser, _time, _lastTime, _latestTime) = (parser, time.Value, last.Value, (now + _options.MaxAhead).Value);
        _readExemplars = mayHaveExemplars && _options.Exemplars;
        _type = MetricType.Unknown;
        string error;
        try
        {
            parser.Reset(body);
            error = Run();
        }
        catch (ExpositionException e)
        {
            error = e.Message;
        }
        if (error.Length > 0)
            return error;
        return _counters.SampleLimitExceeded ? SampleLimitError : _counters.BucketLimitExceeded ? HistogramLimits.BucketLimitError : "";
    }

    private string Run()
    {
        var cache = _series.Cache;
        var parser = _parser;
        var scrape = cache.Scrape;
        var honorTimestamps = _job.HonorTimestamps;
        // Exemplars and start timestamps hang on samples; then every sample takes the long way.
        var direct = !_readExemplars && !_options.StartTimestampZeroSamples;
        while (true)
        {
            var expected = cache.Expected();
            if (expected >= 0 && parser.TryNextKnown(cache.Key(expected)))
            {
                ref var entry = ref cache[expected];
                if (direct && entry.Kind == EntryKind.Kept && entry.Slot >= 0 && entry.LastScrape != scrape && (!honorTimestamps || parser.TimestampMs is null))
                {
                    cache.TakeExpected(expected);
                    SetKnown(ref entry, parser.Value);
                    continue;
                }
                var again = entry.LastScrape == scrape;
                cache.TakeExpected(expected);
                if (Sample(expected, added: false, again, histogram: false) is { Length: > 0 } error)
                    return error;
                continue;
            }
            switch (parser.Next())
            {
                case ExpositionEntry.End:
                    return "";
                case ExpositionEntry.Type:
                    _type = parser.FamilyType;
                    _series.Metadata.SetType(parser.FamilyName, parser.FamilyType, scrape);
                    break;
                case ExpositionEntry.Help:
                    _series.Metadata.SetHelp(parser.FamilyName, parser.Text, scrape);
                    break;
                case ExpositionEntry.Unit:
                    _series.Metadata.SetUnit(parser.FamilyName, parser.Text, scrape);
                    break;
                case ExpositionEntry.Series:
                    if (Found(histogram: false) is { Length: > 0 } seriesError)
                        return seriesError;
                    break;
                case ExpositionEntry.Histogram:
                    if (Found(histogram: true) is { Length: > 0 } histogramError)
                        return histogramError;
                    break;
            }
        }
    }

    private void SetKnown(ref SeriesEntry entry, double value)
    {
        Total++;
        PostRelabelling++;
        var isNew = entry.LastScrape < _series.Cache.LastSuccess;
        entry.LastScrape = _series.Cache.Scrape;
        if (IsOverSampleLimit())
            return;
        if (isNew)
            Added++;
        if (_series.Outputs[entry.Output].Layout.Set(entry.Slot, value) == SetOutcome.Conflict)
            _counters.Duplicates++;
    }

    private string Found(bool histogram)
    {
        var cache = _series.Cache;
        // Beyond the limit nothing new is remembered: the scrape fails, only its counts are wanted.
        if (_counters.SampleLimitExceeded && cache.Find(_parser.SeriesKey) < 0)
            return CountOnly();
        var entry = cache.FindOrAdd(_parser.SeriesKey, out var added);
        return Sample(entry, added, !added && cache[entry].LastScrape == cache.Scrape, histogram);
    }

    private string CountOnly()
    {
        Total++;
        _labels = null;
        var error = ReadLabels(out var kept);
        if (kept)
            PostRelabelling++;
        return error;
    }

    private string Sample(int id, bool added, bool again, bool histogram)
    {
        Total++;
        _labels = null;
        ref var entry = ref _series.Cache[id];
        var isNew = added || entry.LastScrape < _series.Cache.LastSuccess;
        entry.LastScrape = _series.Cache.Scrape;
        if (entry.Kind == EntryKind.Unresolved && Resolve(ref entry) is { Length: > 0 } error)
            return error;
        if (entry.Kind == EntryKind.Dropped)
            return "";
        PostRelabelling++;
        var exposed = _job.HonorTimestamps ? _parser.TimestampMs : null;
        if (again && exposed is null)
        {
            _counters.Duplicates++;
            return "";
        }
        NativeHistogram? value = null;
        if (histogram && !TryLimit(_parser.Histogram!, out value))
            return "";
        if (IsOverSampleLimit())
            return "";
        var time = exposed ?? _time;
        if (time > _latestTime)
        {
            _counters.OutOfBounds++;
            return "";
        }
        if (entry.Slot < 0 && entry.Loose < 0 && !IsAdmitted(ref entry))
            return "";
        if (_options.StartTimestampZeroSamples)
            AddStart(id, ref entry, time, isNew, value);
        var stored = value is null && exposed is null ? SetColumn(id, ref entry) : AddLoose(id, ref entry, time, exposed is not null, value);
        if (!stored)
            return "";
        if (isNew && !_counters.BucketLimitExceeded)
            Added++;
        if (_readExemplars)
            AddExemplars(ref entry, time, histogram);
        return "";
    }

    private bool IsOverSampleLimit()
    {
        if (_job.SampleLimit <= 0 || ++_limited <= _job.SampleLimit)
            return false;
        _counters.SampleLimitExceeded = true;
        return true;
    }

    private bool TryLimit(NativeHistogram histogram, out NativeHistogram? value)
    {
        value = _histogramLimits.Apply(histogram);
        if (value is null)
        {
            _counters.BucketLimitExceeded = true;
            return false;
        }
        // A target must not be able to write stale markers.
        if (SpecialValues.IsStale(value.Sum))
            value = value with { Sum = SpecialValues.NormalNaN };
        return true;
    }

    private double Value => double.IsNaN(_parser.Value) ? SpecialValues.NormalNaN : _parser.Value;

    private bool SetColumn(int id, ref SeriesEntry entry)
    {
        var layout = _series.Outputs[entry.Output].Layout;
        if (entry.Slot < 0)
        {
            var labels = Labels();
            entry.Slot = layout.FindOrAdd(StableHash.Of(labels), labels);
            _series.OldEntriesChanged |= id < _series.Cache.CommittedCount;
        }
        if (layout.Set(entry.Slot, Value) != SetOutcome.Conflict)
            return true;
        _counters.Duplicates++;
        return false;
    }

    private bool AddLoose(int id, ref SeriesEntry entry, long time, bool exposedTime, NativeHistogram? histogram)
    {
        if (entry.Loose < 0)
        {
            entry.Loose = _series.Loose.FindOrAdd(Labels(), entry.Output);
            _series.OldEntriesChanged |= id < _series.Cache.CommittedCount;
        }
        ref var row = ref _series.Loose.Change(entry.Loose);
        var cameBefore = row.LastScrape == _series.Cache.Scrape;
        row.LastScrape = _series.Cache.Scrape;
        row.Live |= !exposedTime || _job.TrackTimestampsStaleness;
        if (!exposedTime && cameBefore)
        {
            _counters.Duplicates++;
            return false;
        }
        if (exposedTime && !IsInOrder(ref row, time, histogram is null ? BitConverter.DoubleToInt64Bits(Value) : BitConverter.DoubleToInt64Bits(histogram.Count)))
            return false;
        _series.Outputs[entry.Output].Loose.Add(new LooseSample(row.Labels, new TimestampMs(time), histogram is null ? Value : 0, histogram));
        return true;
    }

    /// <summary>Exposed timestamps are admitted here: the same sample again is nothing, a late one waits for nobody.</summary>
    private bool IsInOrder(ref LooseRow row, long time, long bits)
    {
        if (time == row.LastTime)
        {
            if (bits != row.LastBits)
                _counters.Duplicates++;
            return false;
        }
        if (row.LastTime != long.MinValue && time < row.LastTime - (long)_options.OutOfOrderWindow.TotalMilliseconds)
        {
            _counters.OutOfOrder++;
            return false;
        }
        if (time > row.LastTime)
            (row.LastTime, row.LastBits) = (time, bits);
        return true;
    }
}
