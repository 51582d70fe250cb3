using System.Collections.Frozen;
using ActorMon.Templates.Printing;
using ActorMon.Templates.Values;
using static ActorMon.Templates.Values.Define;

namespace ActorMon.Templates.Execution;

/// <summary>The language's own functions (text/template's builtins).</summary>
internal static class Builtins
{
    private static readonly TemplateFunction And = Variadic("and", [TemplateType.Any, TemplateType.Any], static (_, a) => a[0]);
    private static readonly TemplateFunction Or = Variadic("or", [TemplateType.Any, TemplateType.Any], static (_, a) => a[0]);

    private static readonly FrozenDictionary<string, TemplateFunction> Table = new[]
    {
        And,
        Or,
        Function("not", [TemplateType.Any], static (_, a) => !a[0].IsTrue),
        Variadic("call", [TemplateType.Any, TemplateType.Any], Call),
        Variadic("html", [TemplateType.Any], static (run, a) => Escaping.Html(Plain(run, a))),
        Variadic("js", [TemplateType.Any], static (run, a) => Escaping.JavaScript(Plain(run, a))),
        Variadic("urlquery", [TemplateType.Any], static (run, a) => Escaping.Query(Plain(run, a))),
        Variadic("index", [TemplateType.Any, TemplateType.Any], Indexing.Index),
        Variadic("slice", [TemplateType.Any, TemplateType.Any], Indexing.Slice),
        Function("len", [TemplateType.Any], static (_, a) => a[0] switch
        {
            NilValue => FunctionResult.Fail("reflect: call of reflect.Value.Type on zero Value"),
            { Length: { } length } => (long)length,
            var other => FunctionResult.Fail($"len of type {other.Type}"),
        }),
        Variadic("print", [TemplateType.Any], static (run, a) => Printed(run, a)),
        Variadic("println", [TemplateType.Any], PrintLine),
        Variadic("printf", [TemplateType.String, TemplateType.Any], static (run, a) => GoFormatter.Format(run, Text(a[0]), a[1..].ToArray())),
        Variadic("eq", [TemplateType.Any, TemplateType.Any], static (_, a) => Comparison.Equal(a)),
        Function("ne", [TemplateType.Any, TemplateType.Any], static (_, a) => Comparison.NotEqual(a[0], a[1])),
        Function("lt", [TemplateType.Any, TemplateType.Any], static (_, a) => Comparison.Less(a[0], a[1], orEqual: false)),
        Function("le", [TemplateType.Any, TemplateType.Any], static (_, a) => Comparison.Less(a[0], a[1], orEqual: true)),
        Function("gt", [TemplateType.Any, TemplateType.Any], static (_, a) => Comparison.Greater(a[0], a[1], orEqual: false)),
        Function("ge", [TemplateType.Any, TemplateType.Any], static (_, a) => Comparison.Greater(a[0], a[1], orEqual: true)),
    }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    public static bool Exists(string name) => Table.ContainsKey(name);

    public static TemplateFunction? Find(string name) => Table.GetValueOrDefault(name);

    /// <summary>For and, or: the truth at which they stop. Null: a function whose arguments are all evaluated.</summary>
    public static bool? ShortCircuit(TemplateFunction function) => ReferenceEquals(function, And) ? false : ReferenceEquals(function, Or) ? true : null;

    /// <summary>What several values are to an escaping function: themselves printed after another.</summary>
    public static StringValue Joined(TemplateRun run, TemplateValue[] values) => new(Plain(run, values));

    private static string Printed(TemplateRun run, ReadOnlySpan<TemplateValue> values)
    {
        var text = run.NewText();
        new GoPrinter(text).PrintAll(values);
        return text.ToString();
    }

    private static FunctionResult PrintLine(TemplateRun run, ReadOnlySpan<TemplateValue> values)
    {
        var text = run.NewText();
        new GoPrinter(text).PrintLine(values);
        return text.ToString();
    }

    private static string Plain(TemplateRun run, ReadOnlySpan<TemplateValue> values)
    {
        if (values is [StringValue only])
            return only.Value;
        var shown = new TemplateValue[values.Length];
        for (var i = 0; i < values.Length; i++)
            shown[i] = values[i] is NilValue ? new StringValue("<no value>") : values[i];
        return Printed(run, shown);
    }

    private static FunctionResult Call(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        if (arguments[0] is NilValue)
            return FunctionResult.Fail("call of nil");
        if (arguments[0] is not FunctionValue { Function: var function })
            return FunctionResult.Fail($"non-function {GoPrinter.Text(arguments[0], run)} of type {arguments[0].Type}");
        var given = arguments[1..];
        if (function.IsVariadic ? given.Length < function.FixedCount : given.Length != function.FixedCount)
            return FunctionResult.Fail($"wrong number of args for {function.Name}: got {given.Length} want {(function.IsVariadic ? "at least " : "")}{function.FixedCount}");
        for (var i = 0; i < given.Length; i++)
            if (given[i] is NilValue ? !function.ParameterAt(i).CanBeNil : !given[i].Type.IsAssignableTo(function.ParameterAt(i)))
                return FunctionResult.Fail($"arg {i}: value has type {given[i].Type}; should be {function.ParameterAt(i)}");
        return function.Call(run, given);
    }
}
