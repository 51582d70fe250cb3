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

    public int Integer(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);

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

    private static string? Check(Flag flag, string value) => flag.Kind switch
    {
        FlagKind.Integer when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) =>
            $"flag '--{flag.Name}': \"{value}\" is not a whole number",
        FlagKind.Duration when value.Length > 0 && !PrometheusDuration.TryParse(value, out _, out _) =>
            $"flag '--{flag.Name}': not a valid duration string: \"{value}\"",
        FlagKind.Size when value.Length > 0 && !ByteSize.TryParse(value, out _, out _) =>
            $"flag '--{flag.Name}': \"{value}\" is not a size such as 512MB",
        FlagKind.Text when flag.Name == "log.level" && value is not ("debug" or "info" or "warn" or "error") =>
            $"unrecognized log level {value}: use debug, info, warn or error",
        FlagKind.Text when flag.Name == "log.format" && value is not ("logfmt" or "json") =>
            $"unrecognized log format {value}: use logfmt or json",
        _ => null,
    };
}
