using System.Globalization;
using ActorMon.Configuration.Units;
using ActorMon.Model.Time;
using Akka.Configuration;

namespace ActorMon.Host.Node;

/// <summary>Reads values of a node's HOCON. What is missing or out of its range is a <see cref="ConfigurationException"/> that names key, value and range.</summary>
internal static class SettingReader
{
    public static string Text(Config config, string key) =>
        config.HasPath(key) && !config.GetValue(key).IsObject() ? config.GetString(key) : throw new ConfigurationException($"{key} has no value");

    public static int Integer(Config config, string key, int min, int max)
    {
        var text = Text(config, key);
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new ConfigurationException($"{key} = {text} is not a whole number in {min}..{max}");
    }

    /// <summary>on or off.</summary>
    public static bool Switch(Config config, string key) => Text(config, key) switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        var text => throw new ConfigurationException($"{key} = {text} is neither \"on\" nor \"off\""),
    };

    /// <summary>A duration of either sign, at most <paramref name="limit"/> long.</summary>
    public static TimeSpan Offset(Config config, string key, TimeSpan limit)
    {
        var text = Text(config, key);
        return PrometheusDuration.TryParseAllowNegative(text, out var offset, out _) && offset.Duration() <= limit
            ? offset
            : throw new ConfigurationException($"{key} = {text} is not a duration in -{limit.TotalHours.ToString(CultureInfo.InvariantCulture)}h..{limit.TotalHours.ToString(CultureInfo.InvariantCulture)}h");
    }

    public static double Share(Config config, string key)
    {
        var text = Text(config, key);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0.01 and <= 1
            ? value
            : throw new ConfigurationException($"{key} = {text} is not a number in 0.01..1");
    }

    /// <summary>1 ms to 1 h, and not below the value of <paramref name="floor"/>.</summary>
    public static TimeSpan Duration(Config config, string key, string? floor = null, string alternative = "")
    {
        var text = Text(config, key);
        var min = floor is null ? TimeSpan.FromMilliseconds(1) : Duration(config, floor);
        TimeSpan value;
        try
        {
            value = config.GetTimeSpan(key, null, allowInfinite: false);
        }
        catch (Exception e) when (e is FormatException or ConfigurationException or OverflowException)
        {
            value = TimeSpan.Zero;
        }
        return value >= min && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ConfigurationException($"{key} = {text} is not a duration in {min.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}ms{(floor is null ? "" : $" ({floor})")}..1h{alternative}");
    }

    public static long Size(Config config, string key, long min, long max)
    {
        var text = Text(config, key);
        return ByteSize.TryParse(text, out var bytes, out _) && bytes >= min && bytes <= max
            ? bytes
            : throw new ConfigurationException($"{key} = {text} is not a size in {ByteSize.Format(min)}..{ByteSize.Format(max)}");
    }
}
