using ActorMon.Model.Text;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Execution;

/// <summary>index and slice.</summary>
internal static class Indexing
{
    public static FunctionResult Index(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        var item = arguments[0];
        if (item is NilValue)
            return FunctionResult.Fail("index of untyped nil");
        foreach (var index in arguments[1..])
        {
            switch (item)
            {
                case ListValue list:
                    if (Number(index, list.Items.Count, out var at) is { } error)
                        return FunctionResult.Fail(error);
                    if (at >= list.Items.Count)
                        return FunctionResult.Fail("reflect: slice index out of range");
                    item = list.Items[at];
                    break;
                case StringValue text:
                    var bytes = ByteText.Encode(text.Value);
                    if (Number(index, bytes.Length, out var place) is { } fault)
                        return FunctionResult.Fail(fault);
                    if (place >= bytes.Length)
                        return FunctionResult.Fail("reflect: string index out of range");
                    item = new UintValue(bytes[place], TemplateType.Byte);
                    break;
                case MapValue map:
                    if (index is NilValue)
                        return FunctionResult.Fail("value is nil; should be of type string");
                    if (index is not StringValue key)
                        return FunctionResult.Fail($"value has type {index.Type}; should be string");
                    item = map.Entries.TryGetValue(key.Value, out var entry) ? entry : map.Type.Element.Zero;
                    break;
                case NilValue:
                    return FunctionResult.Fail("index of nil pointer");
                default:
                    return FunctionResult.Fail($"can't index item of type {item.Type}");
            }
        }
        return item;
    }

    public static FunctionResult Slice(TemplateRun run, ReadOnlySpan<TemplateValue> arguments)
    {
        var item = arguments[0];
        if (item is NilValue)
            return FunctionResult.Fail("slice of untyped nil");
        var indexes = arguments[1..];
        if (indexes.Length > 3)
            return FunctionResult.Fail($"too many slice indexes: {indexes.Length}");
        if (item is StringValue && indexes.Length == 3)
            return FunctionResult.Fail("cannot 3-index slice a string");
        if (item is not (StringValue or ListValue))
            return FunctionResult.Fail($"can't slice item of type {item.Type}");
        var count = item.Length!.Value;
        Span<int> ends = [0, count, count];
        for (var i = 0; i < indexes.Length; i++)
            if (Number(indexes[i], count, out ends[i]) is { } error)
                return FunctionResult.Fail(error);
        if (ends[0] > ends[1])
            return FunctionResult.Fail($"invalid slice index: {ends[0]} > {ends[1]}");
        if (indexes.Length == 3 && ends[1] > ends[2])
            return FunctionResult.Fail($"invalid slice index: {ends[1]} > {ends[2]}");
        run.Charge(1 + (count / 64));
        if (item is StringValue text)
            return new StringValue(ByteText.Decode(ByteText.Encode(text.Value).AsSpan(ends[0]..ends[1])), text.Type);
        var part = new TemplateValue[ends[1] - ends[0]];
        for (var i = 0; i < part.Length; i++)
            part[i] = ((ListValue)item).Items[ends[0] + i];
        return new ListValue(part, item.Type);
    }

    /// <summary>An index from 0 to the length itself; the error's text otherwise.</summary>
    private static string? Number(TemplateValue index, int length, out int number)
    {
        number = 0;
        Int128 value;
        switch (index)
        {
            case IntValue signed:
                value = signed.Value;
                break;
            case UintValue unsigned:
                value = unsigned.Value;
                break;
            case NilValue:
                return "cannot index slice/array with nil";
            default:
                return $"cannot index slice/array with type {index.Type}";
        }
        if (value < 0 || value > length)
            return $"index out of range: {value}";
        number = (int)value;
        return null;
    }
}
