using ActorMon.Model.Text;
using ActorMon.Templates.Syntax;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Execution;

/// <summary>Pipelines, commands, fields and calls. A null final argument means that there is none.</summary>
internal sealed partial class Executor
{
    private TemplateValue Pipeline(TemplateValue dot, PipeNode pipe)
    {
        _node = pipe;
        if (!StackRoom.IsLeft)
            Fail("template nests too deeply", TemplateErrorKind.Limit);
        TemplateValue? value = null;
        foreach (var command in pipe.Commands)
            value = Command(dot, command, value);
        foreach (var variable in pipe.Variables)
        {
            if (pipe.IsAssignment)
                Assign(variable, value!);
            else
                _variables.Add((variable, value!));
        }
        return value!;
    }

    /// <summary>The value before a last command that only escapes.</summary>
    private TemplateValue WithoutEscaper(TemplateValue dot, PipeNode pipe)
    {
        _node = pipe;
        TemplateValue? value = null;
        foreach (var command in pipe.Commands.Take(pipe.Commands.Count - 1))
            value = Command(dot, command, value);
        var last = pipe.Commands[^1];
        var arguments = last.Arguments.Skip(1).Select(a => Argument(dot, TemplateType.Any, a)).ToList();
        if (value is not null)
            arguments.Add(value);
        return arguments is [var only] ? only : Builtins.Joined(_run, [.. arguments]);
    }

    private TemplateValue Command(TemplateValue dot, CommandNode command, TemplateValue? final)
    {
        _run.Charge(1);
        var arguments = command.Arguments;
        var first = arguments[0];
        switch (first)
        {
            case FieldNode field:
                return Field(dot, field, arguments, final);
            case ChainNode chain:
                return Chain(dot, chain, arguments, final);
            case VariableNode variable:
                return VariableFields(dot, variable, arguments, final);
            case IdentifierNode identifier:
                return Function(dot, identifier, command, arguments, final);
            case PipeNode inner:
                RefuseArguments(arguments, final);
                return Pipeline(dot, inner);
        }
        _node = first;
        RefuseArguments(arguments, final);
        if (first is NilNode)
            Fail("nil is not a command");
        return first is DotNode ? dot : Constant(first);
    }

    private void RefuseArguments(List<Node> arguments, TemplateValue? final)
    {
        if (arguments.Count > 1 || final is not null)
            Fail($"can't give argument to non-function {arguments[0]}");
    }

    private TemplateValue Constant(Node node)
    {
        _node = node;
        switch (node)
        {
            case BoolNode boolean:
                return boolean.Value ? BoolValue.True : BoolValue.False;
            case StringNode text:
                return new StringValue(text.Value);
            case NumberNode { Complex: { } complex }:
                return new ComplexValue(complex);
            case NumberNode { LooksLikeFloat: true, Float: { } floating }:
                return new FloatValue(floating);
            case NumberNode { Int: { } integer }:
                return new IntValue(integer);
            default:
                Fail($"{node} overflows int");
                return NilValue.Instance;
        }
    }

    private TemplateValue Field(TemplateValue dot, FieldNode field, List<Node> arguments, TemplateValue? final)
    {
        _node = field;
        return Fields(dot, dot, field, field.Fields, arguments, final);
    }

    private TemplateValue Chain(TemplateValue dot, ChainNode chain, List<Node> arguments, TemplateValue? final)
    {
        _node = chain;
        if (chain.Term is NilNode)
            Fail($"indirection through explicit nil in {chain}");
        var term = Argument(dot, TemplateType.Any, chain.Term);
        return Fields(dot, term, chain, chain.Fields, arguments, final);
    }

    private TemplateValue VariableFields(TemplateValue dot, VariableNode variable, List<Node> arguments, TemplateValue? final)
    {
        _node = variable;
        var value = Variable(variable.Name);
        if (variable.Fields.Length > 0)
            return Fields(dot, value, variable, variable.Fields, arguments, final);
        RefuseArguments(arguments, final);
        return value;
    }

