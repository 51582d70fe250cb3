using System.Globalization;
using System.Text;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Tests.Engine;

/// <summary>Results as texts that are equal when the results are.</summary>
internal static class ExactText
{
    /// <summary>What it cost, as the peer counts.</summary>
    public static string OfCounts(QueryStats stats) => string.Create(
        CultureInfo.InvariantCulture,
        $"{stats.TotalQueryableSamples} {stats.SamplesRead} {stats.PeakSamples} [{string.Join(",", stats.TotalPerStep ?? [])}] [{string.Join(",", stats.ReadPerStep ?? [])}]");

    /// <summary>Everything a result says, numbers by their bits.</summary>
    public static string Of(QueryResult result)
    {
        var text = new StringBuilder();
        text.Append(result.Error).Append('|').AppendJoin(';', result.Warnings).Append('|').AppendJoin(';', result.Infos).Append('\n');
        switch (result.Value)
        {
            case VectorValue vector:
                for (var i = 0; i < vector.Count; i++)
                    Append(text, vector.Series[i], [vector.Time], [vector.Values[i]]);
                break;
            case MatrixValue matrix:
                foreach (var series in matrix.Series)
                    Append(text, series.Labels, series.Times, series.Values);
                break;
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, LabelSet labels, long[] times, double[] values)
    {
        text.Append(labels);
        for (var i = 0; i < times.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $" {BitConverter.DoubleToInt64Bits(values[i]):x}@{times[i]}");
        text.Append('\n');
    }
}
