namespace ActorMon.Host.CommandLine;

public enum FlagKind : byte
{
    Text,
    Switch,
    Duration,
    Integer,
    Size,
}

/// <summary>What setting a flag does in this version.</summary>
public enum FlagEffect : byte
{
    /// <summary>Takes effect.</summary>
    Works,

    /// <summary>Known, checked and without effect here: a log line says so when it is set.</summary>
    None,
}

/// <summary>One command-line flag: Prometheus' by its own name, or ActorMon's.</summary>
/// <param name="Name">Without the leading dashes.</param>
/// <param name="Default">As text; "" for an empty or derived default.</param>
/// <param name="Reason">Why it has no effect, for the log line; "" when it works.</param>
/// <param name="Hidden">Known, but left out of --help, as in the original.</param>
/// <param name="Min">Least value: of an integer, milliseconds of a duration, bytes of a size.</param>
/// <param name="Max">Largest value, in the same units.</param>
public sealed record Flag(
    string Name, FlagKind Kind, string Default, string Help, FlagEffect Effect = FlagEffect.Works, string Reason = "", bool Repeatable = false, string? AliasOf = null,
    bool Hidden = false, long Min = 0, long Max = long.MaxValue);
