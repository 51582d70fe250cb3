using System.Text.RegularExpressions;
using ActorMon.Model.Time;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>Lines <c>metric@st ITEMS</c>: offsets of start timestamps, one per sample of the next line.</summary>
internal static partial class StartTimes
{
    public static bool TryParse(string line, out string metric, out List<long?> items)
    {
        (metric, items) = ("", []);
        var match = LinePattern().Match(line);
        if (!match.Success)
            return false;
        metric = match.Groups[1].Value;
        items = Items(match.Groups[2].Value);
        return true;
    }

    /// <summary>Milliseconds relative to the sample, null where there is none.</summary>
    public static List<long?> Items(string text)
    {
        var items = new List<long?>();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var match = ItemPattern().Match(word);
            if (!match.Success)
                throw new ScriptException($"bad start timestamp \"{word}\"");
            var times = match.Groups[5].Success ? long.Parse(match.Groups[5].Value, System.Globalization.CultureInfo.InvariantCulture) : -1;
            if (match.Groups[1].Success)
            {
                if (times == 0)
                    throw new ScriptException($"bad repetition in \"{word}\"");
                for (var i = 0; i < Math.Max(1, times); i++)
                    items.Add(null);
                continue;
            }
            if (match.Groups[4].Success && times < 0)
                throw new ScriptException($"a change without repetition in \"{word}\"");
            var (first, change) = (Offset(match.Groups[2].Value + match.Groups[3].Value), match.Groups[4].Success ? Offset(match.Groups[4].Value) : 0);
            for (var i = 0; i <= Math.Max(0, times); i++)
                items.Add(first + (i * change));
        }
        return items;
    }

    private static long Offset(string text)
    {
        var sign = text[0] == '-' ? -1 : 1;
        if (!PrometheusDuration.TryParse(text.TrimStart('+', '-'), out var duration, out _))
            throw new ScriptException($"not a valid duration string: \"{text}\"");
        return sign * (long)duration.TotalMilliseconds;
    }

    [GeneratedRegex(@"^(.+)@st\s*(.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex LinePattern();

    [GeneratedRegex(@"^(?:(_)|([+-]?)(\d[\da-z]*?)([+-]\d[\da-z]*?)?)(?:x(\d+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex ItemPattern();
}
