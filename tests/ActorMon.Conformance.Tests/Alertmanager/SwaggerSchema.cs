using System.Globalization;
using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace ActorMon.Conformance.Tests.Alertmanager;

/// <summary>Validates JSON against the schemas of a Swagger 2 description: what the Alertmanager's uses of them, nothing more.</summary>
internal sealed class SwaggerSchema(YamlMappingNode root)
{
    public YamlMappingNode Resolve(YamlMappingNode node)
    {
        while (node.Children.TryGetValue("$ref", out var reference))
            node = reference.ToString()["#/".Length..].Split('/').Aggregate(root, (at, key) => (YamlMappingNode)at[key]);
        return node;
    }

    /// <summary>Fails with the place where the value is not as described; a member no schema has is a fault too.</summary>
    public void Check(YamlMappingNode schema, JsonElement value, string place)
    {
        var members = new HashSet<string>(StringComparer.Ordinal);
        CheckParts(schema, value, place, members);
        if (value.ValueKind == JsonValueKind.Object && members.Count > 0)
            foreach (var member in value.EnumerateObject())
                Assert.True(members.Contains(member.Name), $"{place}.{member.Name} is not described");
    }

    private void CheckParts(YamlMappingNode schema, JsonElement value, string place, HashSet<string> members)
    {
        schema = Resolve(schema);
        if (schema.Children.TryGetValue("allOf", out var all))
            foreach (var part in (YamlSequenceNode)all)
                CheckParts((YamlMappingNode)part, value, place, members);
        if (schema.Children.TryGetValue("type", out var type))
            CheckType(schema, type.ToString(), value, place, members);
        if (schema.Children.TryGetValue("enum", out var allowed))
            Assert.Contains(value.GetString(), ((YamlSequenceNode)allowed).Select(text => text.ToString()));
    }

    private void CheckType(YamlMappingNode schema, string type, JsonElement value, string place, HashSet<string> members)
    {
        switch (type)
        {
            case "object":
                Assert.True(value.ValueKind == JsonValueKind.Object, $"{place} is no object");
                CheckObject(schema, value, place, members);
                break;
            case "array":
                Assert.True(value.ValueKind == JsonValueKind.Array, $"{place} is no array");
                if (schema.Children.TryGetValue("minItems", out var least))
                    Assert.True(value.GetArrayLength() >= int.Parse(least.ToString(), CultureInfo.InvariantCulture), $"{place} is too short");
                for (var i = 0; i < value.GetArrayLength(); i++)
                    Check((YamlMappingNode)schema["items"], value[i], $"{place}[{i}]");
                break;
            case "boolean":
                Assert.True(value.ValueKind is JsonValueKind.True or JsonValueKind.False, $"{place} is no boolean");
                break;
            case "string":
                Assert.True(value.ValueKind == JsonValueKind.String, $"{place} is no string");
                if (schema.Children.TryGetValue("format", out var format) && format.ToString() == "date-time")
                    Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", value.GetString());
                break;
            default:
                throw new FormatException(type);
        }
    }

    private void CheckObject(YamlMappingNode schema, JsonElement value, string place, HashSet<string> members)
    {
        if (schema.Children.TryGetValue("required", out var required))
            foreach (var name in (YamlSequenceNode)required)
                Assert.True(value.TryGetProperty(name.ToString(), out _), $"{place}.{name} is missing");
        if (schema.Children.TryGetValue("properties", out var properties))
            foreach (var (name, property) in (YamlMappingNode)properties)
            {
                members.Add(name.ToString());
                if (value.TryGetProperty(name.ToString(), out var member))
                    Check((YamlMappingNode)property, member, $"{place}.{name}");
            }
        if (schema.Children.TryGetValue("additionalProperties", out var rest))
            foreach (var member in value.EnumerateObject())
                Check((YamlMappingNode)rest, member.Value, $"{place}.{member.Name}");
    }
}
