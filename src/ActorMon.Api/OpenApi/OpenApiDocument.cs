namespace ActorMon.Api.OpenApi;

/// <summary>Writes the description of the API as YAML.</summary>
public static class OpenApiDocument
{
    private static readonly (string Name, string Summary, string Description)[] Tags =
    [
        ("query", "Query", "Evaluate PromQL expressions."), ("metadata", "Metadata", "Type, help and unit of metrics."), ("labels", "Labels", "Names and values of labels."),
        ("series", "Series", "What series there are."), ("targets", "Targets", "Targets and scrape pools."), ("rules", "Rules", "Alerting and recording rules."),
        ("alerts", "Alerts", "Active alerts and where they go."), ("status", "Status", "The node and its configuration."), ("admin", "Admin", "Deletion and snapshots."),
        ("features", "Features", "What is switched on."), ("remote", "Remote storage", "Remote read and write."), ("otlp", "OTLP", "Metrics of OpenTelemetry."),
        ("notifications", "Notifications", "What concerns the node."), ("cardinality", "Cardinality", "Where series come from and what limits them."),
    ];

    /// <param name="programVersion">Version of the node.</param>
    /// <param name="external">Address of the node as clients see it, its path prefix included.</param>
    public static string Write(OpenApiVersion version, string programVersion, Uri external)
    {
        var yaml = new YamlLines();
        yaml.Line(version == OpenApiVersion.V32 ? "openapi: 3.2.0" : "openapi: 3.1.0");
        Section(yaml, "info:", () =>
        {
            yaml.Line("title: ActorMon API");
            yaml.Line("description: The HTTP API of ActorMon, which is that of Prometheus.");
            yaml.Line("version: " + YamlLines.Quote(programVersion));
        });
        Section(yaml, "servers:", () => yaml.Line($"- url: '{external.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/v1'"));
        Section(yaml, "paths:", () =>
        {
            foreach (var path in OpenApiOperations.All.Where(o => version == OpenApiVersion.V32 || !o.Needs32).GroupBy(o => o.Path))
                Section(yaml, path.Key + ":", () =>
                {
                    foreach (var operation in path)
                        Section(yaml, operation.Method + ":", () => Operation(yaml, operation));
                });
        });
        Section(yaml, "components:", () => Section(yaml, "schemas:", () => Schemas(yaml)));
        Section(yaml, "tags:", () =>
        {
            foreach (var (name, summary, description) in Tags)
            {
                yaml.Item();
                yaml.Line("name: " + name);
                if (version == OpenApiVersion.V32)
                    yaml.Line("summary: " + summary);
                yaml.Line("description: " + YamlLines.Quote(description));
                yaml.Out();
            }
        });
        return yaml.ToString();
    }

    private static void Operation(YamlLines yaml, OpenApiOperation operation)
    {
        Section(yaml, "tags:", () => yaml.Line("- " + operation.Tag));
        yaml.Line("summary: " + YamlLines.Quote(operation.Summary));
        yaml.Line("operationId: " + operation.Id);
        if (operation.Parameters.Length > 0)
            Section(yaml, "parameters:", () => Parameters(yaml, operation));
        if (operation.Form.Length + operation.Body.Length > 0)
            Section(yaml, "requestBody:", () =>
            {
                Content(yaml, operation.Form.Length > 0 ? "application/x-www-form-urlencoded" : "application/json", operation.Form + operation.Body);
                yaml.Line("required: true");
            });
        Section(yaml, "responses:", () =>
        {
            Section(yaml, operation.Answer.Length == 0 ? "'204':" : "'200':", () => Answer(yaml, operation.Answer));
            Section(yaml, "default:", () =>
            {
                yaml.Line("description: Error.");
                Content(yaml, "application/json", "Error");
            });
        });
    }

    private static void Parameters(YamlLines yaml, OpenApiOperation operation)
    {
        foreach (var entry in operation.Parameters.Split(' '))
        {
            var key = entry.TrimEnd('!');
            var (schema, meaning) = OpenApiParameters.All[key];
            var name = key.Split('@')[0];
            var inPath = operation.Path.Contains("{" + name + "}", StringComparison.Ordinal);
            yaml.Item();
            yaml.Line("name: " + YamlLines.Quote(name));
            yaml.Line(inPath ? "in: path" : "in: query");
            yaml.Line("description: " + YamlLines.Quote(meaning));
            yaml.Line(entry.EndsWith('!') ? "required: true" : "required: false");
            Section(yaml, "schema:", () => SchemaNotation.Write(yaml, schema));
            yaml.Out();
        }
    }

    private static void Answer(YamlLines yaml, string answer)
    {
        yaml.Line("description: Success.");
        if (answer == "text/event-stream")
            Section(yaml, "content:", () => Section(yaml, answer + ":", () => Section(yaml, "itemSchema:", () => Event(yaml))));
        else if (answer.Contains('/', StringComparison.Ordinal))
            Section(yaml, "content:", () => Section(yaml, answer + ":", () => Section(yaml, "schema:", () => yaml.Line("type: string"))));
        else if (answer.Length > 0)
            Content(yaml, "application/json", answer);
    }

    private static void Event(YamlLines yaml)
    {
        yaml.Line("type: object");
        Section(yaml, "properties:", () => Section(yaml, "data:", () =>
        {
            yaml.Line("type: string");
            yaml.Line("contentMediaType: application/json");
            Section(yaml, "contentSchema:", () => yaml.Line("$ref: '#/components/schemas/Notification'"));
        }));
        Section(yaml, "required:", () => yaml.Line("- data"));
    }

    private static void Schemas(YamlLines yaml)
    {
        foreach (var (name, notation) in OpenApiSchemas.Others)
            Section(yaml, name + ":", () => SchemaNotation.Write(yaml, notation));
        foreach (var (name, data) in OpenApiSchemas.Answers)
            Section(yaml, name + ":", () => SchemaNotation.Write(
                yaml, data.Length == 0 ? "{status:str(success|error),warnings?:[str],infos?:[str]}" : $"{{status:str(success|error),data:{data},warnings?:[str],infos?:[str]}}"));
    }

    private static void Content(YamlLines yaml, string type, string schema) =>
        Section(yaml, "content:", () => Section(yaml, type + ":", () => Section(yaml, "schema:", () => yaml.Line($"$ref: '#/components/schemas/{schema}'"))));

    private static void Section(YamlLines yaml, string key, Action content)
    {
        yaml.Line(key);
        yaml.In();
        content();
        yaml.Out();
    }
}
