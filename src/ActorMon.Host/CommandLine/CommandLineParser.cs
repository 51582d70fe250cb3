using System.Globalization;
using ActorMon.Configuration.Units;
using ActorMon.Model.Time;

namespace ActorMon.Host.CommandLine;

/// <summary>The flags as given, checked by kind; defaults where nothing was given.</summary>
public sealed class FlagValues
{
    private readonly Dictionary<string, List<string>> _given = new(StringComparer.Ordinal);

    internal void Add(Flag flag, string value)
    {
        var name = flag.AliasOf ?? flag.Name;
        if (!flag.Repeatable || !_given.TryGetValue(name, out var values))
            _given[name] = values = [];
        values.Add(value);
    }

    public bool IsGiven(string name) => _given.ContainsKey(name);

    /// <summary>Names of the flags given on the command line.</summary>
    public IEnumerable<string> Given => _given.Keys;

    public string Text(string name) => _given.TryGetValue(name, out var values) ? values[^1] : FlagTable.Find(name)!.Default;

    public IReadOnlyList<string> List(string name) => _given.TryGetValue(name, out var values)
        ? values
        : FlagTable.Find(name)!.Default is { Length: > 0 } text ? [text] : [];

    public bool Switch(string name) => Text(name) == "true";

    public long Integer(string name) => long.Parse(Text(name), CultureInfo.InvariantCulture);

    /// <summary>Null: empty, so derived elsewhere.</summary>
    public TimeSpan? Duration(string name) => Text(name) is { Length: > 0 } text && PrometheusDuration.TryParse(text, out var duration, out _) ? duration : null;

    /// <summary>Every flag with its value as /api/v1/status/flags shows it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Effective() =>
        FlagTable.All.Where(f => f.AliasOf is null).Select(f => KeyValuePair.Create(f.Name, string.Join(",", List(f.Name) is { Count: > 0 } list ? list : [Text(f.Name)])));
}

/// <summary>What the command line asks for.</summary>
public abstract record CommandLineResult
{
    public sealed record Run(FlagValues Flags) : CommandLineResult;

    public sealed record ShowVersion : CommandLineResult;

    public sealed record ShowHelp : CommandLineResult;

    /// <summary>Exit code 2.</summary>
    public sealed record Invalid(string Error) : CommandLineResult;
}

/// <summary>Parses <c>--name=value</c>, <c>--name value</c>, <c>--switch</c> and <c>--no-switch</c>, as Prometheus' command line does.</summary>
public static class CommandLineParser
{
    public static CommandLineResult Parse(IReadOnlyList<string> arguments)
    {
        var flags = new FlagValues();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument is "-h" or "--help" or "--help-long")
                return new CommandLineResult.ShowHelp();
            if (argument == "--version")
                return new CommandLineResult.ShowVersion();
            if (!argument.StartsWith("--", StringComparison.Ordinal))
                return new CommandLineResult.Invalid($"unexpected {argument}");

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument[2..] : argument[2..equals];
            var flag = FlagTable.Find(name);
            var negated = false;
            if (flag is null && name.StartsWith("no-", StringComparison.Ordinal) && FlagTable.Find(name[3..]) is { Kind: FlagKind.Switch } positive)
            {
                flag = positive;
                negated = true;
            }
            if (flag is null)
                return new CommandLineResult.Invalid($"unknown long flag '--{name}'");

            string value;
            if (flag.Kind == FlagKind.Switch)
            {
                value = equals < 0 ? "true" : argument[(equals + 1)..];
                if (value is not ("true" or "false") || (negated && equals >= 0))
                    return new CommandLineResult.Invalid($"flag '--{name}': \"{value}\" is not true or false");
                if (negated)
                    value = "false";
            }
            else if (equals >= 0)
            {
                value = argument[(equals + 1)..];
            }
            else if (++i < arguments.Count)
            {
                value = arguments[i];
            }
            else
            {
                return new CommandLineResult.Invalid($"expected argument for flag '--{name}'");
            }
            if (Check(flag, value) is { } error)
                return new CommandLineResult.Invalid(error);
            flags.Add(flag, value);
        }
        return new CommandLineResult.Run(flags);
    }

    private static string? Check(Flag flag, string value)
    {
        // Only a flag whose default is derived elsewhere may be set back to "derive it".
        if (value.Length == 0 && flag.Default.Length == 0)
            return null;
        switch (flag.Kind)
        {
            case FlagKind.Integer:
                if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                    return $"flag '--{flag.Name}': \"{value}\" is not a whole number";
                return InRange(flag, number) ? null : $"flag '--{flag.Name}': {value} is not {Range(flag, limit => limit.ToString(CultureInfo.InvariantCulture))}";
            case FlagKind.Duration:
                if (!PrometheusDuration.TryParse(value, out var duration, out var durationError))
                    return $"flag '--{flag.Name}': {durationError}";
                return InRange(flag, (long)duration.TotalMilliseconds) ? null : $"flag '--{flag.Name}': {value} is not {Range(flag, limit => PrometheusDuration.Format(TimeSpan.FromMilliseconds(limit)))}";
            case FlagKind.Size:
                if (!ByteSize.TryParse(value, out var bytes, out var sizeError))
                    return $"flag '--{flag.Name}': {sizeError}; a size is a number with a unit such as 512MB";
                return InRange(flag, bytes) ? null : $"flag '--{flag.Name}': {value} is not {Range(flag, ByteSize.Format)}";
            default:
                return (flag.Name, value) switch
                {
                    ("log.level", not ("debug" or "info" or "warn" or "error")) => $"flag '--log.level': \"{value}\" is not one of debug, info, warn, error",
                    ("log.format", not ("logfmt" or "json")) => $"flag '--log.format': \"{value}\" is not one of logfmt, json",
                    ("storage.tsdb.wal-sync", not ("interval" or "always")) => $"flag '--storage.tsdb.wal-sync': \"{value}\" is not one of interval, always",
                    _ => null,
                };
        }
    }

    private static bool InRange(Flag flag, long value) => value >= flag.Min && value <= flag.Max;

    private static string Range(Flag flag, Func<long, string> text) =>
        flag.Max == long.MaxValue ? $"at least {text(flag.Min)}" : $"in {text(flag.Min)}..{text(flag.Max)}";
}
