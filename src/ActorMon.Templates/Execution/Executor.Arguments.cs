using ActorMon.Templates.Syntax;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Execution;

/// <summary>Arguments: evaluated for the type of their parameter, as constants take the type that is asked for.</summary>
internal sealed partial class Executor
{
    private static readonly List<Node> NoArguments = [];

    private TemplateValue Argument(TemplateValue dot, TemplateType type, Node node)
    {
        _node = node;
        switch (node)
        {
            case DotNode:
                return Fit(dot, type);
            case NilNode:
                if (!type.CanBeNil)
                    Fail($"cannot assign nil to {type}");
                return type.Zero;
            case FieldNode field:
                return Fit(Field(dot, field, NoArguments, null), type);
            case VariableNode variable:
                return Fit(VariableFields(dot, variable, NoArguments, null), type);
            case PipeNode pipe:
                return Fit(Pipeline(dot, pipe), type);
            case IdentifierNode identifier:
                return Fit(Function(dot, identifier, identifier, NoArguments, null), type);
            case ChainNode chain:
                return Fit(Chain(dot, chain, NoArguments, null), type);
        }
        if (ReferenceEquals(type, TemplateType.Any))
            return Constant(node);
        switch (type.Kind)
        {
            case ValueKind.Bool when node is BoolNode:
                return Constant(node);
            case ValueKind.String when node is StringNode text:
                return new StringValue(text.Value, type);
            case ValueKind.Int when node is NumberNode { Int: { } integer }:
                return new IntValue(integer, type);
            case ValueKind.Uint when node is NumberNode { Uint: { } unsigned }:
                return new UintValue(unsigned, type);
            case ValueKind.Float when node is NumberNode { Float: { } floating }:
                return new FloatValue(floating);
            case ValueKind.Complex when node is NumberNode { Complex: { } complex }:
                return new ComplexValue(complex);
        }
        var expected = type.Kind switch
        {
            ValueKind.Bool => "bool",
            ValueKind.String => "string",
            ValueKind.Int => "integer",
            ValueKind.Uint => "unsigned integer",
            ValueKind.Float => "float",
            ValueKind.Complex => "complex",
            _ => null,
        };
        Fail(expected is null ? $"can't handle {node} for arg of type {type}" : $"expected {expected}; found {node}");
        return NilValue.Instance;
    }

    /// <summary>Checks that a value fits a parameter.</summary>
    private TemplateValue Fit(TemplateValue value, TemplateType type)
    {
        if (value is NilValue)
        {
            if (!type.CanBeNil)
                Fail($"invalid value; expected {type}");
            return type.Zero;
        }
        if (!value.Type.IsAssignableTo(type))
            Fail($"wrong type for value; expected {type}; got {value.Type}");
        return value;
    }
}
