namespace ActorMon.Templates.Time;

/// <summary>A time zone: UTC, a fixed offset, or one of the machine's zone database.</summary>
public sealed class GoZone
{
    public static readonly GoZone Utc = new("UTC", 0, null);

    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;

    private readonly int _offset;
    private readonly TimeZoneInfo? _rules;

    private GoZone(string name, int offset, TimeZoneInfo? rules)
    {
        Name = name;
        _offset = offset;
        _rules = rules;
    }

    /// <summary>The database's name, or the abbreviation of a fixed offset ("" for none).</summary>
    public string Name { get; }

    /// <summary>A zone by its IANA name; "" and UTC are UTC. Null: there is none of that name.</summary>
    public static GoZone? Find(string name)
    {
        if (name is "" or "UTC")
            return Utc;
        if (name is "Local" || name.StartsWith('/') || name.StartsWith('\\') || name.Contains("..", StringComparison.Ordinal))
            return null;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var rules) ? new GoZone(name, 0, rules) : null;
    }

    public static GoZone Fixed(string abbreviation, int offsetSeconds) => new(abbreviation, offsetSeconds, null);

    /// <summary>Seconds east of UTC at an instant.</summary>
    public int OffsetAt(long unixSeconds) =>
        _rules is null ? _offset : (int)_rules.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(unixSeconds, FirstSecond, LastSecond))).TotalSeconds;

    /// <summary>Seconds east of UTC at a time as clocks of the zone show it; a time that comes twice is taken as the first.</summary>
    public int OffsetAtLocal(long localSeconds)
    {
        if (_rules is null)
            return _offset;
        // The offset before the change decides both for the hour that is skipped and for the one that comes twice.
        var before = OffsetAt(localSeconds - OffsetAt(localSeconds - 86_400));
        var guess = OffsetAt(localSeconds - before);
        return OffsetAt(localSeconds - guess) == guess ? guess : before;
    }

    /// <summary>The abbreviation in force at an instant, or the offset where there is none.</summary>
    public string AbbreviationAt(long unixSeconds)
    {
        if (_rules is null)
            return Name;
        var instant = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(unixSeconds, FirstSecond, LastSecond));
        return _rules.IsDaylightSavingTime(instant) ? _rules.DaylightName : _rules.StandardName;
    }
}
