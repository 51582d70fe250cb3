using ActorMon.Model.Text;

namespace ActorMon.Model.Histograms;

/// <summary>One bucket: its bounds, which of them belong to it, its index (0 and meaningless for the zero bucket) and its count.</summary>
public readonly record struct HistogramBucket(double Lower, double Upper, bool LowerInclusive, bool UpperInclusive, int Index, double Count)
{
    /// <summary>Text as <c>(1,2]:5</c>.</summary>
    public override string ToString() =>
        $"{(LowerInclusive ? '[' : '(')}{GoFloat.FormatG(Lower)},{GoFloat.FormatG(Upper)}{(UpperInclusive ? ']' : ')')}:{GoFloat.FormatG(Count)}";
}
