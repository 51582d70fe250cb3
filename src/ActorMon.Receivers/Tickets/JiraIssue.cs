using System.Text;
using System.Text.Json;
using ActorMon.Alerting.Notifications;
using ActorMon.Model.Text;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;

namespace ActorMon.Receivers.Tickets;

/// <summary>The fields of the group's issue. Version 3 of the API takes descriptions as documents in JSON, the versions before as text.</summary>
internal sealed class JiraIssue
{
    private const int MaxSummary = 255;
    private const int MaxDescription = 32767;

    private readonly bool _isVersion3;
    private readonly bool _updatesSummary, _updatesDescription;
    private readonly TemplatedText _summary, _description, _project, _type, _priority;
    private readonly IReadOnlyList<TemplatedText> _labels;
    private readonly IReadOnlyDictionary<string, TemplatedValue> _fields;

    public JiraIssue(SettingsReader reader)
    {
        _isVersion3 = Uri.TryCreate(reader.Text("api_url"), UriKind.Absolute, out var uri) && uri.AbsolutePath.TrimEnd('/').EndsWith("/3", StringComparison.Ordinal);
        _updatesSummary = reader.Section("summary")?.OptionalBool("enable_update") ?? true;
        _updatesDescription = reader.Section("description")?.OptionalBool("enable_update") ?? true;
        _summary = reader.Section("summary")?.Template("template") ?? TemplatedText.Empty;
        _description = reader.Section("description")?.Template("template") ?? TemplatedText.Empty;
        _project = reader.Template("project");
        _type = reader.Template("issue_type");
        _priority = reader.Template("priority");
        _labels = reader.TemplateList("labels");
        _fields = reader.Values("fields");
    }

    /// <summary>The label by which the issue is found again.</summary>
    public static string LabelOf(Composer composer) => $"ALERT{{{composer.GroupHash}}}";

    public byte[] Body(Composer composer, bool isUpdate)
    {
        var summary = Truncation.InCharacters(composer.Text(_summary), MaxSummary, out _);
        var (project, type) = (composer.Text(_project), composer.Text(_type));
        var fields = new SortedDictionary<string, Action<JsonText, string>>(StringComparer.Ordinal)
        {
            ["issuetype"] = (json, name) => json.Object(name, item => item.TextIfAny("name", type)),
            ["labels"] = (json, name) => json.Texts(name, Labels(composer)),
            ["project"] = (json, name) => json.Object(name, item => item.Text("key", project)),
        };
        if (!isUpdate || _updatesSummary)
            fields["summary"] = (json, name) => json.Text(name, summary);
        var description = Description(composer);
        if (description.Length > 0 && (!isUpdate || _updatesDescription))
            fields["description"] = _isVersion3 ? (json, name) => json.Raw(name, description) : (json, name) => json.Text(name, description);
        var priority = composer.Text(_priority);
        if (priority.Length > 0)
            fields["priority"] = (json, name) => json.Object(name, item => item.Text("name", priority));
        // The user's fields win.
        foreach (var (key, value) in _fields)
        {
            var rendered = value.Render(composer);
            fields[key] = (json, name) => json.Value(name, rendered);
        }
        return JsonText.Object(json => json.Object("fields", item =>
        {
            foreach (var (name, write) in fields)
                write(item, name);
        }));
    }

    private string[] Labels(Composer composer)
    {
        string[] labels = [.. _labels.Select(composer.Text), LabelOf(composer)];
        Array.Sort(labels, ByteText.Compare);
        return labels;
    }

    private string Description(Composer composer)
    {
        var text = Truncation.InCharacters(composer.Text(_description), MaxDescription, out _);
        if (!_isVersion3)
            return text;
        text = text.Trim();
        if (text.Length == 0)
            return "";
        try
        {
            using var document = JsonDocument.Parse(text);
            return Compact(text);
        }
        catch (JsonException)
        {
            composer.Fail("description template: invalid JSON for API v3");
            return "";
        }
    }

    /// <summary>Valid JSON without blanks between its tokens; what stands in it stays as it is written.</summary>
    private static string Compact(string json)
    {
        var text = new StringBuilder(json.Length);
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (c == '"')
                inString = !inString;
            if (inString && c == '\\')
                text.Append(c).Append(json[++i]);
            else if (inString || !char.IsWhiteSpace(c))
                text.Append(IsEscaped(c) ? FormattableString.Invariant($"\\u{(int)c:x4}") : c.ToString());
        }
        return text.ToString();
    }

    private static bool IsEscaped(char c) => c is '<' or '>' or '&' or '\u2028' or '\u2029';
}
