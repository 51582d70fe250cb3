using ActorMon.Templates.Execution;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Notifications;

/// <summary>Route labels of one run: each is itself a template that may name others. Rendered at most once; a circle is an error, not a full stack.</summary>
internal sealed class RouteLabelResolver
{
    private readonly NotificationTemplates _files;
    private readonly MapValue _labels;
    private readonly TemplateValue _data;
    private readonly bool _rendered;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly List<string> _open = [];

    public RouteLabelResolver(NotificationTemplates files, MapValue labels, TemplateValue data, TemplateEnvironment environment, bool rendered, CancellationToken cancellation)
    {
        _files = files;
        _labels = labels;
        _data = data;
        _rendered = rendered;
        _cancellation = cancellation;
        Environment = environment with { RouteLabel = Resolve };
    }

    /// <summary>The environment in which templates see the labels.</summary>
    public TemplateEnvironment Environment { get; }

    private FunctionResult Resolve(string name)
    {
        if (!_labels.Entries.TryGetValue(name, out var raw) || raw is not StringValue { Value: var text })
            return "";
        if (_rendered || text.Length == 0)
            return text;
        if (_known.TryGetValue(name, out var known))
            return known;
        if (_open.Contains(name))
            return FunctionResult.Fail($"route label cycle detected: {string.Join(" -> ", _open)} -> {name}");
        if (!StackRoom.IsLeft)
            return FunctionResult.Fail("route labels nest too deeply");
        if (!_files.TryCompile(text, out var template, out var error))
            return FunctionResult.Fail(error.Message);
        _open.Add(name);
        var result = template.RunWith(_data, Environment, _cancellation);
        _open.RemoveAt(_open.Count - 1);
        if (result.Output is not { } output)
            return FunctionResult.Fail(result.Error!.Message);
        return _known[name] = output;
    }
}
