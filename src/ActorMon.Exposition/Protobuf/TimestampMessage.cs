namespace ActorMon.Exposition.Protobuf;

/// <summary>google.protobuf.Timestamp.</summary>
internal static class TimestampMessage
{
    /// <summary>Milliseconds since the epoch; the nanoseconds are cut.</summary>
    public static long ReadMs(byte[] source, (int Start, int End) slice)
    {
        long seconds = 0;
        var nanos = 0;
        var reader = new ProtoReader(source, slice.Start, slice.End);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: seconds = (long)reader.UInt64(); break;
                case 2: nanos = (int)reader.UInt64(); break;
                default: reader.Skip(); break;
            }
        }
        return unchecked(seconds * 1000 + nanos / 1_000_000);
    }
}
