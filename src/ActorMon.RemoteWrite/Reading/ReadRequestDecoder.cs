using ActorMon.Model.Matchers;
using ActorMon.Model.Text;
using ActorMon.RemoteWrite.Wire;

namespace ActorMon.RemoteWrite.Reading;

/// <summary>Reads a prometheus.ReadRequest message.</summary>
public static class ReadRequestDecoder
{
    /// <summary>Queries of one request; the original has no limit but the size of the body.</summary>
    public const int MaxQueries = 10_000;

    /// <summary>Null: what is wrong is in <paramref name="error"/>.</summary>
    public static ReadRequest? Decode(ReadOnlySpan<byte> message, out string error)
    {
        var queries = new List<ReadQuery>();
        var types = new List<ReadResponseType>();
        var reader = new WireReader(message);
        while (reader.TryNext())
        {
            if (reader.Field == 1)
                queries.Add(Query(ref reader));
            else if (reader.Field == 2)
                Types(ref reader, types);
            else
                reader.Skip();
        }
        error = reader.Error ?? (queries.Count > MaxQueries ? $"{queries.Count} queries in one request; the limit is {MaxQueries}" : "");
        return error.Length == 0 ? new ReadRequest(queries, types) : null;
    }

    private static ReadQuery Query(ref WireReader outer)
    {
        var reader = new WireReader(outer.BytesField("Queries"));
        long start = 0, end = 0;
        var matchers = new List<ReadMatcher>();
        while (reader.TryNext())
        {
            switch (reader.Field)
            {
                case 1: start = (long)reader.VarintField("StartTimestampMs"); break;
                case 2: end = (long)reader.VarintField("EndTimestampMs"); break;
                case 3: matchers.Add(Matcher(ref reader)); break;
                default: reader.Skip(); break;
            }
        }
        outer.Adopt(reader.Error);
        return new ReadQuery(start, end, matchers);
    }

    private static ReadMatcher Matcher(ref WireReader outer)
    {
        var reader = new WireReader(outer.BytesField("Matchers"));
        ulong type = 0;
        string name = "", value = "";
        while (reader.TryNext())
        {
            switch (reader.Field)
            {
                case 1: type = reader.VarintField("Type"); break;
                case 2: name = ByteText.Decode(reader.BytesField("Name")); break;
                case 3: value = ByteText.Decode(reader.BytesField("Value")); break;
                default: reader.Skip(); break;
            }
        }
        outer.Adopt(reader.Error ?? (type > 3 ? "invalid matcher type" : null));
        var op = type switch { 1 => MatchOperator.NotEqual, 2 => MatchOperator.Regex, 3 => MatchOperator.NotRegex, _ => MatchOperator.Equal };
        return new ReadMatcher(op, name, value);
    }

    /// <summary>An enum list, packed or not.</summary>
    private static void Types(ref WireReader reader, List<ReadResponseType> into)
    {
        if (reader.Type == WireType.Varint)
        {
            into.Add((ReadResponseType)(int)reader.VarintField("AcceptedResponseTypes"));
            return;
        }
        var packed = new WireReader(reader.BytesField("AcceptedResponseTypes"));
        while (packed.TryReadPacked(out var type))
            into.Add((ReadResponseType)(int)type);
        reader.Adopt(packed.Error);
    }
}
