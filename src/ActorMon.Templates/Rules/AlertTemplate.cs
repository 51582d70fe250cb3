using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Templates.Functions;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Rules;

/// <summary>Templates of an alerting rule's labels and annotations: they begin with $labels, $externalLabels, $externalURL and $value.</summary>
public static class AlertTemplate
{
    private const string Definitions =
        "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}";

    private static readonly TemplateType Data = new("struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }", ValueKind.Object)
    {
        Fields = [new("Labels"), new("ExternalLabels"), new("ExternalURL"), new("Value")],
    };

    /// <summary>Compiles a label's or annotation's text; its name in messages is <c>__alert_RULE</c>.</summary>
    /// <param name="error">The original's text when false.</param>
    public static bool TryCompile(string rule, string text, [NotNullWhen(true)] out PrometheusTemplate? template, [NotNullWhen(false)] out TemplateError? error) =>
        PrometheusTemplate.TryCompile("__alert_" + rule, Definitions + text, isConsole: false, out template, out error);

    /// <summary>What the template of one element of the rule's result runs over.</summary>
    public static TemplateValue DataOf(LabelSet labels, LabelSet externalLabels, string externalUrl, double value, NativeHistogram? histogram) =>
        new ObjectValue(Data, [PrometheusFunctions.LabelsOf(labels), PrometheusFunctions.LabelsOf(externalLabels), externalUrl, PrometheusFunctions.ValueOf(value, histogram)]);

    /// <summary>What stands in the place of a text that failed to expand.</summary>
    public static string TextOf(TemplateResult result) => result.Output ?? $"<error expanding template: {result.Error!.Message}>";
}
