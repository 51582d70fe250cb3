using System.Text;
using ActorMon.Http.Files;
using ActorMon.Http.Options;

namespace ActorMon.Http.Signing;

/// <summary>Where the keys come from: the options, a named profile, the environment, the default profile, in this order. Read again at each use.</summary>
internal sealed class AwsKeySource(SigV4Options options, HttpClientContext context)
{
    private const string DefaultProfile = "default";

    /// <exception cref="HttpTransportException">There are none.</exception>
    public AwsKeys Keys()
    {
        if (options.AccessKey.Length > 0)
            return new AwsKeys(options.AccessKey, options.SecretKey);
        if (options.Profile.Length == 0 && Variable("AWS_ACCESS_KEY_ID") is { Length: > 0 } key && Variable("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret)
            return new AwsKeys(key, secret, Variable("AWS_SESSION_TOKEN"));
        var profile = options.Profile.Length > 0 ? options.Profile : Variable("AWS_PROFILE") is { Length: > 0 } named ? named : DefaultProfile;
        return OfProfile(profile) ?? throw new HttpTransportException($"could not get SigV4 credentials: no keys in the options, the environment or profile \"{profile}\"");
    }

    /// <exception cref="HttpTransportException">There is none.</exception>
    public string Region()
    {
        foreach (var region in new[] { options.Region, Variable("AWS_REGION"), Variable("AWS_DEFAULT_REGION") })
            if (region.Length > 0)
                return region;
        throw new HttpTransportException("region not configured in sigv4 or in default credentials chain");
    }

    private string Variable(string name) => context.Environment(name) ?? "";

    private AwsKeys? OfProfile(string profile)
    {
        var file = Variable("AWS_SHARED_CREDENTIALS_FILE") is { Length: > 0 } named ? named : Path.Combine(Variable("HOME"), ".aws", "credentials");
        string text;
        try
        {
            text = Encoding.UTF8.GetString(context.Files.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var inProfile = false;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
            if (line.StartsWith('['))
                inProfile = line.Trim('[', ']', ' ') == profile;
            else if (inProfile && line.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value] && !line.StartsWith('#'))
                values[name] = value;
        return values.TryGetValue("aws_access_key_id", out var key) && values.TryGetValue("aws_secret_access_key", out var secret)
            ? new AwsKeys(key, secret, values.GetValueOrDefault("aws_session_token", ""))
            : null;
    }
}
