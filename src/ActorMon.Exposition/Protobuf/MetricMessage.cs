using System.Text.Unicode;
using ActorMon.Exposition.Parsing;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Protobuf;

/// <summary>A decoded io.prometheus.client.Metric, reused from metric to metric.</summary>
internal sealed class MetricMessage
{
    public List<(int NameStart, int NameEnd, int ValueStart, int ValueEnd)> Labels { get; } = [];
    public List<(double Quantile, double Value)> Quantiles { get; } = [];
    public HistogramMessage Histogram { get; } = new();

    /// <summary>The value of a counter, gauge or untyped metric.</summary>
    public double Value { get; private set; }
    public double SummaryCount { get; private set; }
    public double SummarySum { get; private set; }

    /// <summary>0: none given.</summary>
    public long TimestampMs { get; private set; }

    /// <summary>Start of a counter or summary, 0: none given. Histograms hold their own.</summary>
    public long StartTimestampMs { get; private set; }

    /// <summary>The exemplar of a counter; End 0: none.</summary>
    public (int Start, int End) Exemplar { get; private set; }

    public void Read(byte[] source, int start, int end, FamilyType type)
    {
        Labels.Clear();
        Quantiles.Clear();
        Histogram.Reset();
        Value = SummaryCount = SummarySum = 0;
        TimestampMs = StartTimestampMs = 0;
        Exemplar = default;
        var reader = new ProtoReader(source, start, end);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    ReadLabel(source, reader.Slice());
                    break;
                case 6:
                    TimestampMs = (long)reader.UInt64();
                    break;
                case 2 when type == FamilyType.Gauge:
                case 5 when type == FamilyType.Untyped:
                case 3 when type == FamilyType.Counter:
                    ReadValue(source, reader.Slice());
                    break;
                case 4 when type == FamilyType.Summary:
                    ReadSummary(source, reader.Slice());
                    break;
                case 7 when type is FamilyType.Histogram or FamilyType.GaugeHistogram:
                    var (from, to) = reader.Slice();
                    Histogram.Read(source, from, to);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadLabel(byte[] source, (int Start, int End) slice)
    {
        (int Start, int End) name = default, value = default;
        var reader = new ProtoReader(source, slice.Start, slice.End);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Slice(); break;
                case 2: value = reader.Slice(); break;
                default: reader.Skip(); break;
            }
        }
        var nameBytes = source.AsSpan(name.Start, name.End - name.Start);
        if (nameBytes.IsEmpty || !Utf8.IsValid(nameBytes))
            ParseErrors.Plain($"invalid label name: {ByteText.Decode(nameBytes)}");
        var valueBytes = source.AsSpan(value.Start, value.End - value.Start);
        if (!Utf8.IsValid(valueBytes))
            ParseErrors.Plain($"invalid label value: {ByteText.Decode(valueBytes)}");
        Labels.Add((name.Start, name.End, value.Start, value.End));
    }

    /// <summary>Counter, Gauge and Untyped share the value's tag; the others are the counter's.</summary>
    private void ReadValue(byte[] source, (int Start, int End) slice)
    {
        var reader = new ProtoReader(source, slice.Start, slice.End);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: Value = reader.Double(); break;
                case 2: Exemplar = reader.Slice(); break;
                case 3: StartTimestampMs = TimestampMessage.ReadMs(source, reader.Slice()); break;
                default: reader.Skip(); break;
            }
        }
    }

    private void ReadSummary(byte[] source, (int Start, int End) slice)
    {
        var reader = new ProtoReader(source, slice.Start, slice.End);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: SummaryCount = reader.UInt64(); break;
                case 2: SummarySum = reader.Double(); break;
                case 3: Quantiles.Add(ReadQuantile(source, reader.Slice())); break;
                case 4: StartTimestampMs = TimestampMessage.ReadMs(source, reader.Slice()); break;
                default: reader.Skip(); break;
            }
        }
    }

    private static (double Quantile, double Value) ReadQuantile(byte[] source, (int Start, int End) slice)
    {
        double quantile = 0, value = 0;
        var reader = new ProtoReader(source, slice.Start, slice.End);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: quantile = reader.Double(); break;
                case 2: value = reader.Double(); break;
                default: reader.Skip(); break;
            }
        }
        return (quantile, value);
    }
}
