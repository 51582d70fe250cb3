using ActorMon.Alerting.Notifications;
using ActorMon.Http.Credentials;
using ActorMon.Http.Options;
using ActorMon.Model.Text;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Topics;

/// <summary>Amazon SNS: Publish of the query API, signed. A topic that keeps order takes the group's hash as its key of deduplication and of order.</summary>
internal sealed class Sns : HttpIntegration
{
    private const int MaxShortMessageBytes = 1600;
    private const int MaxBytes = 256 << 10;

    private readonly SigV4Options _signing;
    private readonly TemplatedText _url, _topic, _phone, _target, _subject, _message;
    private readonly IReadOnlyList<(TemplatedText Name, TemplatedText Value)> _attributes;

    public Sns(IntegrationParts parts) : base(parts, ClientOf(parts))
    {
        var reader = parts.Reader;
        _signing = parts.Http.SigV4 ?? new SigV4Options();
        _url = reader.Template("api_url");
        _topic = reader.Template("topic_arn");
        _phone = reader.Template("phone_number");
        _target = reader.Template("target_arn");
        _subject = reader.Template("subject");
        _message = reader.Template("message");
        _attributes = [.. reader.TemplateMap("attributes").Select(pair => (TemplatedText.Of(pair.Key, parts.Templates), pair.Value))];
    }

    protected override async Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        if (Address(composer) is not { } url)
            return TryAgain("region not configured in sns.sigv4.region or in default credentials chain");
        if (composer.Failure is { } unaddressed)
            return TryAgain("execute 'api_url' template: " + unaddressed, "clientError");
        var form = Form(composer, out var failed);
        if (composer.Failure is { } failure)
            return TryAgain($"execute '{failed}' template: {failure}", "clientError");
        var call = new HttpCall(HttpMethod.Post, url) { Body = ByteText.Encode(FormText.Encode(form)), ContentType = "application/x-www-form-urlencoded", HasPublicUrl = true };
        var answer = await SendAsync(call, cancellation).ConfigureAwait(false);
        return Refusal(answer, Between(answer.Body, "<Message>", "</Message>")) ?? NotifyResult.Sent();
    }

    /// <summary>Null: no region says where it is.</summary>
    private string? Address(Composer composer)
    {
        var environment = Context.Http.Environment;
        var region = new[] { _signing.Region, environment("AWS_REGION"), environment("AWS_DEFAULT_REGION") }.FirstOrDefault(name => name is { Length: > 0 });
        if (region is null)
            return null;
        return composer.Text(_url) is { Length: > 0 } url ? url : $"https://sns.{region}.amazonaws.com/";
    }

    private SortedDictionary<string, string> Form(Composer composer, out string failed)
    {
        var form = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["Action"] = "Publish", ["Version"] = "2010-03-31" };
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in _attributes)
            attributes[composer.Text(name)] = composer.Text(value);
        failed = "attributes";
        foreach (var (key, member, text) in new[] { ("topic_arn", "TopicArn", _topic), ("phone_number", "PhoneNumber", _phone), ("target_arn", "TargetArn", _target), ("subject", "Subject", _subject) })
        {
            if (ReferenceEquals(text, TemplatedText.Empty) || composer.Failure is not null)
                continue;
            failed = key;
            form[member] = composer.Text(text);
        }
        if (form.GetValueOrDefault("TopicArn") is { } topic && topic.EndsWith(".fifo", StringComparison.Ordinal))
            form["MessageDeduplicationId"] = form["MessageGroupId"] = composer.GroupHash;
        if (composer.Failure is null)
            failed = "message";
        form["Message"] = Cut(composer.Text(_message), form.ContainsKey("PhoneNumber") ? MaxShortMessageBytes : MaxBytes, attributes);
        var entry = 0;
        foreach (var (name, value) in attributes)
        {
            var prefix = FormattableString.Invariant($"MessageAttributes.entry.{++entry}.");
            form[prefix + "Name"] = name;
            form[prefix + "Value.DataType"] = "String";
            form[prefix + "Value.StringValue"] = value;
        }
        return form;
    }

    /// <summary>To a number of bytes, without a mark in the text: an attribute says it.</summary>
    private static string Cut(string text, int maxBytes, SortedDictionary<string, string> attributes)
    {
        if (ByteText.ByteCount(text) <= maxBytes)
            return text;
        attributes["truncated"] = "true";
        var (bytes, length) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > maxBytes)
                break;
            length += rune.Utf16SequenceLength;
        }
        return text[..length];
    }

    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal);
        var to = from < 0 ? -1 : text.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0 ? "" : System.Net.WebUtility.HtmlDecode(text[(from + start.Length)..to]);
    }

    /// <summary>The client of the cloud's own library knows TLS and proxies only.</summary>
    private static HttpClientOptions ClientOf(IntegrationParts parts) => parts.Reader.Bool("use_aws_http_client")
        ? HttpClientOptions.Default with { Tls = parts.Http.Tls, Proxy = parts.Http.Proxy, SigV4 = parts.Http.SigV4 }
        : parts.Http;
}
