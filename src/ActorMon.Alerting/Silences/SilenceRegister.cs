using ActorMon.Alerting.Acknowledgements;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Silences.Recurring;

namespace ActorMon.Alerting.Silences;

/// <summary>All that people say about what is not to be told: silences, those that recur, and who looks after which alert. Not thread-safe.</summary>
public sealed class SilenceRegister(SilenceLimits limits, MatcherSyntax syntax)
{
    /// <summary>How long before it begins an occurrence of a recurring silence is listed as a silence.</summary>
    public static readonly TimeSpan Lead = TimeSpan.FromDays(1);

    public SilenceBook Silences { get; } = new(limits, syntax);

    public RecurringSilenceBook Recurring { get; } = new(Lead, limits.Retention);

    public AcknowledgementBook Acknowledged { get; } = new();
}
