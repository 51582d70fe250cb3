using System.Globalization;

namespace ActorMon.Tool.Tsdb;

/// <summary>What is wrong with how a command was called.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>
/// The arguments of one command, as promtool takes them: <c>--flag=value</c> or <c>--flag value</c>, switches without a value, short forms, and places in any order
/// between them. <c>--</c> ends the flags.
/// </summary>
public sealed class CommandArguments
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private readonly List<string> _places = [];

    /// <param name="arguments">Behind the command's name.</param>
    /// <param name="flags">Names of flags with a value.</param>
    /// <param name="switches">Names of flags without one; <c>name/n</c> has a short form.</param>
    /// <exception cref="UsageException">An unknown flag, or one without its value.</exception>
    public CommandArguments(IReadOnlyList<string> arguments, IReadOnlyList<string> flags, IReadOnlyList<string> switches)
    {
        var names = switches.ToDictionary(s => s.Split('/')[0], s => s.Split('/').Skip(1).FirstOrDefault(), StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "--")
            {
                _places.AddRange(arguments.Skip(i + 1));
                return;
            }
            if (argument.Length < 2 || argument[0] != '-')
            {
                _places.Add(argument);
                continue;
            }
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                var known = names.FirstOrDefault(n => n.Value is not null && n.Value == argument[1..]).Key;
                Add(known ?? throw new UsageException($"unknown short flag '{argument}'"), "true");
                continue;
            }
            var parts = argument[2..].Split('=', 2);
            if (names.ContainsKey(parts[0]))
                Add(parts[0], "true");
            else if (!flags.Contains(parts[0]))
                throw new UsageException($"unknown long flag '--{parts[0]}'");
            else if (parts.Length == 2)
                Add(parts[0], parts[1]);
            else if (i + 1 < arguments.Count)
                Add(parts[0], arguments[++i]);
            else
                throw new UsageException($"expected argument for flag '--{parts[0]}'");
        }
    }

    /// <summary>What is no flag.</summary>
    public IReadOnlyList<string> Places => _places;

    public bool Has(string flag) => _values.ContainsKey(flag);

    /// <summary>Every value given; none: the flag is absent.</summary>
    public IReadOnlyList<string> All(string flag) => _values.TryGetValue(flag, out var values) ? values : [];

    public string? Last(string flag) => _values.TryGetValue(flag, out var values) ? values[^1] : null;

    /// <exception cref="UsageException">Not a whole number.</exception>
    public long Number(string flag, long absent) => Last(flag) is not { } text ? absent
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw new UsageException($"flag '--{flag}': \"{text}\" is not a whole number");

    /// <summary>The places, at least <paramref name="least"/> and at most <paramref name="most"/>.</summary>
    /// <exception cref="UsageException">Another number of them.</exception>
    public CommandArguments Expect(int least, int most, string missing)
    {
        if (_places.Count < least)
            throw new UsageException($"required argument '{missing}' not provided");
        if (_places.Count > most)
            throw new UsageException($"unexpected {_places[most]}");
        return this;
    }

    private void Add(string flag, string value)
    {
        if (!_values.TryGetValue(flag, out var values))
            _values[flag] = values = [];
        values.Add(value);
    }
}
