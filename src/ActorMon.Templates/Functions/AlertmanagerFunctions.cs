using ActorMon.Model.Text;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Time;
using ActorMon.Templates.Values;
using static ActorMon.Templates.Values.Define;

namespace ActorMon.Templates.Functions;

/// <summary>The functions of Alertmanager's notification templates.</summary>
public static class AlertmanagerFunctions
{
    public static FunctionTable Notifications { get; } = new(
    [
        OnText("toUpper", static text => text.ToUpperInvariant()),
        OnText("toLower", static text => text.ToLowerInvariant()),
        OnText("title", static text => TitleCase.Of(text, lowersRest: true)),
        OnText("trimSpace", static text => text.Trim()),
        Function("join", [TemplateType.String, TemplateType.Strings], Join),
        Regexes.Match,
        Regexes.ReplaceAll,
        Function("safeHtml", [TemplateType.String], static (_, a) => new StringValue(Text(a[0]), TemplateType.Html)),
        Function("safeUrl", [TemplateType.String], static (_, a) => new StringValue(Text(a[0]), TemplateType.Url)),
        Function("urlUnescape", [TemplateType.String], static (_, a) => Escaping.UnescapeQuery(Text(a[0]), out var error) is { } text ? text : FunctionResult.Fail(error)),
        Variadic("stringSlice", [TemplateType.String], static (_, a) => new ListValue(a.ToArray(), TemplateType.Strings)),
        Function("routeLabels", [TemplateType.String], static (run, a) => run.Environment.RouteLabel?.Invoke(Text(a[0])) ?? ""),
        Function("date", [TemplateType.String, TimeValues.Time], static (_, a) => GoTimeLayout.Format(TimeValues.Instant(a[1]), Text(a[0]))),
        Function("tz", [TemplateType.String, TimeValues.Time], static (_, a) =>
            GoZone.Find(Text(a[0])) is { } zone ? TimeValues.Of(TimeValues.Instant(a[1]).In(zone)) : FunctionResult.Fail($"unknown time zone {Text(a[0])}")),
        Function("now", [], static (run, _) => TimeValues.Of(run.Environment.Now)),
        Function("since", [TimeValues.Time], static (run, a) => TimeValues.OfNanoseconds(run.Environment.Now.Since(TimeValues.Instant(a[0])))),
        Humanize.Function("humanizeDuration", Humanize.Duration),
        Function("toDate", [TemplateType.String, TemplateType.String], static (_, a) =>
            TimeValues.Of(GoTimeParser.TryParse(Text(a[0]), Text(a[1]), out var time, out var _) ? time : GoTime.Zero)),
        Function("mustToDate", [TemplateType.String, TemplateType.String], static (_, a) =>
            GoTimeParser.TryParse(Text(a[0]), Text(a[1]), out var time, out var error) ? TimeValues.Of(time) : FunctionResult.Fail(error)),
        Function("toJson", [TemplateType.Any], static (run, a) => GoJson.Marshal(a[0], run.NewText())),
        OnText("base64encode", static text => Convert.ToBase64String(ByteText.Encode(text)).Replace('+', '-').Replace('/', '_')),
        Function("base64decode", [TemplateType.String], static (_, a) => Base64(Text(a[0]))),
        Variadic("list", [TemplateType.Any], static (_, a) => new ListValue(a.ToArray())),
        Variadic("append", [TemplateType.List, TemplateType.Any], Append),
        Variadic("dict", [TemplateType.Any], Dictionary),
    ]);

    private static FunctionResult Join(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        var text = run.NewText();
        var first = true;
        foreach (var item in ((ListValue)arguments[1]).Items)
        {
            if (!first)
                text.Append(Text(arguments[0]));
            first = false;
            text.Append(Text(item));
        }
        return text.ToString();
    }

    private static FunctionResult Base64(string text)
    {
        // Go reads over line ends and says at which byte it stopped.
        var bytes = text.Where(c => c is not ('\r' or '\n')).ToArray();
        var bad = Array.FindIndex(bytes, c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '='));
        var decoded = new byte[bytes.Length];
        if (bad < 0 && Convert.TryFromBase64String(new string(bytes).Replace('-', '+').Replace('_', '/'), decoded, out var written))
            return ByteText.Decode(decoded.AsSpan(0, written));
        return FunctionResult.Fail($"illegal base64 data at input byte {(bad < 0 ? bytes.Length - (bytes.Length % 4) : bad)}");
    }

    private static FunctionResult Append(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        var items = ((ListValue)arguments[0]).Items;
        run.Charge(1 + (items.Count / 64));
        return new ListValue([.. items, .. arguments[1..]]);
    }

    private static FunctionResult Dictionary(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        if (arguments.Length % 2 != 0)
            return FunctionResult.Fail("dict requires an even number of arguments");
        var entries = new Dictionary<string, TemplateValue>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (arguments[i] is not StringValue key || key.Type.Name != TemplateType.String.Name)
                return FunctionResult.Fail("dict keys must be strings");
            entries[key.Value] = arguments[i + 1];
        }
        return new MapValue(entries);
    }
}
