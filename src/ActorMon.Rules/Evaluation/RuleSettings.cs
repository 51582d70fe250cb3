using ActorMon.Model.Labels;

namespace ActorMon.Rules.Evaluation;

/// <summary>What rules take from the server's configuration and flags. Defaults are the original's.</summary>
public sealed record RuleSettings
{
    public static readonly RuleSettings Default = new();

    /// <summary>Global rule_query_offset: of groups that name none.</summary>
    public TimeSpan QueryOffset { get; init; }

    /// <summary>--rules.alert.resend-delay.</summary>
    public TimeSpan ResendDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>--rules.alert.for-grace-period: least time between a restart and a restored alert's firing; rules with a shorter <c>for</c> are not restored.</summary>
    public TimeSpan ForGracePeriod { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>--rules.alert.for-outage-tolerance: how far back states are looked for.</summary>
    public TimeSpan OutageTolerance { get; init; } = TimeSpan.FromHours(1);

    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    /// <summary>--web.external-url; "" when there is none.</summary>
    public string ExternalUrl { get; init; } = "";

    /// <summary>Of queries that templates ask; they cannot use what is off for rules.</summary>
    public PromQL.Parsing.ParserOptions Parser { get; init; } = PromQL.Parsing.ParserOptions.Default;
}
