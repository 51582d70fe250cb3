using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using ActorMon.Model.Text;

namespace ActorMon.Api.PrometheusV1;

/// <summary>group_limit and group_next_token: an answer names the group that the next one begins with, by a hash of its file and name.</summary>
internal readonly record struct RulePages(int Limit, string Token)
{
    /// <summary>A limit of 0: everything at once.</summary>
    public static RulePages Of(ParameterReader reader)
    {
        var limit = reader.Text("group_limit");
        var token = reader.Text("group_next_token");
        if (limit.Length == 0)
        {
            if (token.Length > 0)
                reader.Fail("group_next_token", "group_limit needs to be present in order to paginate over the groups");
            return new RulePages(0, "");
        }
        if (!int.TryParse(limit, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var groups))
        {
            var fault = long.TryParse(limit, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var _) ? "value out of range" : "invalid syntax";
            reader.Fail("group_limit", $"group_limit needs to be a valid number: strconv.ParseInt: parsing {GoQuote.Quote(limit)}: {fault}");
        }
        else if (groups <= 0)
            reader.Fail("group_limit", "group_limit needs to be greater than 0");
        return new RulePages(groups, token);
    }

    public static string TokenOf(KnownGroup group) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{group.File};{group.Name}")));

    /// <summary>Where the page begins; null: no group has the token.</summary>
    public int? Start(IReadOnlyList<KnownGroup> groups)
    {
        if (Token.Length == 0)
            return 0;
        for (var i = 0; i < groups.Count; i++)
            if (TokenOf(groups[i]) == Token)
                return i;
        return null;
    }
}
