namespace ActorMon.Receivers.Composing;

/// <summary>
/// A value of any shape whose texts, and names of members, are templates (webhook payload, pagerduty details, jira fields). A text that renders to something
/// that YAML takes for a list, a map, a number, a flag or nothing becomes that.
/// </summary>
internal sealed class TemplatedValue
{
    private readonly object? _shape;

    private TemplatedValue(object? shape) => _shape = shape;

    public static TemplatedValue Of(object? value, Func<string, TemplatedText> compile) => new(Compile(value, compile));

    public object? Render(Composer composer) => Render(_shape, composer);

    private static object? Compile(object? value, Func<string, TemplatedText> compile) => value switch
    {
        string text => compile(text),
        IEnumerable<KeyValuePair<string, object?>> map => map.Select(pair => (Name: compile(pair.Key), Value: Compile(pair.Value, compile))).ToArray(),
        System.Collections.IEnumerable items => items.Cast<object?>().Select(item => Compile(item, compile)).ToArray(),
        _ => value,
    };

    private static object? Render(object? shape, Composer composer)
    {
        switch (shape)
        {
            case TemplatedText template:
                var text = composer.Text(template);
                return composer.ReadYaml(text, out var value) && value is not string ? value : text;
            case (TemplatedText, object?)[] members:
                var map = new Dictionary<string, object?>(StringComparer.Ordinal);
                foreach (var (name, member) in members)
                    map[composer.Text(name)] = Render(member, composer);
                return map;
            case object?[] items:
                return items.Select(item => Render(item, composer)).ToList();
            default:
                return shape;
        }
    }
}
