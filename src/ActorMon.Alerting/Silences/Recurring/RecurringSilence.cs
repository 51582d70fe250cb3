using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ActorMon.Alerting.Matchers;
using ActorMon.Model.Labels;

namespace ActorMon.Alerting.Silences.Recurring;

/// <summary>A silence that comes again. Each time it comes is a silence of its own in the book, made a while before it begins, so all that silences can do holds for it.</summary>
public sealed record RecurringSilence
{
    /// <summary>The annotation by which a silence names the recurring one that it is an occurrence of.</summary>
    public const string Annotation = "recurring_silence";

    /// <summary>A UUID.</summary>
    public required string Id { get; init; }
    public required IReadOnlyList<MatcherSet> MatcherSets { get; init; }
    public required RecurringSchedule Schedule { get; init; }
    /// <summary>As it was given.</summary>
    public string TimeZone { get; init; } = "";
    public required DateTimeOffset UpdatedAt { get; init; }
    public string CreatedBy { get; init; } = "";
    public string Comment { get; init; } = "";

    /// <summary>The next time, or the one that is now; null: it never comes again.</summary>
    public Occurrence? Next(DateTimeOffset now)
    {
        foreach (var occurrence in Schedule.After(now))
            return occurrence;
        return null;
    }

    /// <summary>True when a silence was made as an occurrence: people choose annotations, never ids.</summary>
    public static bool IsOccurrence(Silence silence) => silence.Annotations.Has(Annotation) && silence.Id.Length == 36 && silence.Id[14] == '8';

    /// <summary>The silence of one occurrence. Its id follows from the recurring one's id and its start: making it twice makes it once.</summary>
    public Silence At(Occurrence occurrence, DateTimeOffset now) => new()
    {
        Id = IdOf(occurrence.StartsAt),
        MatcherSets = MatcherSets,
        StartsAt = occurrence.StartsAt,
        EndsAt = occurrence.EndsAt,
        UpdatedAt = now,
        CreatedBy = CreatedBy,
        Comment = Comment,
        Annotations = LabelSet.Of(Annotation, Id),
    };

    /// <summary>Name-based, RFC 9562 version 8.</summary>
    private string IdOf(DateTimeOffset start)
    {
        Span<byte> name = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Id.Length) + sizeof(long)];
        var length = Encoding.UTF8.GetBytes(Id, name);
        BinaryPrimitives.WriteInt64BigEndian(name[length..], start.ToUnixTimeMilliseconds());
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name[..(length + sizeof(long))], hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString();
    }
}
