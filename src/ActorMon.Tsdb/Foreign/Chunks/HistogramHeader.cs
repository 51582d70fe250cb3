using ActorMon.Model.Histograms;

namespace ActorMon.Tsdb.Foreign.Chunks;

/// <summary>
/// The three bytes before a histogram chunk's data. Plain: number of samples (2 bytes), counter reset in the highest two bits of the third. With start timestamps:
/// counter reset and number share the first two bytes, the third is the <see cref="StartTimes"/> header.
/// </summary>
internal readonly struct HistogramHeader
{
    public const int Bytes = 3;
    private const int Gauge = 0b11;

    private readonly int _reset;

    private HistogramHeader(int count, int reset, byte starts)
    {
        Count = count;
        _reset = reset;
        Starts = new StartTimes(starts);
    }

    public int Count { get; }
    public StartTimes Starts { get; }

    public static HistogramHeader Plain(ReadOnlySpan<byte> data) => new(ForeignChunk.Count(data, Bytes), data[2] >> 6, 0);

    public static HistogramHeader WithStarts(ReadOnlySpan<byte> data)
    {
        var number = ForeignChunk.Count(data, Bytes);
        return new HistogramHeader(number & 0x3fff, number >> 14, data[2]);
    }

    /// <summary>
    /// Within a chunk nothing was reset. Of the first sample the header's word is not taken: the chunk before it may be gone, or have come later.
    /// </summary>
    public CounterResetHint HintOf(int index) =>
        _reset == Gauge ? CounterResetHint.Gauge
        : index > 0 ? CounterResetHint.NotReset
        : CounterResetHint.Unknown;
}
