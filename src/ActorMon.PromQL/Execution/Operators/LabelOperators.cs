using System.Text;
using System.Text.RegularExpressions;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Results;

namespace ActorMon.PromQL.Execution.Operators;

/// <summary>label_replace and label_join: new labels, the same columns. Stands below a MergeDuplicates.</summary>
internal sealed class RelabelOperator(SeriesOperator input, Func<SeriesHeader, SeriesHeader> change) : SeriesOperator(input.Grid)
{
    public override IReadOnlyList<SeriesHeader> Open()
    {
        var headers = input.Open();
        var changed = new SeriesHeader[headers.Count];
        for (var i = 0; i < changed.Length; i++)
            changed[i] = change(headers[i]);
        return changed;
    }

    public override void Next(Column into) => input.Next(into);

    public static RelabelOperator Replace(SeriesOperator input, string target, string replacement, string source, string pattern)
    {
        var regex = LabelReplacement.Compile(pattern);
        if (regex is null)
            QueryFailure.Throw($"invalid regular expression in label_replace(): {pattern}");
        if (!LabelText.IsValidName(target))
            QueryFailure.Throw($"invalid destination label name in label_replace(): {target}");
        var template = new LabelReplacement(replacement);
        var builder = new LabelSetBuilder();
        return new RelabelOperator(input, header =>
        {
            var match = regex.Match(header.Labels.Get(source));
            if (!match.Success)
                return header;
            builder.Reset(header.Labels);
            builder.Set(target, template.Expand(match));
            return new SeriesHeader(builder.Build(), target != LabelNames.MetricName && header.DropName);
        });
    }

    public static RelabelOperator Join(SeriesOperator input, string target, string separator, string[] sources)
    {
        foreach (var source in sources)
            if (!LabelText.IsValidName(source))
                QueryFailure.Throw($"invalid source label name in label_join(): {source}");
        if (!LabelText.IsValidName(target))
            QueryFailure.Throw($"invalid destination label name in label_join(): {target}");
        var builder = new LabelSetBuilder();
        return new RelabelOperator(input, header =>
        {
            builder.Reset(header.Labels);
            builder.Set(target, string.Join(separator, sources.Select(header.Labels.Get)));
            return new SeriesHeader(builder.Build(), target != LabelNames.MetricName && header.DropName);
        });
    }
}

/// <summary>A replacement text with $1, ${1}, $name, ${name} and $$, as Go's regexp expands it; unknown groups are empty.</summary>
internal sealed class LabelReplacement(string template)
{
    /// <summary>The pattern anchored at both ends, dot matching newline; null when it is none. Linear time.</summary>
    public static Regex? Compile(string pattern)
    {
        try
        {
            // Go writes named groups as (?P<name>...).
            return new Regex($"\\A(?s:{pattern.Replace("(?P<", "(?<", StringComparison.Ordinal)})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    public string Expand(Match match)
    {
        var text = new StringBuilder();
        var rest = template.AsSpan();
        while (rest.IndexOf('$') is var dollar and >= 0)
        {
            text.Append(rest[..dollar]);
            rest = rest[(dollar + 1)..];
            if (rest.Length > 0 && rest[0] == '$')
            {
                text.Append('$');
                rest = rest[1..];
            }
            else if (TakeName(ref rest, out var name))
                text.Append(match.Groups[name].Value);
            else
                text.Append('$');
        }
        return text.Append(rest).ToString();
    }

    private static bool TakeName(ref ReadOnlySpan<char> rest, out string name)
    {
        var braced = rest.Length > 0 && rest[0] == '{';
        var body = braced ? rest[1..] : rest;
        var length = 0;
        while (length < body.Length && (char.IsLetterOrDigit(body[length]) || body[length] == '_'))
            length++;
        name = body[..length].ToString();
        if (length == 0 || (braced && (length == body.Length || body[length] != '}')))
            return false;
        rest = braced ? body[(length + 1)..] : body[length..];
        return true;
    }
}
