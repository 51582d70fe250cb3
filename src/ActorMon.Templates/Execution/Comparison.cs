using ActorMon.Model.Text;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Execution;

/// <summary>eq, ne, lt, le, gt, ge.</summary>
internal static class Comparison
{
    private const string BadType = "invalid type for comparison";
    private const string Incompatible = "incompatible types for comparison";

    /// <summary>True when the first argument equals any of the others.</summary>
    public static FunctionResult Equal(ReadOnlySpan<TemplateValue> arguments)
    {
        if (arguments.Length < 2)
            return FunctionResult.Fail("missing argument for comparison");
        foreach (var other in arguments[1..])
        {
            if (Error(arguments[0], other) is { } error)
                return FunctionResult.Fail(error);
            if (Same(arguments[0], other))
                return true;
        }
        return false;
    }

    public static FunctionResult NotEqual(TemplateValue a, TemplateValue b) => Error(a, b) is { } error ? FunctionResult.Fail(error) : !Same(a, b);

    public static FunctionResult Less(TemplateValue a, TemplateValue b, bool orEqual) =>
        Order(a, b, out var order) is { } error ? FunctionResult.Fail(error) : order < 0 || (orEqual && order == 0);

    /// <summary>As Go defines it: not less or equal, so that it holds for NaN too.</summary>
    public static FunctionResult Greater(TemplateValue a, TemplateValue b, bool orEqual) =>
        Order(a, b, out var order) is { } error ? FunctionResult.Fail(error) : orEqual ? !(order < 0) : !(order <= 0);

    private static string? Error(TemplateValue a, TemplateValue b)
    {
        if (a is NilValue || b is NilValue)
            return null;
        if (IsBasic(a) || IsBasic(b))
            return a.Kind == b.Kind || (IsInteger(a) && IsInteger(b)) ? null : Incompatible;
        return a.Kind is ValueKind.List or ValueKind.Map or ValueKind.Function || b.Kind is ValueKind.List or ValueKind.Map or ValueKind.Function
            ? $"non-comparable types {a.Type}, {b.Type}"
            : null;
    }

    private static bool Same(TemplateValue a, TemplateValue b) => (a, b) switch
    {
        (NilValue, _) or (_, NilValue) => IsNil(a) && IsNil(b),
        (BoolValue x, BoolValue y) => x.Value == y.Value,
        (FloatValue x, FloatValue y) => x.Value == y.Value,
        (ComplexValue x, ComplexValue y) => x.Value == y.Value,
        (StringValue x, StringValue y) => x.Value == y.Value,
        (OpaqueValue<Time.GoTime> x, OpaqueValue<Time.GoTime> y) => x.Value == y.Value,
        _ when IsInteger(a) && IsInteger(b) => Integer(a) == Integer(b),
        _ => ReferenceEquals(a, b),
    };

    /// <param name="order">Negative, zero or positive; null when the values have no order (NaN).</param>
    private static string? Order(TemplateValue a, TemplateValue b, out int? order)
    {
        order = null;
        if (!IsBasic(a) || !IsBasic(b))
            return BadType;
        if (IsInteger(a) && IsInteger(b))
        {
            order = Integer(a).CompareTo(Integer(b));
            return null;
        }
        if (a.Kind != b.Kind)
            return Incompatible;
        switch (a)
        {
            case FloatValue { Value: var x } when b is FloatValue { Value: var y }:
                order = x < y ? -1 : x > y ? 1 : x == y ? 0 : null;
                return null;
            case StringValue { Value: var x } when b is StringValue { Value: var y }:
                order = ByteText.Compare(x, y);
                return null;
            default:
                return BadType;
        }
    }

    private static bool IsBasic(TemplateValue value) => value.Kind is >= ValueKind.Bool and <= ValueKind.String;

    private static bool IsInteger(TemplateValue value) => value.Kind is ValueKind.Int or ValueKind.Uint;

    private static Int128 Integer(TemplateValue value) => value is IntValue signed ? signed.Value : ((UintValue)value).Value;

    private static bool IsNil(TemplateValue value) => value is NilValue or ListValue { IsNil: true } or MapValue { IsNil: true };
}
