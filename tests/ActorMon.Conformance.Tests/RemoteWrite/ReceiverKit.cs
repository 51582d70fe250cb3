using System.Text.Json;
using ActorMon.Testing;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.RemoteWrite;

/// <summary>How the receiver suite's table is read: for the decoder alone and for the receiver behind HTTP.</summary>
internal static class ReceiverKit
{
    public static IEnumerable<JsonElement> Cases(params string[] groups) =>
        ConformanceData.Json("remote-write", "receiver-cases.json").GetProperty("cases").EnumerateArray().Where(c => groups.Contains(c.GetProperty("group").GetString()));

    public static string Name(JsonElement @case) => $"{@case.GetProperty("group").GetString()}/{@case.GetProperty("name").GetString()}";

    /// <summary>The wire's number of a metric type.</summary>
    public static ulong WireNumber(string type) => (ulong)Array.IndexOf(["UNSPECIFIED", "COUNTER", "GAUGE", "HISTOGRAM", "GAUGEHISTOGRAM", "SUMMARY", "INFO", "STATESET"], type);

    /// <summary>The histogram that a case describes by switches.</summary>
    public static WireMessage Histogram(JsonElement @case, long time)
    {
        bool Has(string name) => @case.GetProperty(name).GetBoolean();
        var (histogram, count) = (new WireMessage(), 0UL);
        if (Has("useCustomBuckets"))
        {
            // Deltas of the fixture: counts 2 3 5 8 7 5.
            histogram.Signed(4, -53).PackedDouble(16, 0.1, 0.5, 1, 2.5, 5, 10).Message(11, new WireMessage().Varint(2, 6)).PackedSigned(12, 2, 1, 2, 3, -1, -2);
            count += 30;
        }
        else if (Has("includePositive"))
        {
            histogram.Message(11, new WireMessage().Varint(2, 3)).Message(11, new WireMessage().Signed(1, 2).Varint(2, 2)).PackedSigned(12, 1, 2, 1, 3, 1);
            count += 23;
        }
        if (Has("includeNegative"))
        {
            histogram.Message(8, new WireMessage().Varint(2, 2)).PackedSigned(9, 1, 1);
            count += 3;
        }
        if (Has("includeZero"))
        {
            histogram.Varint(6, 1);
            count++;
        }
        var isBad = @case.TryGetProperty("badCount", out var bad) && bad.GetBoolean();
        return histogram.Varint(1, isBad ? 99 : count).Double(3, 12.5).Varint(15, (ulong)time);
    }
}
