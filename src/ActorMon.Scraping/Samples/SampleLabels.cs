using ActorMon.Model.Labels;
using ActorMon.Model.Relabelling;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Scraping.Samples;

/// <summary>
/// Exposed labels -> labels of the stored series: target labels by the rule of honor_labels, then metric relabelling (Prometheus' mutateSampleLabels). Works on a reused
/// builder; runs only for series the cache does not know.
/// </summary>
internal sealed class SampleLabels(LabelSet target, ScrapeJob job)
{
    private readonly List<Label> _conflicts = [];

    /// <summary>False: relabelling drops the series.</summary>
    /// <param name="exposed">The labels as exposed; the result afterwards.</param>
    /// <param name="rawKey">The series as exposed: labels written with an empty value show only there.</param>
    public bool Apply(LabelSetBuilder exposed, ReadOnlySpan<byte> rawKey)
    {
        if (job.HonorLabels)
            AddAbsent(exposed, rawKey);
        else
            AddOver(exposed);
        return Relabeller.Apply(exposed, job.MetricRelabelRules, job.NameValidation) && exposed.Count > 0;
    }

    private void AddAbsent(LabelSetBuilder exposed, ReadOnlySpan<byte> rawKey)
    {
        foreach (ref readonly var label in target.AsSpan())
            if (!exposed.Has(label.Name) && !EmptyLabelScan.Has(rawKey, label.Name))
                exposed.Set(label.Name, label.Value);
    }

    private void AddOver(LabelSetBuilder exposed)
    {
        _conflicts.Clear();
        foreach (ref readonly var label in target.AsSpan())
        {
            var taken = exposed.Get(label.Name);
            if (taken.Length > 0)
                _conflicts.Add(new Label(label.Name, taken));
            exposed.Set(label.Name, label.Value);
        }
        if (_conflicts.Count == 0)
            return;
        // Shorter names first, others in label order (List.Sort is not stable, and there are few).
        for (var i = 1; i < _conflicts.Count; i++)
            for (var j = i; j > 0 && _conflicts[j].Name.Length < _conflicts[j - 1].Name.Length; j--)
                (_conflicts[j], _conflicts[j - 1]) = (_conflicts[j - 1], _conflicts[j]);
        foreach (var conflict in _conflicts)
        {
            var name = LabelNames.ExportedPrefix + conflict.Name;
            while (exposed.Has(name))
                name = LabelNames.ExportedPrefix + name;
            exposed.Set(name, conflict.Value);
        }
    }
}
