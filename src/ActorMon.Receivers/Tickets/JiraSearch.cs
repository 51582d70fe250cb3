using System.Globalization;
using System.Text;
using ActorMon.Model.Text;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Tickets;

/// <summary>Looks for the group's issue: an open one, or, when alerts fire, one that was closed short enough ago to be opened again.</summary>
internal sealed class JiraSearch(SettingsReader reader)
{
    private readonly string _url = reader.Text("api_url");
    private readonly string _apiType = reader.Text("api_type");
    private readonly TemplatedText _project = reader.Template("project");
    private readonly string _wontFix = reader.Text("wont_fix_resolution");
    private readonly bool _reopens = reader.Text("reopen_transition").Length > 0;
    private readonly long _reopenMinutes = (long)reader.Duration("reopen_duration").TotalMinutes;

    public (string Url, byte[] Body) Request(Composer composer)
    {
        var query = Query(composer);
        var body = JsonText.Object(json =>
        {
            json.Texts("fields", ["status"]);
            json.Text("jql", query);
            json.Number("maxResults", 2);
        });
        // The cloud has a new address for searches, which the data center does not know.
        return IsCloud()
            ? (ReplaceFirst(UrlText.JoinPath(_url, "search/jql"), "/rest/api/2/", "/rest/api/3/"), body)
            : (UrlText.JoinPath(_url, "search"), body);
    }

    private string Query(Composer composer)
    {
        var query = new StringBuilder();
        if (_wontFix.Length > 0)
            query.Append(CultureInfo.InvariantCulture, $"(resolution is EMPTY or resolution != {GoQuote.Quote(_wontFix)}) and ");
        if (composer.IsFiring && _reopens && _reopenMinutes > 0)
            query.Append(CultureInfo.InvariantCulture, $"(resolutiondate is EMPTY OR resolutiondate >= -{_reopenMinutes}m) and ");
        else
            query.Append("statusCategory != Done and ");
        return query.Append(CultureInfo.InvariantCulture, $"project={GoQuote.Quote(composer.Text(_project))} and labels={GoQuote.Quote(JiraIssue.LabelOf(composer))} order by status ASC,resolutiondate DESC").ToString();
    }

    private bool IsCloud() => _apiType switch
    {
        "cloud" => true,
        "auto" => Uri.TryCreate(_url, UriKind.Absolute, out var uri) && uri.Authority.EndsWith("atlassian.net", StringComparison.Ordinal),
        _ => false,
    };

    private static string ReplaceFirst(string text, string what, string by)
    {
        var at = text.IndexOf(what, StringComparison.Ordinal);
        return at < 0 ? text : text[..at] + by + text[(at + what.Length)..];
    }
}
