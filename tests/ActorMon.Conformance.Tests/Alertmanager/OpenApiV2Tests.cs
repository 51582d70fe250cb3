using System.Globalization;
using ActorMon.Api.Tests.Support;
using ActorMon.Testing.Conformance;
using YamlDotNet.RepresentationModel;

namespace ActorMon.Conformance.Tests.Alertmanager;

/// <summary>The API v2 against its description: every operation is there, takes the parameters, and answers as described, errors too.</summary>
public sealed class OpenApiV2Tests
{
    private static readonly YamlMappingNode Description = Load();

    [ConformanceFact]
    public void Every_operation_has_a_route()
    {
        var run = new ConformanceRun("alertmanager", "openapi-v2.operations");
        var routes = new ApiWorld().Routes;
        foreach (var (path, method, _) in Operations())
            foreach (var prefix in new[] { "", "/alertmanager" })
                run.Case($"{method} {prefix}{path}", () => Assert.Contains(method.ToUpperInvariant(), Assert.Single(routes, route => route.Pattern == prefix + "/api/v2" + path).Methods));
        run.Finish(18);
    }

    [ConformanceFact]
    public async Task Every_answer_is_as_described()
    {
        var run = new ConformanceRun("alertmanager", "openapi-v2.responses");
        var schema = new SwaggerSchema(Description);
        foreach (var (path, method, operation) in Operations())
            foreach (var (code, response) in (YamlMappingNode)operation["responses"])
                await run.CaseAsync($"{method} {path} {code}", async () =>
                {
                    var answer = await AskAsync(method.ToUpperInvariant(), path, int.Parse(code.ToString(), CultureInfo.InvariantCulture));
                    Assert.Equal(code.ToString(), answer.Status.ToString(CultureInfo.InvariantCulture));
                    if (schema.Resolve((YamlMappingNode)response).Children.TryGetValue("schema", out var body))
                        schema.Check((YamlMappingNode)body, answer.Json, "body");
                    else if (answer.Status != 500)
                        Assert.Equal("", answer.Text);
                });
        run.Finish(24);
    }

    [ConformanceFact]
    public async Task Every_parameter_counts()
    {
        var run = new ConformanceRun("alertmanager", "openapi-v2.parameters");
        var schema = new SwaggerSchema(Description);
        foreach (var (path, method, operation) in Operations())
            foreach (var parameter in Parameters(operation).Select(schema.Resolve).Where(parameter => parameter["in"].ToString() == "query"))
                await run.CaseAsync($"{method} {path} {parameter["name"]}", async () =>
                {
                    var world = await WorldAsync();
                    var name = parameter["name"].ToString();
                    var all = await world.Get("/api/v2" + path);
                    var narrowed = await world.Get($"/api/v2{path}?{name}={Narrowing(name)}");
                    Assert.Equal((200, 200), (all.Status, narrowed.Status));
                    // An alert is put to what holds it back before it is shown: none is unprocessed, here as in the original.
                    if (name == "unprocessed")
                        Assert.Equal(all.Text, narrowed.Text);
                    else
                        Assert.True(narrowed.Json.GetArrayLength() < all.Json.GetArrayLength() || narrowed.Text.Length < all.Text.Length);
                });
        run.Finish(19);
    }

    private static string Narrowing(string name) => name switch
    {
        "filter" => "a%3D%221%22",
        "receiver" => "other",
        "receiver_matchers" => "owner%3D%22blue%22",
        _ => "false",
    };

    /// <summary>A world with an alert and a silence of every kind.</summary>
    private static async Task<ApiWorld> WorldAsync()
    {
        var world = new ApiWorld();
        foreach (var (a, start, end) in new[] { ("1", "2023-11-14T22:00:00Z", "2099-01-01T00:00:00Z"), ("2", "2098-01-01T00:00:00Z", "2099-01-01T00:00:00Z"), ("3", "2023-11-14T22:00:00Z", "2023-11-14T22:13:21Z") })
            await world.PostJson("/api/v2/silences", $$"""{"comment":"c","createdBy":"me","matchers":[{"name":"a","value":"{{a}}","isRegex":false}],"startsAt":"{{start}}","endsAt":"{{end}}"}""");
        await world.PostJson("/api/v2/alerts", """
            [{"labels":{"alertname":"A","a":"1"},"generatorURL":"http://g/"},{"labels":{"alertname":"B","severity":"critical"}},{"labels":{"alertname":"B","severity":"warning"}},
            {"labels":{"alertname":"C","severity":"page"}},{"labels":{"alertname":"D"}},{"labels":{"alertname":"E","team":"x"},"annotations":{"s":"t"}}]
            """);
        world.Time.Advance(TimeSpan.FromSeconds(2));
        return world;
    }

    private static async Task<ApiReply> AskAsync(string method, string path, int code)
    {
        var world = await WorldAsync();
        var known = (await world.Get("/api/v2/silences")).Json[0].GetProperty("id").GetString()!;
        if (code == 500)
            world.Alertmanager.Trouble = "the cluster does not answer";
        var target = "/api/v2" + path.Replace("{silenceID}", code == 404 ? "d2d9e9c4-0000-4000-8000-000000000000" : known, StringComparison.Ordinal);
        var body = (path, code) switch
        {
            _ when method != "POST" => null,
            ("/alerts", 400) => """[{"labels":{"a":""}}]""",
            ("/alerts", _) => """[{"labels":{"a":"b"}}]""",
            (_, 400) => Silence("", ""),
            (_, 404) => Silence("d2d9e9c4-0000-4000-8000-000000000000", "x"),
            _ => Silence("", "x"),
        };
        return body is null ? await world.Send(method, code == 400 ? target + "?filter=(&receiver_matchers=(" : target) : await world.PostJson(target, body);
    }

    private static string Silence(string id, string value) => $$"""
        {"id":"{{id}}","comment":"c","createdBy":"me","matchers":[{"name":"a","value":"{{value}}","isRegex":false}],"startsAt":"2023-11-14T22:00:00Z","endsAt":"2099-01-01T00:00:00Z"}
        """;

    private static IEnumerable<YamlMappingNode> Parameters(YamlMappingNode operation) =>
        operation.Children.TryGetValue("parameters", out var parameters) ? ((YamlSequenceNode)parameters).Cast<YamlMappingNode>() : [];

    private static IEnumerable<(string Path, string Method, YamlMappingNode Operation)> Operations() =>
        ((YamlMappingNode)Description["paths"]).SelectMany(
            path => ((YamlMappingNode)path.Value).Where(method => method.Key.ToString() != "parameters"),
            (path, method) => (path.Key.ToString(), method.Key.ToString(), (YamlMappingNode)method.Value));

    private static YamlMappingNode Load()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(ConformanceData.PathOf("alertmanager", "openapi-v2.yaml"))));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }
}
