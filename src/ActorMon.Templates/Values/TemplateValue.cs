using System.Numerics;

namespace ActorMon.Templates.Values;

/// <summary>A value templates work with. Immutable: values are shared between runs and threads.</summary>
public abstract class TemplateValue
{
    public ValueKind Kind => Type.Kind;

    public abstract TemplateType Type { get; }

    /// <summary>What <c>if</c> makes of it: false for nil, zero, the empty text, list and map.</summary>
    public abstract bool IsTrue { get; }

    /// <summary>A type's own text (Go's Stringer), or null.</summary>
    public string? OwnText => Type.Text?.Invoke(this);

    /// <summary>The number of elements, keys or bytes; null where <c>len</c> has no meaning.</summary>
    public virtual int? Length => null;

    public static implicit operator TemplateValue(string value) => new StringValue(value);

    public static implicit operator TemplateValue(long value) => new IntValue(value);

    public static implicit operator TemplateValue(double value) => new FloatValue(value);

    public static implicit operator TemplateValue(bool value) => value ? BoolValue.True : BoolValue.False;
}

/// <summary>Nothing: absent data, a missing entry. Printed as <c>&lt;no value&gt;</c>.</summary>
public sealed class NilValue : TemplateValue
{
    public static readonly NilValue Instance = new();

    private NilValue()
    {
    }

    public override TemplateType Type => TemplateType.Nil;
    public override bool IsTrue => false;
}

public sealed class BoolValue : TemplateValue
{
    public static readonly BoolValue True = new(true);
    public static readonly BoolValue False = new(false);

    private BoolValue(bool value) => Value = value;

    public bool Value { get; }
    public override TemplateType Type => TemplateType.Bool;
    public override bool IsTrue => Value;
}

/// <summary>A signed integer; a named one (a duration, a month) has a type of its own.</summary>
public sealed class IntValue(long value, TemplateType? type = null) : TemplateValue
{
    public long Value => value;
    public override TemplateType Type => type ?? TemplateType.Int;
    public override bool IsTrue => value != 0;
}

public sealed class UintValue(ulong value, TemplateType? type = null) : TemplateValue
{
    public ulong Value => value;
    public override TemplateType Type => type ?? TemplateType.Uint;
    public override bool IsTrue => value != 0;
}

public sealed class FloatValue(double value) : TemplateValue
{
    public double Value => value;
    public override TemplateType Type => TemplateType.Float;
    public override bool IsTrue => value != 0;
}

public sealed class ComplexValue(Complex value) : TemplateValue
{
    public Complex Value => value;
    public override TemplateType Type => TemplateType.Complex;
    public override bool IsTrue => value != Complex.Zero;
}

/// <summary>Text; bytes that are no UTF-8 are held as Model's ByteText has them.</summary>
public sealed class StringValue(string value, TemplateType? type = null) : TemplateValue
{
    public static readonly StringValue Empty = new("");

    public string Value => value;
    public override TemplateType Type => type ?? TemplateType.String;
    public override bool IsTrue => value.Length > 0;
    public override int? Length => Model.Text.ByteText.ByteCount(value);
}
