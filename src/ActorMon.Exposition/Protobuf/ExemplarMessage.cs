using ActorMon.Exposition.Parsing;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Protobuf;

/// <summary>io.prometheus.client.Exemplar.</summary>
internal static class ExemplarMessage
{
    /// <summary>Decodes the exemplar in the slice, if there is one, and adds it.</summary>
    public static void Add(byte[] source, (int Start, int End) slice, bool timestampNeeded, List<(Exemplar Exemplar, bool HasTimestamp)> into)
    {
        if (slice.End == 0)
            return;
        var labels = new LabelSetBuilder();
        double value = 0;
        long? timestamp = null;
        var reader = new ProtoReader(source, slice.Start, slice.End);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: AddLabel(source, reader.Slice(), labels); break;
                case 2: value = reader.Double(); break;
                case 3: timestamp = TimestampMessage.ReadMs(source, reader.Slice()); break;
                default: reader.Skip(); break;
            }
        }
        if (timestamp is not null || !timestampNeeded)
            into.Add((new Exemplar(labels.Build(), value, new TimestampMs(timestamp ?? 0)), timestamp is not null));
    }

    private static void AddLabel(byte[] source, (int Start, int End) slice, LabelSetBuilder into)
    {
        string name = "", value = "";
        var reader = new ProtoReader(source, slice.Start, slice.End);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = Decode(source, reader.Slice()); break;
                case 2: value = Decode(source, reader.Slice()); break;
                default: reader.Skip(); break;
            }
        }
        into.Set(name, value);
    }

    private static string Decode(byte[] source, (int Start, int End) slice) => ByteText.Decode(source.AsSpan(slice.Start, slice.End - slice.Start));
}
