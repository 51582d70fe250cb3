using ActorMon.Testing.Http;

namespace ActorMon.Receivers.Tests;

/// <summary>Jira: one issue a group through its life.</summary>
public sealed class TicketTests
{
    private const string Settings = "{api_url: 'URL/rest/api/2', project: 'P {{ .Receiver }}', issue_type: Bug, labels: [zz, '{{ .Status }}'], description: 'd <{{ .Status }}>', resolve_transition: Done, reopen_transition: Again, "
        + "reopen_duration: 1h, fields: {customfield_1: {value: '{{ len .Alerts }}'}}}";

    private static readonly string Label = $"ALERT{{{Told.GroupHash}}}";

    [Fact]
    public async Task A_group_without_an_issue_gets_one()
    {
        await using var jira = new Bench(request => HttpReply.Ok(request.Target.EndsWith("/search", StringComparison.Ordinal) ? "{\"issues\":[]}" : "{\"key\":\"P-1\"}", "application/json"));
        Assert.Null((await jira.TellAsync("jira", Settings)).Outcome.Error);
        Assert.Equal(["POST /rest/api/2/search", "POST /rest/api/2/issue"], Lines(jira));
        Assert.Equal(
            "{\"fields\":[\"status\"],\"jql\":\"(resolutiondate is EMPTY OR resolutiondate \\u003e= -60m) and project=\\\"P team\\\" and labels=\\\"" + Label
            + "\\\" order by status ASC,resolutiondate DESC\",\"maxResults\":2}\n",
            jira.Requests.First().Text);
        Assert.Equal(
            "{\"fields\":{\"customfield_1\":{\"value\":1},\"description\":\"d \\u003cfiring\\u003e\",\"issuetype\":{\"name\":\"Bug\"},\"labels\":[\"" + Label + "\",\"firing\",\"zz\"],"
            + "\"priority\":{\"name\":\"High\"},\"project\":{\"key\":\"P team\"},\"summary\":\"[FIRING:1] Load (a critical)\"}}\n",
            jira.Requests.Last().Text);
        Assert.All(jira.Requests, request => Assert.Equal("en", request.Header("Accept-Language")));
    }

    [Fact]
    public async Task A_resolved_group_without_an_issue_gets_none()
    {
        await using var jira = new Bench(_ => HttpReply.Ok("{\"issues\":[]}", "application/json"));
        Assert.Null((await jira.TellAsync("jira", Settings, Told.Resolved)).Outcome.Error);
        Assert.Equal(["POST /rest/api/2/search"], Lines(jira));
    }

    [Fact]
    public async Task An_issue_is_changed_and_moved_when_its_alerts_are_over()
    {
        await using var jira = new Bench(request => request switch
        {
            { Target: "/rest/api/2/search" } => HttpReply.Ok(Known("new"), "application/json"),
            { Method: "GET" } => HttpReply.Ok("{\"transitions\":[{\"id\":\"3\",\"name\":\"No\"},{\"id\":\"7\",\"name\":\"Done\"}]}", "application/json"),
            _ => HttpReply.Of(204, "No Content"),
        });
        var settings = Settings.Replace("description: 'd <{{ .Status }}>'", "description: {template: d, enable_update: false}", StringComparison.Ordinal);
        Assert.Null((await jira.TellAsync("jira", settings, Told.Resolved)).Outcome.Error);
        Assert.Equal(["POST /rest/api/2/search", "PUT /rest/api/2/issue/P-9", "GET /rest/api/2/issue/P-9/transitions", "POST /rest/api/2/issue/P-9/transitions"], Lines(jira));
        Assert.DoesNotContain("description", jira.Requests.ElementAt(1).Text, StringComparison.Ordinal);
        Assert.Equal("{\"transition\":{\"id\":\"7\"}}\n", jira.Requests.Last().Text);
    }

    [Fact]
    public async Task A_closed_issue_of_alerts_that_fire_again_is_opened_and_a_missing_transition_is_told()
    {
        await using var jira = new Bench(request => HttpReply.Ok(request.Target.EndsWith("/search", StringComparison.Ordinal) ? Known("done") : "{\"transitions\":[]}", "application/json"));
        var outcome = (await jira.TellAsync("jira", Settings)).Outcome;
        Assert.Equal((false, "can't find transition Again for issue P-9"), (outcome.Retry, outcome.Error));
    }

    [Fact]
    public async Task The_cloud_is_searched_at_its_new_address_and_takes_documents()
    {
        await using var jira = new Bench(_ => HttpReply.Ok("{\"issues\":[]}", "application/json"));
        var settings = "{api_url: 'URL/rest/api/3', api_type: cloud, project: P, issue_type: Bug, wont_fix_resolution: Wont, description: '{ \"type\": \"doc\", \"t\": \"a b <\" }'}";
        Assert.Null((await jira.TellAsync("jira", settings)).Outcome.Error);
        Assert.Equal(["POST /rest/api/3/search/jql", "POST /rest/api/3/issue"], Lines(jira));
        Assert.Contains("(resolution is EMPTY or resolution != \\\"Wont\\\") and statusCategory != Done and project=", jira.Requests.First().Text, StringComparison.Ordinal);
        Assert.Contains("\"description\":{\"type\":\"doc\",\"t\":\"a b \\u003c\"},", jira.Requests.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_say_at_which_step()
    {
        await using var jira = new Bench(_ => HttpReply.Of(429, "x", "slow down"));
        var result = await jira.TellAsync("jira", Settings);
        Assert.Equal((true, "failed to look up existing issues: HTTP request to JIRA API: unexpected status code 429: slow down", "rateLimited"), (result.Outcome.Retry, result.Outcome.Error, result.FailureReason));
    }

    private static IEnumerable<string> Lines(Bench jira) => jira.Requests.Select(request => $"{request.Method} {request.Target}");

    private static string Known(string category) => "{\"issues\":[{\"key\":\"P-9\",\"fields\":{\"status\":{\"name\":\"x\",\"statusCategory\":{\"key\":\"" + category + "\"}}}}]}";
}
