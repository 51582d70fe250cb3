using ActorMon.Api.OpenApi;
using ActorMon.Api.Tests.Support;
using ActorMon.Testing.Conformance;
using YamlDotNet.RepresentationModel;

namespace ActorMon.Conformance.Tests.HttpApi;

/// <summary>
/// The description of the API against the original's: every operation with its id, tag, parameters, form and answers; every schema with its properties, which of them are
/// required, and their types.
/// </summary>
public sealed class OpenApiTests
{
    private static readonly Uri External = new("http://localhost:9090/");

    [ConformanceFact]
    public void Every_operation_is_described_as_in_the_original()
    {
        var run = new ConformanceRun("http-api", "openapi.operations");
        var ours = Root(OpenApiDocument.Write(OpenApiVersion.V31, "1", External));
        var theirs = Root(File.ReadAllText(ConformanceData.PathOf("http-api", "openapi-3.1.yaml")));
        foreach (var (path, method, operation) in Operations(theirs))
            run.Case($"{method} {path}", () => Assert.Equal(Shown(operation), Shown(Operations(ours).Single(o => o.Path == path && o.Method == method).Operation)));
        run.Finish(Operations(theirs).Count());
    }

    [ConformanceFact]
    public void Every_schema_has_the_properties_of_the_original()
    {
        var run = new ConformanceRun("http-api", "openapi.schemas");
        var ours = Map(Map(Root(OpenApiDocument.Write(OpenApiVersion.V31, "1", External)), "components"), "schemas");
        var theirs = Map(Map(Root(File.ReadAllText(ConformanceData.PathOf("http-api", "openapi-3.1.yaml"))), "components"), "schemas");
        foreach (var (name, schema) in theirs)
            run.Case(name.ToString(), () => Assert.Equal(Shape(schema), Shape(ours.Children[name])));
        run.Finish(theirs.Children.Count);
    }

    [Fact]
    public void Every_reference_of_the_description_leads_somewhere()
    {
        foreach (var version in Enum.GetValues<OpenApiVersion>())
        {
            var root = Root(OpenApiDocument.Write(version, "1", External));
            var schemas = Map(Map(root, "components"), "schemas").Children.Keys.Select(k => k.ToString()).ToHashSet(StringComparer.Ordinal);
            var references = References(root).ToList();
            Assert.NotEmpty(references);
            Assert.All(references, reference => Assert.Contains(reference["#/components/schemas/".Length..], schemas));
        }
    }

    /// <summary>The document and the routes below /api/v1 are the same list: what is added to one must be added to the other.</summary>
    [Fact]
    public void Every_route_is_described_and_every_operation_has_a_route()
    {
        const string prefix = "/api/v1";
        // The original's document does not describe itself either.
        const string itself = "get /api/v1/openapi.yaml";
        var routes = new ApiWorld().Routes.Where(route => route.Pattern.StartsWith(prefix + "/", StringComparison.Ordinal))
            .SelectMany(route => route.Methods, (route, method) => $"{method.ToLowerInvariant()} {route.Pattern}").Where(route => route != itself);
        var described = Operations(Root(OpenApiDocument.Write(OpenApiVersion.V32, "1", External))).ToList();
        Assert.Equal(routes.Order(StringComparer.Ordinal), described.Select(operation => $"{operation.Method} {prefix}{operation.Path}").Order(StringComparer.Ordinal));
        var ids = described.Select(operation => operation.Operation["operationId"].ToString()).ToList();
        Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
    }

    /// <summary>What clients are made from, as text.</summary>
    private static string Shown(YamlMappingNode operation)
    {
        var lines = new List<string> { "id " + operation["operationId"], "tags " + string.Join(',', (YamlSequenceNode)operation["tags"]) };
        if (operation.Children.TryGetValue("parameters", out var parameters))
            lines.AddRange(((YamlSequenceNode)parameters).Cast<YamlMappingNode>().Select(p => $"{p["in"]} {p["name"]} {p["required"]} {Kind((YamlMappingNode)p["schema"])}"));
        if (operation.Children.TryGetValue("requestBody", out var body))
            lines.Add("body " + Content((YamlMappingNode)body));
        foreach (var (code, response) in Map(operation, "responses"))
            lines.Add($"{code} {Content((YamlMappingNode)response)}");
        return string.Join('\n', lines);
    }

    private static string Content(YamlMappingNode holder) => holder.Children.TryGetValue("content", out var content)
        ? string.Join(' ', ((YamlMappingNode)content).Select(c => c.Key + " " + (Map((YamlMappingNode)c.Value, "schema").Children.TryGetValue("$ref", out var reference) ? reference : "")))
        : "";

    /// <summary>Properties with their kinds, those that are required marked; any order.</summary>
    private static string Shape(YamlNode node)
    {
        var schema = (YamlMappingNode)node;
        if (!schema.Children.TryGetValue("properties", out var properties))
            return Kind(schema);
        var required = schema.Children.TryGetValue("required", out var list) ? ((YamlSequenceNode)list).Select(r => r.ToString()).ToHashSet(StringComparer.Ordinal) : [];
        return string.Join('\n', ((YamlMappingNode)properties).Select(p => $"{p.Key}{(required.Contains(p.Key.ToString()) ? "!" : "")} {Kind((YamlMappingNode)p.Value)}").Order(StringComparer.Ordinal));
    }

    private static string Kind(YamlMappingNode schema) =>
        schema.Children.TryGetValue("$ref", out var reference) ? reference.ToString()
        : schema.Children.ContainsKey("anyOf") || schema.Children.ContainsKey("oneOf") ? "one of several"
        : !schema.Children.TryGetValue("type", out var type) ? "any"
        : type.ToString() == "array" ? $"[{Kind(Map(schema, "items"))}]" : type.ToString();

    private static IEnumerable<(string Path, string Method, YamlMappingNode Operation)> Operations(YamlMappingNode root) =>
        Map(root, "paths").SelectMany(path => (YamlMappingNode)path.Value, (path, method) => (path.Key.ToString(), method.Key.ToString(), (YamlMappingNode)method.Value));

    private static IEnumerable<string> References(YamlNode node) => node switch
    {
        YamlMappingNode map => map.SelectMany(pair => pair.Key.ToString() == "$ref" ? [pair.Value.ToString()] : References(pair.Value)),
        YamlSequenceNode list => list.SelectMany(References),
        _ => [],
    };

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node[key];

    private static YamlMappingNode Root(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }
}
