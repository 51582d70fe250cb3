using System.Collections.Frozen;

namespace ActorMon.Templates.Values;

/// <summary>The functions a template may name besides the language's own. Immutable.</summary>
public sealed class FunctionTable
{
    private readonly FrozenDictionary<string, TemplateFunction> _functions;

    public FunctionTable(IEnumerable<TemplateFunction> functions) => _functions = functions.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>No functions but the language's own.</summary>
    public static FunctionTable Empty { get; } = new([]);

    /// <summary>The names, in the order of their letters.</summary>
    public IEnumerable<string> Names => _functions.Keys.Order(StringComparer.Ordinal);

    public TemplateFunction? Find(string name) => _functions.GetValueOrDefault(name);
}
