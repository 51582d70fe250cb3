using System.Globalization;
using System.Text;
using ActorMon.Model.Text;
using ActorMon.Model.Time;
using ActorMon.Rules.UnitTests;
using ActorMon.Tool.Tsdb;

namespace ActorMon.Tool.Rules;

/// <summary>Failures of unit tests in promtool's words.</summary>
internal static class UnitTestText
{
    private const string Inner = "            ";

    public static string Of(UnitTestFailure failure, bool diff) => failure switch
    {
        TestUnusable unusable => unusable.Text,
        RuleFailed rule => $"    rule: {rule.Rule}, time: {GoText.Duration(rule.At.Value)}, err: {rule.Error}",
        AlertsDiffer alerts => Alerts(alerts, diff),
        ExpressionFailed failed => $"    expr: {GoQuote.Quote(failed.Expression)}, time: {PrometheusDuration.Format(failed.At)}, err: {failed.Error}",
        SamplesDiffer samples => $"    expr: {GoQuote.Quote(samples.Expression)}, time: {PrometheusDuration.Format(samples.At)},\n"
            + $"        exp: {Samples(samples.Expected)}\n        got: {Samples(samples.Got)}",
        _ => failure.ToString()!,
    };

    private static string Alerts(AlertsDiffer alerts, bool diff)
    {
        var head = (alerts.Test.Length > 0 ? $"    name: {alerts.Test},\n" : "")
            + $"    alertname: {alerts.AlertName}, time: {PrometheusDuration.Format(alerts.At)}, \n";
        return diff
            ? $"{head}        diff: {Indent(AlertDiff.Of(alerts.Expected, alerts.Got), Inner)}"
            : $"{head}        exp:{Indent(List(alerts.Expected), Inner)}, \n        got:{Indent(List(alerts.Got), Inner)}";
    }

    private static string List(IReadOnlyList<TestAlert> alerts)
    {
        if (alerts.Count == 0)
            return "[]";
        var text = new StringBuilder("[\n");
        for (var i = 0; i < alerts.Count; i++)
            text.Append(i > 0 ? ",\n" : "").Append(CultureInfo.InvariantCulture, $"{i}:\n  Labels:{alerts[i].Labels}\n  Annotations:{alerts[i].Annotations}");
        return text.Append("\n]").ToString();
    }

    private static string Samples(IReadOnlyList<TestSample> samples) =>
        samples.Count == 0 ? "nil" : string.Join(", ", samples.Select(s => $"{s.Labels} {(s.Histogram.Length > 0 ? s.Histogram : Exponent(s.Value))}"));

    private static string Indent(string lines, string by) => lines.Replace("\n", "\n" + by, StringComparison.Ordinal);

    /// <summary>Go's 'E' with the shortest digits: 1.5E+01.</summary>
    private static string Exponent(double value)
    {
        if (!double.IsFinite(value))
            return GoFloat.FormatG(value);
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        for (var digits = 0; digits < 17; digits++)
        {
            var shorter = value.ToString("E" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.Parse(shorter, CultureInfo.InvariantCulture) != value)
                continue;
            text = shorter;
            break;
        }
        // .NET writes three digits of the exponent, Go at least two.
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        return text[mark + 2] == '0' ? text[..(mark + 2)] + text[(mark + 3)..] : text;
    }
}
