using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ActorMon.Model.Matchers.Re2;

/// <summary>
/// Replacement templates as Go's regexp expands them: $1, ${1}, $name, ${name}, $$. A name is the longest run of letters, digits and underscores;
/// an unknown group is empty; a dollar that starts no reference stands for itself.
/// </summary>
internal static class GoTemplate
{
    private const int MaxNumberDigits = 9;

    /// <summary>Receives one reference's name; appends what it stands for.</summary>
    public delegate void Reference(ReadOnlySpan<char> name, StringBuilder to);

    public static string Expand(string template, Reference reference)
    {
        var at = template.IndexOf('$', StringComparison.Ordinal);
        if (at < 0)
            return template;
        var text = new StringBuilder();
        var rest = template.AsSpan();
        while (at >= 0)
        {
            text.Append(rest[..at]);
            rest = rest[at..];
            if (rest.Length > 1 && rest[1] == '$')
            {
                text.Append('$');
                rest = rest[2..];
            }
            else if (TryReadName(rest, out var name, out var length))
            {
                reference(name, text);
                rest = rest[length..];
            }
            else
            {
                text.Append('$');
                rest = rest[1..];
            }
            at = rest.IndexOf('$');
        }
        return text.Append(rest).ToString();
    }

    /// <summary>The number of a group that a reference names, or -1 when there is none.</summary>
    public static int GroupOf(ReadOnlySpan<char> name, string[] groupNames, Func<int, bool> participates)
    {
        // Leading zeros and numbers beyond reason make a name of it.
        if (!name.ContainsAnyExceptInRange('0', '9') && (name.Length == 1 || name[0] != '0') && name.Length <= MaxNumberDigits)
        {
            var number = int.Parse(name, NumberStyles.None, CultureInfo.InvariantCulture);
            return number < groupNames.Length ? number : -1;
        }
        for (var i = 1; i < groupNames.Length; i++)
            if (name.SequenceEqual(groupNames[i]) && participates(i))
                return i;
        return -1;
    }

    /// <summary>Appends a group of a match.</summary>
    public static void Append(Match match, ReadOnlySpan<char> name, string[] groupNames, StringBuilder to)
    {
        var group = GroupOf(name, groupNames, i => match.Groups[i].Success);
        if (group >= 0 && group < match.Groups.Count)
            to.Append(match.Groups[group].ValueSpan);
    }

    /// <param name="text">Starts with a dollar.</param>
    private static bool TryReadName(ReadOnlySpan<char> text, out ReadOnlySpan<char> name, out int length)
    {
        name = default;
        length = 0;
        var start = text.Length > 1 && text[1] == '{' ? 2 : 1;
        var end = start;
        while (end < text.Length && Rune.DecodeFromUtf16(text[end..], out var rune, out var used) == System.Buffers.OperationStatus.Done
               && (rune.Value == '_' || Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber))
            end += used;
        if (end == start || (start == 2 && (end >= text.Length || text[end] != '}')))
            return false;
        name = text[start..end];
        length = start == 2 ? end + 1 : end;
        return true;
    }
}
