using ActorMon.Model.Bytes;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>
/// Series and their samples as the content of <see cref="ReadFrameKinds.Series"/> frames. Texts and times that one frame has told are known in all later ones of the answer
/// until a frame says that it begins anew. A series' samples come in runs, which may go on in the next frame. Drawn in docs/formats/link.md.
/// <code>
/// frame: flags (1: texts begin anew, 2: times begin anew), then entries
/// entry: 1 | labels                                                                    a series
///        2 | count | times | flags (1: histograms, 2: start times) | [bitmap of the histograms] | values of the others | [length, histogram each] | [start times]
/// </code>
/// </summary>
public sealed class SeriesFrameWriter
{
    /// <summary>Most samples of one run.</summary>
    public const int MaxRun = 16_384;

    internal const byte SeriesEntry = 1;
    internal const byte RunEntry = 2;
    internal const byte TextsAnew = 1;
    internal const byte TimesAnew = 2;
    internal const byte HasHistograms = 1;
    internal const byte HasStartTimes = 2;

    private const int MaxTexts = 1 << 18;
    private const long MaxTimeBytes = 16 << 20;

    private readonly ByteWriter _content = new(64 << 10);
    private readonly LabelStreamWriter _labels = new();
    private readonly TimeStreamWriter _times = new();
    private double[] _floats = [];

    public SeriesFrameWriter() => Begin();

    public bool IsFull => _content.Length >= ReadFrameKinds.FullBytes;

    public bool IsEmpty => _content.Length <= 1;

    /// <summary>The content of the frame under way; valid until <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> Content => _content.Written;

    /// <summary>Begins the next frame.</summary>
    public void Begin()
    {
        _content.Clear();
        byte flags = 0;
        if (_labels.Texts > MaxTexts)
        {
            _labels.Reset();
            flags |= TextsAnew;
        }
        if (_times.Bytes > MaxTimeBytes)
        {
            _times.Reset();
            flags |= TimesAnew;
        }
        _content.Byte(flags);
    }

    /// <summary>Begins a series; its runs follow.</summary>
    public void Series(LabelSet labels)
    {
        _content.Byte(SeriesEntry);
        _labels.Write(_content, labels);
    }

    /// <summary>Samples [first, first + count) of the series begun last, 1 &lt;= count &lt;= <see cref="MaxRun"/>.</summary>
    public void Run(SampleBuffer samples, int first, int count)
    {
        _content.Byte(RunEntry);
        _content.Number((ulong)count);
        _times.Write(_content, samples.Times.Slice(first, count));
        _content.Byte((byte)((samples.HasHistograms ? HasHistograms : 0) | (samples.HasStartTimes ? HasStartTimes : 0)));
        if (samples.HasHistograms)
            Mixed(samples, first, count);
        else
            ValueRun.Write(_content, samples.Values.Slice(first, count));
        if (!samples.HasStartTimes)
            return;
        long before = 0;
        foreach (var start in samples.StartTimes.Slice(first, count))
        {
            _content.Signed(unchecked(start - before));
            before = start;
        }
    }

    private void Mixed(SampleBuffer samples, int first, int count)
    {
        var bitmap = _content.Append((count + 7) / 8);
        bitmap.Clear();
        if (_floats.Length < count)
            _floats = new double[MaxRun];
        var floats = 0;
        for (var i = 0; i < count; i++)
        {
            if (samples.HistogramAt(first + i) is null)
                _floats[floats++] = samples.Values[first + i];
            else
                bitmap[i >> 3] |= (byte)(1 << (i & 7));
        }
        if (floats > 0)
            ValueRun.Write(_content, _floats.AsSpan(0, floats));
        for (var i = 0; i < count; i++)
            if (samples.HistogramAt(first + i) is { } histogram)
                Histogram(histogram);
    }

    private void Histogram(NativeHistogram histogram)
    {
        Span<byte> small = stackalloc byte[512];
        var size = HistogramCodec.MaxSize(histogram);
        var room = size <= small.Length ? small : new byte[size];
        var length = HistogramCodec.Encode(histogram, room);
        _content.Number((ulong)length);
        _content.Bytes(room[..length]);
    }
}
