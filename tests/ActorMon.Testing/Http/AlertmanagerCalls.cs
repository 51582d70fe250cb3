using System.Net;
using System.Text;
using System.Text.Json;

namespace ActorMon.Testing.Http;

/// <summary>What people and senders say to a node's Alertmanager; a node is named by its URL.</summary>
public static class AlertmanagerCalls
{
    /// <summary>Where the calls are that the original does not have.</summary>
    public const string Management = "/api/v1/alertmanager";

    /// <summary>The labels of an alert that has a name alone, as a parameter of a URL or form.</summary>
    public static string Labels(string name) => Uri.EscapeDataString($$"""{"alertname":"{{name}}"}""");

    /// <summary>A silence of the alerts of a name, JSON.</summary>
    /// <param name="more">Further members, from a comma on.</param>
    public static string Silence(string name, DateTimeOffset start, DateTimeOffset end, string by, string comment, string more = "") =>
        $$"""{"matchers":[{"name":"alertname","value":"{{name}}","isRegex":false}],"startsAt":"{{start:O}}","endsAt":"{{end:O}}","createdBy":"{{by}}","comment":"{{comment}}"{{more}}}""";

    /// <summary>Makes a silence; returns its id.</summary>
    /// <exception cref="HttpRequestException">It is refused.</exception>
    public static async Task<string> SilenceAsync(Uri node, string json)
    {
        using var answer = await AskAsync(node, HttpMethod.Post, "/api/v2/silences", Json(json));
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException(text, null, answer.StatusCode);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.GetProperty("silenceID").GetString()!;
    }

    /// <param name="json">Null: no body.</param>
    public static Task<HttpStatusCode> SendAsync(Uri node, HttpMethod method, string path, string? json) => StatusAsync(node, method, path, json is null ? null : Json(json));

    public static Task<HttpStatusCode> FormAsync(Uri node, string path, string form) =>
        StatusAsync(node, HttpMethod.Post, path, new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded"));

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<HttpStatusCode> StatusAsync(Uri node, HttpMethod method, string path, HttpContent? content)
    {
        using var answer = await AskAsync(node, method, path, content);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> AskAsync(Uri node, HttpMethod method, string path, HttpContent? content)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(node, path)) { Content = content };
        return await http.SendAsync(request);
    }
}
