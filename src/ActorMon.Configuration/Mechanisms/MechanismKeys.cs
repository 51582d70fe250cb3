using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Sections;
using ActorMon.Configuration.Units;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Mechanisms;

/// <summary>What the mechanisms' schemas share.</summary>
internal static class MechanismKeys
{
    /// <summary>A refresh interval that is not printed when zero.</summary>
    public static KeySpec Refresh(double seconds) => Key.Duration("refresh_interval", seconds);

    /// <summary>A refresh interval that is always printed.</summary>
    public static KeySpec RefreshAlways(double seconds) => Key.Duration("refresh_interval", seconds, always: true);

    public static KeySpec Port(long port) => Key.Integer("port", port, always: true);

    public static readonly SectionSchema Filter = new("Filter", Key.Text("name", always: true), Key.TextList("values", always: true)) { PrintEmpty = true };

    public static KeySpec Filters => new("filters", KeyKind.SectionList) { Schema = Filter, Always = true, NullItem = "empty or null section in filters" };

    /// <summary>Where among a mechanism's keys those of the HTTP client are printed.</summary>
    public static readonly KeySpec HttpHere = new("", KeyKind.Section);

    /// <summary>A schema with the HTTP client's keys (at <see cref="HttpHere"/>, else last) and their checks after the mechanism's own.</summary>
    public static SectionSchema WithHttp(string typeName, Action<ConfigSection, ReadContext>? check, params KeySpec[] keys) => new(typeName,
        [.. (keys.Contains(HttpHere) ? keys : [.. keys, HttpHere]).SelectMany(k => ReferenceEquals(k, HttpHere) ? HttpClientSchema.Keys : [k])])
    {
        PrintEmpty = true,
        Check = (s, context) =>
        {
            check?.Invoke(s, context);
            HttpClientChecks.Check(s, context);
        },
    };

    /// <summary>A schema without an HTTP client.</summary>
    public static SectionSchema Plain(string typeName, Action<ConfigSection, ReadContext>? check, params KeySpec[] keys) => new(typeName, keys)
    {
        PrintEmpty = true,
        Check = check,
    };

    public static void Require(ConfigSection s, ReadContext context, string key, string missing)
    {
        if (!s.Has(key))
            context.Error(s, key, missing);
    }

    /// <summary>A role out of a fixed set, with one message for none and one for an unknown one.</summary>
    public static void Role(ConfigSection s, ReadContext context, string missing, Func<string, string> unknown, params ReadOnlySpan<string> roles)
    {
        var role = s.Text("role");
        if (role.Length == 0)
            context.Error(s, "role", missing);
        else if (!roles.Contains(role))
            context.Error(s, "role", unknown(GoQuote.Quote(role)));
    }

    /// <summary>http or https with a host.</summary>
    public static void HttpUrl(ConfigSection s, ReadContext context, string key)
    {
        if (!s.Has(key))
            context.Error(s, key, "URL is missing");
        else if (!PeerUrl.TryParse(s.Text(key), out var url, out var problem))
            context.Error(s, key, problem);
        else if (url.Scheme is not ("http" or "https"))
            context.Error(s, key, "URL scheme must be 'http' or 'https'");
        else if (url.Host.Length == 0)
            context.Error(s, key, "host is missing in URL");
    }

    /// <summary>One of a secret and its file must be there, not both.</summary>
    public static void OneSecret(ConfigSection s, ReadContext context)
    {
        if (!s.Has("secret_key") && !s.Has("secret_key_file"))
            context.Error(s, "secret_key", "one of secret_key & secret_key_file must be configured");
        if (s.Has("secret_key") && s.Has("secret_key_file"))
            context.Error(s, "secret_key", "at most one of secret_key & secret_key_file must be configured");
    }
}
