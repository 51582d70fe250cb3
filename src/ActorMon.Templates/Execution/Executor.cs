using System.Diagnostics.CodeAnalysis;
using ActorMon.Model.Text;
using ActorMon.Templates.Printing;
using ActorMon.Templates.Syntax;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Execution;

/// <summary>Walks one template's tree (text/template's rules of evaluation and its error texts). Statements are here.</summary>
internal sealed partial class Executor
{
    private readonly TemplateRun _run;
    private readonly OutputSink _sink;
    private readonly string _name;
    private readonly int _depth;
    private readonly List<(string Name, TemplateValue Value)> _variables;

    // Where the run is, for messages; evaluation moves it as it goes, as in the original.
    private Node _node;

    private Executor(TemplateRun run, OutputSink sink, string name, Node root, TemplateValue data, int depth)
    {
        _run = run;
        _sink = sink;
        _name = name;
        _node = root;
        _depth = depth;
        _variables = [("$", data)];
    }

    private enum Flow : byte
    {
        Next,
        Break,
        Continue,
    }

    /// <summary>Runs a template over data.</summary>
    /// <exception cref="TemplateFailure">The run failed or exceeded a limit.</exception>
    public static void Run(TemplateRun run, OutputSink sink, string name, ListNode root, TemplateValue data, int depth)
    {
        var executor = new Executor(run, sink, name, root, data, depth);
        var outer = run.Depth;
        if (depth >= run.Environment.Limits.MaxDepth)
            executor.Fail($"exceeded maximum template depth ({run.Environment.Limits.MaxDepth})", TemplateErrorKind.Limit);
        run.Depth = depth;
        executor.Walk(data, root);
        run.Depth = outer;
    }

    private Flow Walk(TemplateValue dot, Node node)
    {
        _node = node;
        _run.Charge(1);
        switch (node)
        {
            case TextNode text:
                _sink.Text(text);
                return Flow.Next;
            case ActionNode action:
                Action(dot, action);
                return Flow.Next;
            case ListNode list:
                if (!StackRoom.IsLeft)
                    Fail("template nests too deeply", TemplateErrorKind.Limit);
                foreach (var child in list.Nodes)
                    if (Walk(dot, child) is var flow && flow != Flow.Next)
                        return flow;
                return Flow.Next;
            case BranchNode { Kind: BranchKind.Range } range:
                return Range(dot, range);
            case BranchNode branch:
                return IfOrWith(dot, branch);
            case TemplateNode template:
                Call(dot, template);
                return Flow.Next;
            default:
                return ((WordNode)node).Word == TokenKind.Break ? Flow.Break : Flow.Continue;
        }
    }

    private void Action(TemplateValue dot, ActionNode action)
    {
        // Variables it declares last until the end of the statement around it.
        if (action.Pipe.Variables.Count > 0)
        {
            Pipeline(dot, action.Pipe);
            return;
        }
        var value = _sink.TakesOver(action.Pipe) ? WithoutEscaper(dot, action.Pipe) : Pipeline(dot, action.Pipe);
        _node = action;
        if (value is FunctionValue)
            Fail($"can't print {action} of type {value.Type}");
        _sink.Value(value);
    }

    private Flow IfOrWith(TemplateValue dot, BranchNode branch)
    {
        var mark = _variables.Count;
        var value = Pipeline(dot, branch.Pipe);
        var flow = Flow.Next;
        if (value.IsTrue)
            flow = Walk(branch.Kind == BranchKind.With ? value : dot, branch.Body);
        else if (branch.Otherwise is { } otherwise)
            flow = Walk(dot, otherwise);
        Pop(mark);
        return flow;
    }

    private Flow Range(TemplateValue dot, BranchNode range)
    {
        var outer = _variables.Count;
        var value = Pipeline(dot, range.Pipe);
        var mark = _variables.Count;
        var count = 0L;
        var flow = Flow.Next;
        switch (value)
        {
            case ListValue list:
                for (; count < list.Items.Count && flow != Flow.Break; count++)
                    flow = Iteration(range, mark, new IntValue(count), list.Items[(int)count]);
                break;
            case MapValue map:
                foreach (var (key, element) in map.Entries)
                {
                    if (flow == Flow.Break)
                        break;
                    flow = Iteration(range, mark, new StringValue(key), element);
                    count++;
                }
                break;
            case IntValue or UintValue:
                if (range.Pipe.Variables.Count > 1)
                    Fail($"can't use {GoPrinter.Text(value, _run)} to iterate over more than one variable");
                var end = value is IntValue { Value: var signed } ? signed : (long)Math.Min(((UintValue)value).Value, long.MaxValue);
                for (; count < end && flow != Flow.Break; count++)
                    flow = Iteration(range, mark, new IntValue(count), new IntValue(count));
                break;
            case NilValue:
                break;
            default:
                Fail($"range can't iterate over {GoPrinter.Text(value, _run)}");
                break;
        }
        flow = Flow.Next;
        if (count == 0 && range.Otherwise is { } otherwise)
            flow = Walk(dot, otherwise);
        Pop(outer);
        return flow;
    }

    private Flow Iteration(BranchNode range, int mark, TemplateValue index, TemplateValue element)
    {
        var variables = range.Pipe.Variables;
        for (var i = 0; i < variables.Count; i++)
        {
            // With one variable it is the element, with two the index comes first.
            var value = i == 0 && variables.Count > 1 ? index : element;
            if (range.Pipe.IsAssignment)
                Assign(variables[i], value);
            else
                _variables[mark - variables.Count + i] = (variables[i], value);
        }
        var flow = Walk(element, range.Body);
        Pop(mark);
        return flow;
    }

    private void Call(TemplateValue dot, TemplateNode call)
    {
        if (_run.Template(call.Name) is not { } tree)
        {
            Fail($"template {GoQuote.Quote(call.Name)} not defined");
            return;
        }
        if (_depth + 1 >= _run.Environment.Limits.MaxDepth)
            Fail($"exceeded maximum template depth ({_run.Environment.Limits.MaxDepth})", TemplateErrorKind.Limit);
        var data = call.Pipe is null ? NilValue.Instance : Pipeline(dot, call.Pipe);
        Run(_run, _sink, call.Name, tree, data, _depth + 1);
    }

    private void Pop(int mark) => _variables.RemoveRange(mark, _variables.Count - mark);

    private void Assign(string name, TemplateValue value)
    {
        var at = _variables.FindLastIndex(v => v.Name == name);
        if (at < 0)
            Fail($"undefined variable: {name}");
        _variables[at] = (name, value);
    }

    private TemplateValue Variable(string name)
    {
        var at = _variables.FindLastIndex(v => v.Name == name);
        if (at < 0)
            Fail($"undefined variable: {name}");
        return _variables[at].Value;
    }

    [DoesNotReturn]
    private void Fail(string message, TemplateErrorKind kind = TemplateErrorKind.Execution) => TemplateFailure.Throw(kind,
        $"template: {_node.Source.Locate(_node.Position)}: executing {GoQuote.Quote(_name)} at <{_node}>: {message}");
}
