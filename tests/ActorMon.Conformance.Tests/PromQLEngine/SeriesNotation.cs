using System.Globalization;
using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Parsing;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>Series lines: a metric and its values (shared/conformance/README.md, "load").</summary>
internal static class SeriesNotation
{
    public static ScriptSeries Parse(string line)
    {
        var end = EndOfMetric(line);
        return new ScriptSeries(ParseMetric(line[..end]), Values(line[end..].Trim()));
    }

    public static LabelSet ParseMetric(string text)
    {
        text = text.Trim();
        if (text == "{}")
            return LabelSet.Empty;
        if (PromQLParser.Parse(text, ParserOptions.All).Expr is VectorSelector selector)
            return LabelSet.From(selector.Matchers.Select(matcher => KeyValuePair.Create(matcher.Name, matcher.Value)));
        // Selectors must not match everything; a label set may be all empty values.
        throw new ScriptException($"not a metric: {text}");
    }

    private static int EndOfMetric(string line)
    {
        var depth = 0;
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quote != '\0')
            {
                if (c == '\\' && quote != '`')
                    i++;
                else if (c == quote)
                    quote = '\0';
            }
            else if (c is '"' or '\'' or '`')
                quote = c;
            else if (c == '{')
                depth++;
            else if (c == '}')
                depth--;
            else if (depth == 0 && char.IsWhiteSpace(c))
                return i;
        }
        return line.Length;
    }

    private static List<ScriptValue?> Values(string text)
    {
        var values = new List<ScriptValue?>();
        while (text.Length > 0)
        {
            string item;
            if (text.StartsWith("{{", StringComparison.Ordinal))
            {
                var end = text.IndexOf("}}", StringComparison.Ordinal) + 2;
                while (end < text.Length && !char.IsWhiteSpace(text[end]))
                    end = text.AsSpan(end).StartsWith("+{{") || text.AsSpan(end).StartsWith("-{{") ? text.IndexOf("}}", end, StringComparison.Ordinal) + 2 : end + 1;
                (item, text) = (text[..end], text[end..].TrimStart());
                AddHistogram(values, item);
                continue;
            }
            var space = text.AsSpan().IndexOfAny(' ', '\t');
            (item, text) = space < 0 ? (text, "") : (text[..space], text[space..].TrimStart());
            AddFloats(values, item);
        }
        return values;
    }

    private static void AddFloats(List<ScriptValue?> values, string item)
    {
        var times = 0L;
        var repeated = false;
        if (item.LastIndexOf('x') is var x and > 0 && !item.AsSpan(x + 1).ContainsAnyExceptInRange('0', '9'))
        {
            times = long.Parse(item.AsSpan(x + 1), CultureInfo.InvariantCulture);
            item = item[..x];
            repeated = true;
        }
        if (item == "_")
        {
            for (var i = 0; i < Math.Max(1, times); i++)
                values.Add(null);
            return;
        }
        if (item == "stale")
        {
            values.Add(new ScriptValue(SpecialValues.StaleNaN));
            return;
        }
        var split = item.Length > 1 ? FindChange(item) : -1;
        if (split > 0 && !repeated)
            throw new ScriptException($"a change without repetition: {item}");
        var value = Number(split > 0 ? item[..split] : item);
        var change = split > 0 ? Number(item[split..]) : 0;
        for (var i = 0L; i <= times; i++)
        {
            values.Add(new ScriptValue(value));
            value += change;
        }
    }

    private static int FindChange(string item)
    {
        for (var i = 1; i < item.Length; i++)
            if (item[i] is '+' or '-' && item[i - 1] is not ('e' or 'E'))
                return i;
        return -1;
    }

    private static double Number(string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return GoFloatParser.TryParse(text, out var value) ? value : throw new ScriptException($"not a number: {text}");
    }

    private static void AddHistogram(List<ScriptValue?> values, string item)
    {
        var end = item.IndexOf("}}", StringComparison.Ordinal);
        var x = item.LastIndexOf('x');
        var times = x > item.LastIndexOf('}') ? long.Parse(item.AsSpan(x + 1), CultureInfo.InvariantCulture) : 0;
        var histogram = Histogram(item[2..end], out var hint);
        for (var i = 0L; i <= times; i++)
            values.Add(new ScriptValue(0, histogram, hint));
    }

    private static NativeHistogram Histogram(string text, out bool hintGiven)
    {
        var histogram = new NativeHistogram();
        hintGiven = false;
        var (offset, negativeOffset) = (0, 0);
        foreach (var part in System.Text.RegularExpressions.Regex.Matches(text, @"(\w+):(\[[^\]]*\]|\S+)").Select(match => (Key: match.Groups[1].Value, Text: match.Groups[2].Value)))
        {
            var list = part.Text.StartsWith('[') ? part.Text.Trim('[', ']').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Number).ToArray() : [];
            hintGiven |= part.Key == "counter_reset_hint";
            histogram = part.Key switch
            {
                "schema" => histogram with { Schema = (int)Number(part.Text) },
                "sum" => histogram with { Sum = Number(part.Text) },
                "count" => histogram with { Count = Number(part.Text) },
                "z_bucket" => histogram with { ZeroCount = Number(part.Text) },
                "z_bucket_w" => histogram with { ZeroThreshold = Number(part.Text) },
                "buckets" => histogram with { PositiveBuckets = list },
                "n_buckets" => histogram with { NegativeBuckets = list },
                "custom_values" => histogram with { CustomValues = list },
                "counter_reset_hint" => histogram with { CounterResetHint = Hint(part.Text) },
                "offset" or "n_offset" => histogram,
                _ => throw new ScriptException($"unknown histogram key {part.Key}"),
            };
            if (part.Key == "offset")
                offset = (int)Number(part.Text);
            if (part.Key == "n_offset")
                negativeOffset = (int)Number(part.Text);
        }
        return histogram with { PositiveSpans = Spans(offset, histogram.PositiveBuckets), NegativeSpans = Spans(negativeOffset, histogram.NegativeBuckets) };
    }

    private static BucketSpan[] Spans(int offset, double[] buckets) => buckets.Length == 0 ? [] : [new BucketSpan(offset, (uint)buckets.Length)];

    private static CounterResetHint Hint(string text) => text switch
    {
        "reset" => CounterResetHint.Reset,
        "not_reset" => CounterResetHint.NotReset,
        "gauge" => CounterResetHint.Gauge,
        _ => CounterResetHint.Unknown,
    };
}
