using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using ActorMon.Http.Credentials;
using ActorMon.Http.Options;

namespace ActorMon.Http.Signing;

/// <summary>Keys of a role, from the security token service; kept until shortly before they expire.</summary>
internal sealed class AssumedRole(SigV4Options options, HttpMessageInvoker client, TimeProvider time)
{
    private const int MaxAnswerBytes = 256 << 10;

    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private AwsKeys? _keys;

    /// <exception cref="HttpTransportException">The service gave none.</exception>
    public async ValueTask<AwsKeys> KeysAsync(AwsKeys own, string region, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (Volatile.Read(ref _keys) is { } known && known.Expires - Margin > now)
            return known;
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Action"] = "AssumeRole",
            ["Version"] = "2011-06-15",
            ["RoleArn"] = options.RoleArn,
            ["RoleSessionName"] = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        };
        if (options.ExternalId.Length > 0)
            form["ExternalId"] = options.ExternalId;
        var body = Encoding.UTF8.GetBytes(FormText.Encode(form));
        var host = options.UseFipsStsEndpoint ? $"sts-fips.{region}.amazonaws.com" : $"sts.{region}.amazonaws.com";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://{host}/") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        SigV4Signer.Sign(request, body, own, region, "sts", now);
        using var answer = await client.SendAsync(request, cancellation).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(await BoundedBody.ReadAsync(answer.Content, MaxAnswerBytes, cancellation).ConfigureAwait(false));
        var keys = answer.IsSuccessStatusCode ? Read(text) : null;
        Volatile.Write(ref _keys, keys ?? throw new HttpTransportException($"could not get SigV4 credentials: {host} answered with {(int)answer.StatusCode} and no keys of role {options.RoleArn}"));
        return keys;
    }

    private static AwsKeys? Read(string xml)
    {
        try
        {
            var credentials = XDocument.Parse(xml).Descendants().FirstOrDefault(e => e.Name.LocalName == "Credentials");
            string Text(string name) => credentials?.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value ?? "";
            return Text("AccessKeyId").Length > 0 && DateTimeOffset.TryParse(Text("Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expires)
                ? new AwsKeys(Text("AccessKeyId"), Text("SecretAccessKey"), Text("SessionToken"), expires)
                : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
