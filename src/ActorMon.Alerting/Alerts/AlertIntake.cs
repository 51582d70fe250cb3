using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Alerts;

/// <summary>An alert as it was posted; null times were not given.</summary>
public sealed record PostedAlert(
    IReadOnlyList<KeyValuePair<string, string>> Labels, IReadOnlyList<KeyValuePair<string, string>> Annotations, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, string GeneratorUrl);

/// <summary>Makes posted alerts into alerts: fills in times, drops empty labels, refuses what cannot be stored. Rules and texts follow the original's API.</summary>
public static class AlertIntake
{
    /// <summary>The alert, or why it is refused.</summary>
    public static (Alert? Alert, string? Error) Accept(PostedAlert posted, DateTimeOffset now, TimeSpan resolveTimeout, MatcherSyntax syntax)
    {
        var starts = posted.StartsAt ?? posted.EndsAt ?? now;
        var alert = new Alert
        {
            Labels = LabelSet.From(posted.Labels),
            Annotations = LabelSet.From(posted.Annotations),
            StartsAt = starts,
            EndsAt = posted.EndsAt ?? now + resolveTimeout,
            EndsByTimeout = posted.EndsAt is null,
            UpdatedAt = now,
            GeneratorUrl = posted.GeneratorUrl,
        };
        return Check(alert, syntax) is { } error ? (null, error) : (alert, null);
    }

    /// <summary>Null when the alert can be stored.</summary>
    public static string? Check(Alert alert, MatcherSyntax syntax)
    {
        if (alert.EndsAt < alert.StartsAt)
            return "start time must be before end time";
        if (CheckLabels(alert.Labels, syntax) is { } labels)
            return "invalid label set: " + labels;
        if (alert.Labels.Count == 0)
            return "at least one label pair required";
        return CheckLabels(alert.Annotations, syntax) is { } annotations ? "invalid annotations: " + annotations : null;
    }

    private static string? CheckLabels(LabelSet labels, MatcherSyntax syntax)
    {
        foreach (var label in labels.AsSpan())
        {
            if (!LabelNameRules.IsValid(label.Name, syntax))
                return "invalid name " + GoQuote.Quote(label.Name);
            if (!NameValidator.IsValidLabelValue(label.Value))
                return "invalid value " + GoQuote.Quote(label.Value);
        }
        return null;
    }
}
