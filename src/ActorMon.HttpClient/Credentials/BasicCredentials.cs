using System.Text;
using ActorMon.Http.Proxies;

namespace ActorMon.Http.Credentials;

/// <summary>Basic authentication (RFC 7617), UTF-8.</summary>
internal static class BasicCredentials
{
    public const string Header = "Authorization";

    public static string Of(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    public static string Of(Uri url)
    {
        var (user, password) = UserInfo.Split(url);
        return Of(user, password);
    }
}
