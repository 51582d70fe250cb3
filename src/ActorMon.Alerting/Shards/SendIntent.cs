using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using ActorMon.Alerting.Alerts;
using ActorMon.Alerting.Groups;
using ActorMon.Alerting.Notifications;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Alerting.Shards;

/// <summary>One integration of a group's receiver: what the notification log is kept by.</summary>
/// <param name="Group">The text that names the group.</param>
/// <param name="Type">Such as "webhook".</param>
/// <param name="Index">Place among the receiver's integrations of the type, from 0.</param>
public sealed record SendKey(string Group, string Receiver, string Type, int Index);

/// <summary>What is about to be sent; written before it is.</summary>
public sealed record SendIntent
{
    public required SendKey Key { get; init; }
    public required string RouteId { get; init; }
    public required LabelSet GroupLabels { get; init; }
    public required NotificationReason Reason { get; init; }

    /// <summary>What to log once it is sent. Its alerts are those of the message, but for resolved ones when these are not to be told.</summary>
    public required NotificationLogEntry Entry { get; init; }

    /// <summary>False: the message is of the firing alerts alone.</summary>
    public required bool SendResolved { get; init; }

    /// <summary>When the entry may be forgotten.</summary>
    public required DateTimeOffset Expires { get; init; }

    public required string IdempotencyKey { get; init; }

    /// <summary>The alerts to tell, in order. Not written: a shard that begins anew finds them among its alerts.</summary>
    public IReadOnlyList<Alert> Message { get; init; } = [];

    public GroupKey GroupKey => new(RouteId, GroupLabels);

    /// <summary>
    /// 32 hexadecimal digits that follow from what is told to whom and from what was told before: whoever decides the same again, on whichever node, gives the same key.
    /// </summary>
    public static string KeyOf(SendKey key, NotificationLogEntry? last, NotificationLogEntry next)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        foreach (var text in (ReadOnlySpan<string>)[key.Group, key.Receiver, key.Type, key.Index.ToString(CultureInfo.InvariantCulture)])
        {
            var bytes = ByteText.Encode(text);
            BinaryPrimitives.WriteInt64LittleEndian(number, bytes.Length);
            hash.AppendData(number);
            hash.AppendData(bytes);
        }
        BinaryPrimitives.WriteInt64LittleEndian(number, last?.Timestamp?.ToUnixTimeMilliseconds() ?? 0);
        hash.AppendData(number);
        foreach (var alerts in (ReadOnlySpan<IReadOnlySet<ulong>>)[next.Firing, next.Resolved])
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, alerts.Count);
            hash.AppendData(number);
            foreach (var alert in alerts.Order())
            {
                BinaryPrimitives.WriteUInt64LittleEndian(number, alert);
                hash.AppendData(number);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}

/// <summary>An entry of the notification log, and when it may be forgotten.</summary>
public sealed record LoggedSend(NotificationLogEntry Entry, DateTimeOffset Expires);
