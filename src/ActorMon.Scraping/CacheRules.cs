using ActorMon.Model.Relabelling;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Targets;

namespace ActorMon.Scraping;

/// <summary>Whether a changed job leaves the labels of every cached series as they are, so that the cache survives a reload.</summary>
internal static class CacheRules
{
    public static bool Same(ScrapeJob a, ScrapeTarget targetA, ScrapeJob b, ScrapeTarget targetB) =>
        a.HonorLabels == b.HonorLabels
        && a.NameValidation == b.NameValidation
        && a.LabelLimit == b.LabelLimit
        && a.LabelNameLengthLimit == b.LabelNameLengthLimit
        && a.LabelValueLengthLimit == b.LabelValueLengthLimit
        && targetA.ConvertClassicHistograms == targetB.ConvertClassicHistograms
        && targetA.AlwaysScrapeClassicHistograms == targetB.AlwaysScrapeClassicHistograms
        && targetA.ScrapeNativeHistograms == targetB.ScrapeNativeHistograms
        && SameRules(a.MetricRelabelRules, b.MetricRelabelRules);

    private static bool SameRules(IReadOnlyList<RelabelRule> a, IReadOnlyList<RelabelRule> b)
    {
        if (a.Count != b.Count)
            return false;
        for (var i = 0; i < a.Count; i++)
            if (!Same(a[i], b[i]))
                return false;
        return true;
    }

    private static bool Same(RelabelRule a, RelabelRule b) =>
        a.Action == b.Action
        && a.Separator == b.Separator
        && a.Regex.Pattern == b.Regex.Pattern
        && a.Modulus == b.Modulus
        && a.TargetLabel == b.TargetLabel
        && a.Replacement == b.Replacement
        && a.SourceLabels.AsSpan().SequenceEqual(b.SourceLabels);
}