    private TemplateValue Fields(TemplateValue dot, TemplateValue receiver, Node node, string[] names, List<Node> arguments, TemplateValue? final)
    {
        foreach (var name in names.AsSpan(0, names.Length - 1))
            receiver = OneField(dot, receiver, node, name, NoArguments, null);
        // Arguments belong to the last of the chain.
        return OneField(dot, receiver, node, names[^1], arguments, final);
    }

    private TemplateValue OneField(TemplateValue dot, TemplateValue receiver, Node node, string name, List<Node> arguments, TemplateValue? final)
    {
        if (receiver is NilValue)
        {
            if (_run.Environment.MissingKey == MissingKey.Error)
                Fail($"nil data; no entry for key {GoQuote.Quote(name)}");
            return receiver;
        }
        if (receiver.Type.Methods.TryGetValue(name, out var method))
            return Invoke(dot, method, receiver, node, name, arguments, final);
        var hasArguments = arguments.Count > 1 || final is not null;
        if (receiver is ObjectValue value && value.Field(name) is { } field)
        {
            if (hasArguments)
                Fail($"{name} has arguments but cannot be invoked as function");
            return field;
        }
        if (receiver is MapValue map)
        {
            if (hasArguments)
                Fail($"{name} is not a method but has arguments");
            if (map.Entries.TryGetValue(name, out var entry))
                return entry;
            if (_run.Environment.MissingKey == MissingKey.Error)
                Fail($"map has no entry for key {GoQuote.Quote(name)}");
            return _run.Environment.MissingKey == MissingKey.Zero ? map.Type.Element.Zero : NilValue.Instance;
        }
        Fail($"can't evaluate field {name} in type {receiver.Type}");
        return receiver;
    }

    private TemplateValue Function(TemplateValue dot, IdentifierNode identifier, Node node, List<Node> arguments, TemplateValue? final)
    {
        _node = identifier;
        if (_run.Function(identifier.Name) is not { } function)
        {
            Fail($"{GoQuote.Quote(identifier.Name)} is not a defined function");
            return NilValue.Instance;
        }
        return Invoke(dot, function, null, node, identifier.Name, arguments, final);
    }

    /// <param name="arguments">The command's words; the first is the function itself.</param>
    private TemplateValue Invoke(TemplateValue dot, TemplateFunction function, TemplateValue? receiver, Node node, string name, List<Node> arguments, TemplateValue? final)
    {
        var given = Math.Max(arguments.Count - 1, 0);
        var count = given + (final is null ? 0 : 1);
        if (function.IsVariadic ? count < function.FixedCount : count != function.FixedCount)
            Fail($"wrong number of args for {name}: want {(function.IsVariadic ? "at least " : "")}{function.FixedCount} got {(function.IsVariadic ? given : count)}");
        if (Builtins.ShortCircuit(function) is { } stopsAt)
            return AndOr(dot, arguments, final, stopsAt);
        var offset = receiver is null ? 0 : 1;
        var values = new TemplateValue[count + offset];
        if (receiver is not null)
            values[0] = receiver;
        for (var i = 0; i < given; i++)
            values[i + offset] = Argument(dot, function.ParameterAt(i), arguments[i + 1]);
        if (final is not null)
            values[^1] = Fit(final, function.ParameterAt(count - 1));
        var result = function.Call(_run, values);
        if (result.Error is { } error)
        {
            _node = node;
            Fail($"error calling {name}: {error}");
        }
        if (result.Value is StringValue { Value.Length: var length } && length > _run.Environment.Limits.MaxOutputBytes)
            Fail($"text of {length} characters exceeds the limit of {_run.Environment.Limits.MaxOutputBytes} bytes", TemplateErrorKind.Limit);
        return result.Value;
    }

    /// <summary>and, or: the arguments are evaluated only until one decides.</summary>
    private TemplateValue AndOr(TemplateValue dot, List<Node> arguments, TemplateValue? final, bool stopsAt)
    {
        TemplateValue value = NilValue.Instance;
        for (var i = 1; i < arguments.Count; i++)
        {
            value = Argument(dot, TemplateType.Any, arguments[i]);
            if (value.IsTrue == stopsAt)
                return value;
        }
        return final ?? value;
    }
}
