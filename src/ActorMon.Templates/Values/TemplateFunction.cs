using ActorMon.Templates.Execution;

namespace ActorMon.Templates.Values;

/// <summary>What a function gave: a value, or the text of its error.</summary>
public readonly struct FunctionResult
{
    private FunctionResult(TemplateValue? value, string? error)
    {
        Value = value ?? NilValue.Instance;
        Error = error;
    }

    public TemplateValue Value { get; }

    /// <summary>Null when the call succeeded.</summary>
    public string? Error { get; }

    public static FunctionResult Fail(string error) => new(null, error);

    public static implicit operator FunctionResult(TemplateValue value) => new(value, null);

    public static implicit operator FunctionResult(string value) => new(new StringValue(value), null);

    public static implicit operator FunctionResult(double value) => new(new FloatValue(value), null);

    public static implicit operator FunctionResult(bool value) => new(value ? BoolValue.True : BoolValue.False, null);

    public static implicit operator FunctionResult(long value) => new(new IntValue(value), null);
}

/// <summary>The body of a function or method.</summary>
/// <param name="run">The run that calls: its environment and limits.</param>
/// <param name="arguments">Of the declared types; the receiver first for a method.</param>
public delegate FunctionResult FunctionBody(TemplateRun run, ReadOnlySpan<TemplateValue> arguments);

/// <summary>A function or method templates may call; the language checks number and types of the arguments by its parameters.</summary>
/// <param name="name">As templates write it.</param>
/// <param name="parameters">Types in order; with <paramref name="isVariadic"/> the last may come any number of times.</param>
/// <param name="isVariadic">The last parameter repeats.</param>
/// <param name="body">What it does.</param>
public sealed class TemplateFunction(string name, IReadOnlyList<TemplateType> parameters, bool isVariadic, FunctionBody body)
{
    public string Name => name;

    public IReadOnlyList<TemplateType> Parameters => parameters;

    public bool IsVariadic => isVariadic;

    /// <summary>The number of parameters that come exactly once.</summary>
    public int FixedCount => isVariadic ? parameters.Count - 1 : parameters.Count;

    public FunctionResult Call(TemplateRun run, ReadOnlySpan<TemplateValue> arguments) => body(run, arguments);

    /// <summary>The type of the argument at a place.</summary>
    public TemplateType ParameterAt(int index) => index < FixedCount || !isVariadic ? parameters[index] : parameters[^1];
}
