namespace ActorMon.Templates.Values;

/// <summary>What a value is to the language: decides truth, comparison, indexing and printing.</summary>
public enum ValueKind : byte
{
    Nil,
    Bool,
    Int,
    Uint,
    Float,
    Complex,
    String,
    List,
    Map,
    Object,
    Function,
}

/// <summary>A field of an object type; <paramref name="JsonName"/> is its key in toJson, null for the field's own name.</summary>
public sealed record TemplateField(string Name, string? JsonName = null);

/// <summary>
/// The type of a value as the language's users know it from Go: a name for messages and %T, which arguments it fits, fields, methods and a text form.
/// Immutable; made once and shared by all values.
/// </summary>
/// <param name="name">As Go writes it: <c>string</c>, <c>[]string</c>, <c>map[string]string</c>, <c>time.Time</c>, <c>*template.Data</c>.</param>
/// <param name="kind">The kind of the values.</param>
/// <param name="underlying">For a named list or map: the unnamed type it is made of, to which it may be assigned.</param>
/// <param name="element">The type of a list's or map's elements.</param>
public sealed class TemplateType(string name, ValueKind kind, string? underlying = null, TemplateType? element = null)
{
    private static readonly Dictionary<string, TemplateFunction> NoMethods = [];

    /// <summary>Takes every value.</summary>
    public static readonly TemplateType Any = new("interface {}", ValueKind.Nil);
    public static readonly TemplateType Nil = new("<nil>", ValueKind.Nil);
    public static readonly TemplateType Bool = new("bool", ValueKind.Bool);
    public static readonly TemplateType Int = new("int", ValueKind.Int);
    public static readonly TemplateType Uint = new("uint", ValueKind.Uint);
    public static readonly TemplateType Byte = new("uint8", ValueKind.Uint);
    public static readonly TemplateType Float = new("float64", ValueKind.Float);
    public static readonly TemplateType Complex = new("complex128", ValueKind.Complex);
    public static readonly TemplateType String = new("string", ValueKind.String);

    /// <summary>HTML that needs no escaping (safeHtml).</summary>
    public static readonly TemplateType Html = new("template.HTML", ValueKind.String);

    /// <summary>A URL whose scheme is trusted (safeUrl).</summary>
    public static readonly TemplateType Url = new("template.URL", ValueKind.String);
    public static readonly TemplateType Strings = new("[]string", ValueKind.List, element: String);
    public static readonly TemplateType List = new("[]interface {}", ValueKind.List, element: Any);
    public static readonly TemplateType Map = new("map[string]interface {}", ValueKind.Map, element: Any);
    public static readonly TemplateType StringMap = new("map[string]string", ValueKind.Map, element: String);

    public string Name => name;

    public ValueKind Kind => kind;

    public TemplateType Element => element ?? Any;

    /// <summary>The fields of an object type, in the order of its values.</summary>
    public IReadOnlyList<TemplateField> Fields { get; init; } = [];

    /// <summary>Methods by name; the receiver is the first argument of their body and is not among their parameters.</summary>
    public IReadOnlyDictionary<string, TemplateFunction> Methods { get; init; } = NoMethods;

    /// <summary>The text %v and %s show, for types that have one of their own.</summary>
    public Func<TemplateValue, string>? Text { get; init; }

    /// <summary>Whether nil may stand for a value of the type.</summary>
    public bool CanBeNil => ReferenceEquals(this, Any) || kind is ValueKind.List or ValueKind.Map or ValueKind.Function || IsPointer;

    /// <summary>Whether Go holds the values by reference: their text has an ampersand inside others.</summary>
    public bool IsPointer => name.StartsWith('*');

    /// <summary>The value a missing map entry of the type has.</summary>
    public TemplateValue Zero => kind switch
    {
        ValueKind.Bool => BoolValue.False,
        ValueKind.Int => new IntValue(0),
        ValueKind.Uint => new UintValue(0),
        ValueKind.Float => new FloatValue(0),
        ValueKind.String => StringValue.Empty,
        ValueKind.List => new ListValue([], this) { IsNil = true },
        ValueKind.Map => new MapValue([], this) { IsNil = true },
        _ => NilValue.Instance,
    };

    /// <summary>Whether a parameter of type <paramref name="to"/> takes values of this type.</summary>
    public bool IsAssignableTo(TemplateType to) =>
        ReferenceEquals(to, Any) || name == to.Name || underlying == to.Name || (to.Underlying is { } other && other == name);

    private string? Underlying => underlying;

    public override string ToString() => name;
}
