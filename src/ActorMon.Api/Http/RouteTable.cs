using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.Http;

/// <summary>Handles one request; <paramref name="parameter"/> is the text that stood for {name} in the route, decoded, or "".</summary>
public delegate Task RouteHandler(HttpContext context, string parameter);

/// <param name="Pattern">Path with at most one <c>{name}</c> segment; it is also the handler label of the request metrics, written :name as in the original.</param>
/// <param name="NeedsReady">Answered with 503 until the node is ready.</param>
public sealed record Route(string Pattern, RouteHandler Handler, bool NeedsReady, params string[] Methods)
{
    /// <summary>Body of the 405 that another method gets.</summary>
    public string WrongMethodText { get; init; } = "Method Not Allowed\n";

    /// <summary>Answers another method in place of that text; null: the text does.</summary>
    public RouteHandler? WrongMethod { get; init; }

    public string HandlerLabel { get; } = Pattern.Replace("{", ":", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
}

/// <summary>Finds the route of a path. Exact paths by dictionary; patterns with a parameter by prefix and suffix, first match.</summary>
public sealed class RouteTable
{
    private readonly Dictionary<string, Route> _exact = new(StringComparer.Ordinal);
    private readonly List<(string Prefix, string Suffix, Route Route)> _patterns = [];

    public RouteTable(IEnumerable<Route> routes)
    {
        All = [.. routes];
        foreach (var route in All)
        {
            var open = route.Pattern.IndexOf('{', StringComparison.Ordinal);
            if (open < 0)
                _exact.Add(route.Pattern, route);
            else
                _patterns.Add((route.Pattern[..open], route.Pattern[(route.Pattern.IndexOf('}', StringComparison.Ordinal) + 1)..], route));
        }
    }

    public IReadOnlyList<Route> All { get; }

    public (Route Route, string Parameter)? Find(string path)
    {
        if (_exact.TryGetValue(path, out var exact))
            return (exact, "");
        foreach (var (prefix, suffix, route) in _patterns)
        {
            if (path.Length <= prefix.Length + suffix.Length || !path.StartsWith(prefix, StringComparison.Ordinal) || !path.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            var parameter = path[prefix.Length..^suffix.Length];
            // A {name} stands for one segment; only a pattern that ends with it takes the rest of the path.
            if (suffix.Length > 0 && parameter.Contains('/', StringComparison.Ordinal))
                continue;
            return (route, parameter);
        }
        return null;
    }
}
