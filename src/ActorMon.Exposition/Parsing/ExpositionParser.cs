using ActorMon.Model.Exemplars;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;

namespace ActorMon.Exposition.Parsing;

/// <summary>What <see cref="ExpositionParser.Next"/> stands on.</summary>
public enum ExpositionEntry : byte
{
    End,
    Series,
    Histogram,
    Type,
    Help,
    Unit,
    Comment,
}

/// <summary>
/// A pull parser over one scrape body held in memory. Call <see cref="Next"/> until it returns End. Every span handed out points into the body or a reused
/// buffer and is valid until the next call of Next or TryNextKnown. Not thread-safe; reusable through its own Reset. Malformed input: <see cref="ExpositionException"/>.
/// </summary>
public abstract class ExpositionParser
{
    /// <summary>Starts over with another document, which must stay unchanged while it is parsed. Every parser of this room can.</summary>
    public virtual void Reset(ReadOnlyMemory<byte> body) => throw new NotSupportedException("this parser reads one document only");

    /// <summary>Moves to the next entry.</summary>
    /// <exception cref="ExpositionException">The input is malformed here; the message names what was found and where.</exception>
    public abstract ExpositionEntry Next();

    /// <summary>
    /// The scrape cache's fast path. When the next entry is a series whose raw bytes (<see cref="SeriesKey"/>) equal <paramref name="expectedKey"/>, moves to it, parses
    /// value, timestamp and exemplar only, and returns true. Otherwise nothing changes and the caller uses Next. Formats without a raw form always return false.
    /// </summary>
    public virtual bool TryNextKnown(ReadOnlySpan<byte> expectedKey) => false;

    /// <summary>Series, Histogram: the raw bytes that identify the series within a target (name and labels as exposed): the scrape cache's key.</summary>
    public abstract ReadOnlySpan<byte> SeriesKey { get; }

    /// <summary>Series, Histogram: sets the labels (unescaped, the name as __name__, le and quantile normalised) in an emptied builder.</summary>
    public abstract void ReadLabels(LabelSetBuilder into);

    /// <summary>Series: the value.</summary>
    public double Value { get; protected set; }

    /// <summary>Histogram: the value, absolute counts.</summary>
    public NativeHistogram? Histogram { get; protected set; }

    /// <summary>Series, Histogram: the exposed timestamp in ms, or null.</summary>
    public long? TimestampMs { get; protected set; }

    /// <summary>Series, Histogram: the start (created) timestamp in ms, 0 when unknown.</summary>
    public virtual long StartTimestampMs => 0;

    /// <summary>Series, Histogram: adds the entry's exemplars to the list; <c>hasTimestamp</c> false: the scrape's time applies.</summary>
    public virtual void ReadExemplars(List<(Exemplar Exemplar, bool HasTimestamp)> into) { }

    /// <summary>Type, Help, Unit: the family's name, unescaped.</summary>
    public abstract ReadOnlySpan<byte> FamilyName { get; }

    /// <summary>Type: the family's type.</summary>
    public MetricType FamilyType { get; protected set; }

    /// <summary>Help, Unit, Comment: the text, unescaped.</summary>
    public abstract ReadOnlySpan<byte> Text { get; }
}

/// <summary>A scrape body that does not follow its format. The whole scrape fails.</summary>
public sealed class ExpositionException(string message) : FormatException(message);
