using ActorMon.Model.Labels;
using ActorMon.PromQL.Ast;
using ActorMon.Rules.Templating;

namespace ActorMon.Rules.Groups;

/// <summary>
/// One rule ready to run: parsed once, immutable. Two rules are the same when their definitions are (expressions in the peer's normal form).
/// </summary>
public abstract class Rule
{
    /// <summary>The recorded metric, or the alert's name.</summary>
    public required string Name { get; init; }
    public required Expr Expression { get; init; }

    /// <summary>The expression in the peer's normal form.</summary>
    public required string ExpressionText { get; init; }

    /// <summary>The rule's own labels over those of its group, templates unexpanded.</summary>
    public required LabelSet Labels { get; init; }

    /// <summary>True when the other rule would do the same.</summary>
    public virtual bool SameAs(Rule other) =>
        other.GetType() == GetType() && other.Name == Name && other.ExpressionText == ExpressionText && other.Labels.Equals(Labels);
}

/// <summary>Writes the result of its expression as series of its name.</summary>
public sealed class RecordingRule : Rule;

/// <summary>Holds an alert for each series of its expression's result.</summary>
public sealed class AlertingRule : Rule
{
    /// <summary>A series must be in the result for this long before its alert fires.</summary>
    public required TimeSpan For { get; init; }

    /// <summary>An alert fires for this long after its series has left the result.</summary>
    public required TimeSpan KeepFiringFor { get; init; }

    /// <summary>Templates unexpanded.</summary>
    public required LabelSet Annotations { get; init; }

    /// <summary>Beside <see cref="Rule.Labels"/>, by index.</summary>
    public required TemplatedText[] LabelTexts { get; init; }

    /// <summary>Beside <see cref="Annotations"/>, by index.</summary>
    public required TemplatedText[] AnnotationTexts { get; init; }

    /// <summary>No label depends on the sample's value or on a query, so equal samples give equal alerts.</summary>
    public required bool HasPlainLabels { get; init; }

    /// <summary>No annotation has to be expanded.</summary>
    public required bool HasPlainAnnotations { get; init; }

    /// <summary>What a partial result may decide.</summary>
    public required bool SurvivesMissingData { get; init; }

    public override bool SameAs(Rule other) => base.SameAs(other) && other is AlertingRule alerting
        && alerting.For == For && alerting.KeepFiringFor == KeepFiringFor && alerting.Annotations.Equals(Annotations);
}
