namespace ActorMon.Tsdb.Head;

/// <summary>Generations: a head never removes a series, it is replaced by one without those that ended.</summary>
internal sealed partial class PartitionHead
{
    /// <summary>Series that this head's predecessors held and that it does not.</summary>
    public long SeriesRemoved { get; private set; }

    /// <summary>Series that have come since the first generation.</summary>
    public long SeriesSeen => Series.Count + SeriesRemoved;

    /// <summary>
    /// A new head with the samples at t &gt;= <paramref name="beforeTime"/> alone, and with the series, layouts and symbols that these need; this one is as it was and
    /// takes no more. What cannot change is shared: open rows, blocks, exemplars, metadata. Costs about a microsecond a series, and the encoding anew of blocks
    /// that the time divides. long.MinValue: every sample stays, series that never had one go.
    /// </summary>
    /// <remarks>The symbols' generation is counted for the new head; the caller leaves this one's when nothing appends to it any more.</remarks>
    public PartitionHead Without(long beforeTime)
    {
        var next = new PartitionHead(Series.Symbols.Generations.Next(Series.Symbols), limits)
        {
            FloatSamples = FloatSamples,
            HistogramSamples = HistogramSamples,
            Floor = Floor,
            _metadata = _metadata,
            _metadataShared = true,
            _nextLooseDrop = _nextLooseDrop,
        };
        _metadataShared = true;
        var kept = Layouts.From(beforeTime);
        var recent = new HashSet<int>();
        foreach (var (series, exemplar) in _exemplars.Snapshot().All())
            if (exemplar.Timestamp.Value >= beforeTime)
                recent.Add(series);
        var copier = new Index.SeriesCopier(Series, next.Series);
        var numbers = new int[Series.Count];
        for (var series = 0; series < numbers.Length; series++)
        {
            var loose = Series.Row(series).Loose;
            var isLoose = loose >= 0 && Loose.HasFrom(loose, beforeTime);
            if (!isLoose && !Layouts.Has(kept, series) && !recent.Contains(series))
            {
                numbers[series] = -1;
                continue;
            }
            numbers[series] = copier.Copy(series);
            if (isLoose)
                next.Series.Row(numbers[series]).Loose = next.Loose.Carry(Loose, loose, beforeTime);
        }
        next.Layouts.Carry(Layouts, kept, numbers);
        next._exemplars.Carry(_exemplars, numbers);
        next.SeriesRemoved = SeriesRemoved + Series.Count - next.Series.Count;
        next.FindRange();
        return next;
    }

    /// <summary>All of it as it is now, to be written elsewhere.</summary>
    public HeadImage Image()
    {
        Loose.TrimLog();
        _metadataShared = true;
        return new HeadImage
        {
            Series = Series,
            SeriesCount = Series.Count,
            Layouts = Layouts.Views(),
            Open = Layouts.Open(),
            Homes = Layouts.Homes,
            HomeCount = Layouts.Homes.Count,
            Loose = Loose.View(),
            Exemplars = _exemplars.Snapshot(),
            Metadata = _metadata,
            Floor = Floor,
        };
    }

    /// <summary>A sealed block of a layout (recovery).</summary>
    public void AddBlock(LayoutState layout, LayoutBlock block, long samples)
    {
        Layouts.AddBlock(layout, block);
        FloatSamples += samples;
        Seen(block.MinTime);
        Seen(block.MaxTime);
    }

    /// <summary>Loose samples that came sealed (recovery); <see cref="FindRange"/> follows.</summary>
    public void CountLoose(long floats, long histograms)
    {
        FloatSamples += floats;
        HistogramSamples += histograms;
    }

    /// <summary>Finds the oldest and newest sample anew.</summary>
    public void FindRange()
    {
        var (layoutMin, layoutMax) = Layouts.Range();
        var (looseMin, looseMax) = Loose.Range();
        MinTime = Math.Max(Floor, Math.Min(layoutMin, looseMin));
        MaxTime = Math.Max(layoutMax, looseMax);
        if (layoutMin == long.MaxValue && looseMin == long.MaxValue)
            (MinTime, MaxTime) = (long.MaxValue, long.MinValue);
    }
}
