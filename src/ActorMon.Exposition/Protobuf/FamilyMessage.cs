using System.Text.Unicode;
using ActorMon.Exposition.Parsing;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Protobuf;

/// <summary>io.prometheus.client.MetricType.</summary>
internal enum FamilyType : byte
{
    Counter = 0,
    Gauge = 1,
    Summary = 2,
    Untyped = 3,
    Histogram = 4,
    GaugeHistogram = 5,
}

/// <summary>The head of an io.prometheus.client.MetricFamily and where its metrics lie; reused from family to family.</summary>
internal sealed class FamilyMessage
{
    public (int Start, int End) Name { get; private set; }
    public (int Start, int End) Help { get; private set; }
    public (int Start, int End) Unit { get; private set; }
    public FamilyType Type { get; private set; }
    public List<(int Start, int End)> Metrics { get; } = [];

    public void Read(byte[] source, int start, int end)
    {
        Name = Help = Unit = default;
        Metrics.Clear();
        ulong type = 0;
        var reader = new ProtoReader(source, start, end);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: Name = reader.Slice(); break;
                case 2: Help = reader.Slice(); break;
                case 3: type = reader.UInt64(); break;
                case 4: Metrics.Add(reader.Slice()); break;
                case 5: Unit = reader.Slice(); break;
                default: reader.Skip(); break;
            }
        }
        // A family without metrics vanishes, whatever else is wrong with it.
        if (Metrics.Count > 0)
            Check(source, type);
        Type = (FamilyType)type;
    }

    private void Check(byte[] source, ulong type)
    {
        var name = source.AsSpan(Name.Start, Name.End - Name.Start);
        if (name.IsEmpty || !Utf8.IsValid(name))
            ParseErrors.Plain($"invalid metric name: {ByteText.Decode(name)}");
        var help = source.AsSpan(Help.Start, Help.End - Help.Start);
        if (!Utf8.IsValid(help))
            ParseErrors.Plain($"invalid help for metric {ParseErrors.Quote(name)}: {ByteText.Decode(help)}");
        if (type > (ulong)FamilyType.GaugeHistogram)
            ParseErrors.Plain($"unknown metric type for metric {ParseErrors.Quote(name)}: {type}");
    }
}
