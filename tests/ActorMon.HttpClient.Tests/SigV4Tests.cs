using System.Net;
using System.Text;
using ActorMon.Http.Files;
using ActorMon.Http.Options;
using ActorMon.Http.Signing;
using ActorMon.Testing.Http;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Http.Tests;

public sealed class SigV4Tests
{
    private const string Key = "AKIDEXAMPLE";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private static readonly DateTimeOffset Now = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    // Published examples of the signature's own documentation and test suite.
    [Theory]
    [InlineData("GET", "https://example.amazonaws.com/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "https://example.amazonaws.com/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "https://example.amazonaws.com/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void A_request_is_signed_as_the_suite_of_the_signature_has_it(string method, string uri, string signature)
    {
        var header = SigV4Signature.Of(
            method, new Uri(uri), [("host", "example.amazonaws.com"), ("x-amz-date", "20150830T123600Z")], SigV4Signature.HashOf([]), new AwsKeys(Key, Secret), "us-east-1", "service", Now);
        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential={Key}/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}", header);
    }

    [Fact]
    public async Task A_client_signs_what_it_posts_and_leaves_the_request_as_it_was()
    {
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        using var client = new TestClient(Options(new SigV4Options { Region = "eu-north-1", AccessKey = Key, SecretKey = Secret }), Context());
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url("/api/v2/alerts")) { Content = new StringContent("[]", Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request);

        var seen = server.Requests.Single();
        Assert.StartsWith($"AWS4-HMAC-SHA256 Credential={Key}/20150830/eu-north-1/aps/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-date, Signature=", seen.Header("Authorization"), StringComparison.Ordinal);
        Assert.Equal("20150830T123600Z", seen.Header("X-Amz-Date"));
        Assert.Equal("[]", seen.Text);
        Assert.Empty(request.Headers);
    }

    [Fact]
    public async Task Keys_and_region_come_from_the_environment_when_the_options_have_none()
    {
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        using var client = new TestClient(
            Options(new SigV4Options()), Context(("AWS_ACCESS_KEY_ID", "ENVKEY"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_SESSION_TOKEN", "token"), ("AWS_DEFAULT_REGION", "us-west-2")));
        await client.GetAsync(server.Url());
        Assert.Contains("Credential=ENVKEY/20150830/us-west-2/aps/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token,", server.Requests.Single().Header("Authorization"), StringComparison.Ordinal);
        Assert.Equal("token", server.Requests.Single().Header("X-Amz-Security-Token"));
    }

    [Fact]
    public async Task A_profile_of_the_shared_file_is_read_at_each_use()
    {
        await using var server = LoopbackServer.Http(_ => HttpReply.Ok());
        var files = new OneFile { Text = "[default]\naws_access_key_id = D\naws_secret_access_key = d\n\n# mine\n[mine]\naws_access_key_id = ONE\naws_secret_access_key = s\n" };
        using var client = new TestClient(
            Options(new SigV4Options { Region = "r", Profile = "mine" }), Context(("HOME", "/home/x"), ("AWS_ACCESS_KEY_ID", "E"), ("AWS_SECRET_ACCESS_KEY", "e")) with { Files = files });
        await client.GetAsync(server.Url());
        files.Text = files.Text.Replace("ONE", "TWO", StringComparison.Ordinal);
        await client.GetAsync(server.Url());
        Assert.Equal("/home/x/.aws/credentials", files.Path);
        Assert.Equal(["Credential=ONE/", "Credential=TWO/"], server.Requests.Select(r => r.Header("Authorization")!.Split(' ')[1][..15]));
    }

    [Fact]
    public async Task Without_keys_or_region_a_request_fails_with_the_reason()
    {
        using var noRegion = new TestClient(Options(new SigV4Options { AccessKey = Key, SecretKey = Secret }), Context());
        Assert.EndsWith("region not configured in sigv4 or in default credentials chain", await noRegion.FailureAsync(new Uri("http://127.0.0.1:1/")), StringComparison.Ordinal);
        using var noKeys = new TestClient(Options(new SigV4Options { Region = "r" }), Context() with { Files = new OneFile() });
        Assert.EndsWith("could not get SigV4 credentials: no keys in the options, the environment or profile \"default\"", await noKeys.FailureAsync(new Uri("http://127.0.0.1:1/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_is_assumed_once_until_its_keys_expire()
    {
        var time = new FakeTimeProvider(Now);
        var sts = new Answers(() => $"""
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
            <SessionToken>t</SessionToken><Expiration>{time.GetUtcNow().AddHours(1):yyyy-MM-ddTHH:mm:ssZ}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
            """);
        var server = new Answers(() => "");
        var options = new SigV4Options { Region = "eu-west-1", AccessKey = Key, SecretKey = Secret, RoleArn = "arn:aws:iam::1:role/x", ExternalId = "me" };
        using var client = new HttpMessageInvoker(new SigV4Handler(options, Context() with { Time = time }, server, sts));
        foreach (var wait in new[] { 0, 30, 40 })
        {
            time.Advance(TimeSpan.FromMinutes(wait));
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://am/");
            using var answer = await client.SendAsync(request, default);
        }
        Assert.Equal(2, sts.Seen.Count);
        Assert.All(server.Seen, seen => Assert.Contains("Credential=ROLE/", seen, StringComparison.Ordinal));
        Assert.StartsWith("POST https://sts.eu-west-1.amazonaws.com/ AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/sts/", sts.Seen[0], StringComparison.Ordinal);
        Assert.Contains("Action=AssumeRole&ExternalId=me&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx&RoleSessionName=", sts.Seen[0], StringComparison.Ordinal);
    }

    private static HttpClientOptions Options(SigV4Options signing) => HttpClientOptions.Default with { SigV4 = signing };

    private static HttpClientContext Context(params (string Name, string Value)[] environment) => HttpClientContext.Default with
    {
        Time = new FakeTimeProvider(Now),
        Environment = name => environment.FirstOrDefault(e => e.Name == name).Value,
    };

    private sealed class OneFile : IFileReader
    {
        public string Text { get; set; } = "";
        public string Path { get; private set; } = "";

        public FileStamp Stamp(string path) => default;

        public byte[] ReadAllBytes(string path)
        {
            Path = path;
            return Encoding.UTF8.GetBytes(Text);
        }
    }

    private sealed class Answers(Func<string> text) : HttpMessageHandler
    {
        public List<string> Seen { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            Seen.Add($"{request.Method} {request.RequestUri} {request.Headers.NonValidated["Authorization"]} {body}");
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text()) };
        }
    }
}
