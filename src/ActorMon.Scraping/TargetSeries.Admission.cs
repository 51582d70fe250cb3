using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;

namespace ActorMon.Scraping;

/// <summary>Limits of active series: a series is asked for once, before it gets a slot or a loose row; report series are not asked for.</summary>
internal sealed partial class TargetSeries
{
    // Of the running scrape, to be given back when it fails.
    private readonly List<ulong> _admitted = [];

    /// <summary>Of the admission at the begin of the running scrape: what was refused at this one need not ask again.</summary>
    public uint AdmissionGeneration { get; private set; }

    /// <summary>Null: the series may be stored.</summary>
    public SeriesRefusal? Admit(LabelSet series)
    {
        var hash = StableHash.Of(series);
        var refusal = _options.Admission.Admit(series, hash);
        if (refusal is null)
            _admitted.Add(hash);
        return refusal;
    }

    private void BeginAdmission()
    {
        _admitted.Clear();
        // One large scrape must not keep its list for ever.
        if (_admitted.Capacity > 4096)
            _admitted.Capacity = 0;
        AdmissionGeneration = _options.Admission.Generation;
    }

    private void WithdrawAdmitted()
    {
        _options.Admission.Withdraw(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_admitted));
        _admitted.Clear();
    }
}
