namespace ActorMon.Alerting.Silences;

/// <summary>Why a silence was not taken.</summary>
public enum SilenceRefusal : byte
{
    None,

    /// <summary>The proposal itself is wrong.</summary>
    Invalid,

    /// <summary>Its id is unknown.</summary>
    NotFound,

    /// <summary>A limit of number or size is reached.</summary>
    Limit,
}

/// <summary>What has to be stored for a change of silences, in order; nothing when it was refused.</summary>
/// <param name="Id">The id the silence has afterwards.</param>
public sealed record SilenceDecision(string Id, IReadOnlyList<Silence> Store, SilenceRefusal Refusal = SilenceRefusal.None, string Error = "")
{
    internal static SilenceDecision Refuse(SilenceRefusal refusal, string error) => new("", [], refusal, error);
}

/// <summary>Limits and retention of silences; 0 is no limit.</summary>
public sealed record SilenceLimits(int MaxSilences = 0, int MaxSizeBytes = 0)
{
    /// <summary>How long an ended silence is kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(120);
}
