using ActorMon.Testing.Http;

namespace ActorMon.Receivers.Tests;

/// <summary>Amazon SNS.</summary>
public sealed class TopicTests : IAsyncDisposable
{
    private const string Keys = "sigv4: {region: eu-1, access_key: AK, secret_key: SK}";

    private readonly Bench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_message_is_published_as_a_signed_form()
    {
        var (line, body) = await _bench.RequestAsync("sns", $"{{api_url: URL, topic_arn: 'arn:t', subject: s, message: 'm {{{{ .Status }}}}', attributes: {{b: '{{{{ .Receiver }}}}', a: x}}, {Keys}}}");
        Assert.Equal("POST /", line);
        Assert.Equal(
            "Action=Publish&Message=m+firing&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=x"
            + "&MessageAttributes.entry.2.Name=b&MessageAttributes.entry.2.Value.DataType=String&MessageAttributes.entry.2.Value.StringValue=team&Subject=s&TopicArn=arn%3At&Version=2010-03-31",
            body);
        var request = Assert.Single(_bench.Requests);
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AK/20240304/eu-1/sns/aws4_request, SignedHeaders=", request.Header("Authorization"), StringComparison.Ordinal);
        Assert.Equal("application/x-www-form-urlencoded", request.Header("Content-Type"));
    }

    [Fact]
    public async Task A_topic_that_keeps_order_gets_the_groups_hash_as_its_keys()
    {
        await _bench.RequestAsync("sns", $"{{api_url: URL, topic_arn: 'arn:t.fifo', {Keys}}}");
        var form = Assert.Single(_bench.Requests).Form;
        Assert.Equal((Told.GroupHash, Told.GroupHash), (form["MessageDeduplicationId"], form["MessageGroupId"]));
    }

    [Fact]
    public async Task A_long_message_to_a_telephone_is_cut_and_marked()
    {
        await _bench.RequestAsync("sns", $"{{api_url: URL, phone_number: '12', message: '{new string('ü', 801)}', {Keys}}}");
        var form = Assert.Single(_bench.Requests).Form;
        Assert.Equal((new string('ü', 800), "truncated", "true"), (form["Message"], form["MessageAttributes.entry.1.Name"], form["MessageAttributes.entry.1.Value.StringValue"]));
    }

    [Fact]
    public async Task Refusals_say_why_and_wrong_texts_which()
    {
        await using var strict = new Bench(_ => HttpReply.Of(404, "x", "<ErrorResponse><Error><Code>NotFound</Code><Message>no &quot;topic&quot;</Message></Error></ErrorResponse>"));
        var result = await strict.TellAsync("sns", $"{{api_url: URL, topic_arn: 'arn:t', {Keys}}}");
        Assert.Equal((false, "unexpected status code 404: no \"topic\"", "clientError"), (result.Outcome.Retry, result.Outcome.Error, result.FailureReason));
        result = await strict.TellAsync("sns", $"{{api_url: URL, topic_arn: '{{{{ template \"x\" }}}}', {Keys}}}");
        Assert.StartsWith("execute 'topic_arn' template: template: :1:", result.Outcome.Error, StringComparison.Ordinal);
        result = await strict.TellAsync("sns", "{api_url: URL, topic_arn: 'arn:t', sigv4: {access_key: AK, secret_key: SK}}");
        Assert.Equal("region not configured in sns.sigv4.region or in default credentials chain", result.Outcome.Error);
    }
}
