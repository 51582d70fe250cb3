using ActorMon.Model.Labels;

namespace ActorMon.Model.Ingest;

/// <summary>Why a new series is not taken: a limit of active series is reached.</summary>
/// <param name="Text">A whole sentence with value, limit and setting.</param>
/// <param name="Setting">The key that sets the limit.</param>
/// <param name="Limit">Active series allowed.</param>
/// <param name="Series">Active series there are.</param>
public sealed record SeriesRefusal(string Text, string Setting, long Limit, long Series);

/// <summary>
/// Decides at the entry whether a series that is new to the node may be stored; asked once in a series' life, by scrapers and writers, before they hand it over. What is
/// stored already is always taken. Thread-safe.
/// </summary>
public interface ISeriesAdmission
{
    /// <summary>Another number than before: a series that was refused may be taken now, so asking again makes sense.</summary>
    uint Generation { get; }

    /// <summary>Null: taken, and counted as active from now on; the caller writes it soon or calls <see cref="Withdraw"/>.</summary>
    /// <param name="hash">StableHash of the labels.</param>
    SeriesRefusal? Admit(LabelSet series, ulong hash);

    /// <summary>Series just taken, by their hashes, will not be written after all.</summary>
    void Withdraw(ReadOnlySpan<ulong> hashes);
}

/// <summary>Takes every series.</summary>
public sealed class OpenAdmission : ISeriesAdmission
{
    public static readonly OpenAdmission Instance = new();

    public uint Generation => 0;

    public SeriesRefusal? Admit(LabelSet series, ulong hash) => null;

    public void Withdraw(ReadOnlySpan<ulong> hashes)
    {
    }
}
