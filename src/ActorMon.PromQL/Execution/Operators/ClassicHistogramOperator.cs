using System.Globalization;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Functions;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>
/// histogram_quantile, histogram_quantiles and histogram_fraction over classic buckets: series that differ in <c>le</c> alone form one histogram per step.
/// One output per histogram and request (a quantile, or the fraction). Native histograms would need their own arithmetic.
/// </summary>
internal sealed class ClassicHistogramOperator(SeriesOperator input, QueryContext context, TextRange place, IReadOnlyList<HistogramRequest> requests)
    : SeriesOperator(input.Grid)
{
    private readonly OutputTable _outputs = new(input.Grid.Count, context);
    private readonly List<ClassicBucket> _buckets = [];
    private int _next;

    private bool Delayed => context.Features.DelayedNameRemoval;

    public override IReadOnlyList<SeriesHeader> Open()
    {
        foreach (var request in requests)
            request.Open(context.Annotations, Grid.Count);
        var vector = MaterializedVector.From(input, context);
        var histograms = Group(vector);
        foreach (var request in requests)
            foreach (var histogram in histograms)
                Compute(request, histogram);
        vector.Release(context);
        return _outputs.Headers;
    }

    public override void Next(Column into) => into.CopyFrom(_outputs.Columns[_next++]);

    private List<BucketSeries> Group(MaterializedVector vector)
    {
        var bySignature = new Dictionary<LabelSet, BucketSeries>();
        var histograms = new List<BucketSeries>();
        for (var i = 0; i < vector.Columns.Count; i++)
        {
            var (labels, column) = (vector.Headers[i].Labels, vector.Columns[i]);
            if (column.HasHistograms)
            {
                QueryFailure.ThrowHistogramArithmetic("quantiles and fractions");
            }
            var bound = labels.Get(LabelNames.Bucket);
            if (!TryParseBound(bound, out var upperBound))
            {
                context.Annotations.Warn($"bucket label \"le\" is missing or has a malformed value of {GoQuote.Quote(bound)}{ForMetric(labels)}", place);
                continue;
            }
            var signature = labels.Without(LabelNames.Bucket);
            if (!bySignature.TryGetValue(signature, out var histogram))
            {
                bySignature.Add(signature, histogram = new BucketSeries(signature));
                histograms.Add(histogram);
            }
            histogram.Buckets.Add((upperBound, column));
        }
        return histograms;
    }

    private void Compute(HistogramRequest request, BucketSeries histogram)
    {
        Column? output = null;
        for (var step = 0; step < Grid.Count; step++)
        {
            _buckets.Clear();
            foreach (var (bound, column) in histogram.Buckets)
                if (column.Has(step))
                    _buckets.Add(new ClassicBucket(bound, column.Values[step]));
            if (_buckets.Count == 0)
                continue;
            output ??= _outputs.ColumnOf(request.HeaderOf(new SeriesHeader(histogram.Labels).WithoutName(Delayed)));
            if (output.Has(step))
                QueryFailure.ThrowSameLabelSet();
            output.Set(step, request.Compute(step, _buckets, out var forced));
            if (forced is { } change)
                context.Annotations.InformForcedMonotonicity(Delayed ? histogram.Labels.MetricName : "", place, Grid.TimeAt(step), change);
        }
    }

    private string ForMetric(LabelSet labels) =>
        Delayed && labels.MetricName is { Length: > 0 } name ? " for metric name " + GoQuote.Quote(name) : "";

    private static bool TryParseBound(string text, out double bound)
    {
        switch (text)
        {
            case "+Inf" or "Inf" or "inf" or "+inf" or "Infinity" or "+Infinity":
                bound = double.PositiveInfinity;
                return true;
            case "-Inf" or "-inf":
                bound = double.NegativeInfinity;
                return true;
        }
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out bound);
    }

    private sealed class BucketSeries(LabelSet labels)
    {
        public LabelSet Labels { get; } = labels;
        public List<(double UpperBound, Column Column)> Buckets { get; } = [];
    }
}

/// <summary>One number asked of each histogram.</summary>
internal abstract class HistogramRequest
{
    public abstract void Open(AnnotationSet annotations, int steps);

    public abstract double Compute(int step, List<ClassicBucket> buckets, out ForcedMonotonicity? forced);

    public virtual SeriesHeader HeaderOf(SeriesHeader histogram) => histogram;
}

/// <param name="label">histogram_quantiles: the label that gets the quantile; null for histogram_quantile.</param>
internal sealed class QuantileRequest(ScalarOperator quantile, TextRange place, string? label) : HistogramRequest
{
    private double[] _quantiles = [];

    public override void Open(AnnotationSet annotations, int steps)
    {
        _quantiles = quantile.Evaluate();
        foreach (var q in _quantiles)
            if (Quantiles.IsInvalid(q))
                annotations.Warn($"quantile value should be between 0 and 1, got {GoFloat.FormatG(q)}", place);
    }

    public override double Compute(int step, List<ClassicBucket> buckets, out ForcedMonotonicity? forced) =>
        ClassicHistogram.Quantile(_quantiles[step], buckets, out forced);

    public override SeriesHeader HeaderOf(SeriesHeader histogram) => label is null
        ? histogram
        : histogram with { Labels = new LabelSetBuilder(histogram.Labels).Set(label, GoFloat.FormatOpenMetrics(_quantiles.Length > 0 ? _quantiles[0] : 0)).Build() };
}

internal sealed class FractionRequest(ScalarOperator lower, ScalarOperator upper) : HistogramRequest
{
    private double[] _lower = [];
    private double[] _upper = [];

    public override void Open(AnnotationSet annotations, int steps)
    {
        _lower = lower.Evaluate();
        _upper = upper.Evaluate();
    }

    public override double Compute(int step, List<ClassicBucket> buckets, out ForcedMonotonicity? forced)
    {
        forced = null;
        return ClassicHistogram.Fraction(_lower[step], _upper[step], buckets);
    }
}
