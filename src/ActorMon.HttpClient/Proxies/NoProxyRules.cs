using System.Globalization;
using System.Net;

namespace ActorMon.Http.Proxies;

/// <summary>
/// The rules of no_proxy: <c>*</c>, IP addresses, CIDR ranges, host names (the name and all names under it), <c>.domain</c> and <c>*.domain</c> (only names
/// under it), each but CIDR with an optional <c>:port</c>; case is ignored. localhost and loopback addresses always go direct.
/// </summary>
internal sealed class NoProxyRules
{
    private readonly bool _all;
    private readonly List<IPNetwork> _networks = [];
    private readonly List<(IPAddress Address, int? Port)> _addresses = [];

    /// <summary>Suffixes with a leading dot; <c>Itself</c>: the name without the dot matches too.</summary>
    private readonly List<(string Suffix, bool Itself, int? Port)> _domains = [];

    private NoProxyRules(string text)
    {
        foreach (var part in text.Split(','))
        {
            var rule = part.Trim().ToLowerInvariant();
            if (rule == "*")
            {
                _all = true;
                return;
            }
            Add(rule);
        }
    }

    public static NoProxyRules Parse(string text) => new(text);

    /// <param name="host">A name or an IP address, without brackets.</param>
    public bool GoesDirect(string host, int port)
    {
        host = host.Trim().Trim('[', ']').ToLowerInvariant();
        if (_all || host == "localhost")
            return true;
        if (IPAddress.TryParse(host, out var address))
        {
            address = Unmapped(address);
            if (IPAddress.IsLoopback(address))
                return true;
            foreach (var network in _networks)
                if (network.Contains(address))
                    return true;
            foreach (var rule in _addresses)
                if (rule.Address.Equals(address) && (rule.Port is null || rule.Port == port))
                    return true;
        }
        foreach (var rule in _domains)
            if ((host.EndsWith(rule.Suffix, StringComparison.Ordinal) || (rule.Itself && host.AsSpan().SequenceEqual(rule.Suffix.AsSpan(1))))
                && (rule.Port is null || rule.Port == port))
                return true;
        return false;
    }

    private void Add(string rule)
    {
        if (TryNetwork(rule, out var network))
        {
            _networks.Add(network);
            return;
        }
        var (host, port) = SplitPort(rule);
        if (host.Length == 0)
            return;
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            _addresses.Add((Unmapped(address), port));
            return;
        }
        if (host.StartsWith("*.", StringComparison.Ordinal))
            host = host[1..];
        var itself = host[0] != '.';
        _domains.Add((itself ? "." + host : host, itself, port));
    }

    /// <summary>A range may be written with host bits (10.1.2.3/8), which are of no meaning.</summary>
    private static bool TryNetwork(string rule, out IPNetwork network)
    {
        network = default;
        var slash = rule.IndexOf('/');
        if (slash < 0 || !IPAddress.TryParse(rule.AsSpan(0, slash), out var address)
            || !int.TryParse(rule.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
            return false;
        var bytes = address.GetAddressBytes();
        if (bits > bytes.Length * 8)
            return false;
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(bits - (i * 8), 0, 8));
        network = new IPNetwork(new IPAddress(bytes), bits);
        return true;
    }

    private static (string Host, int? Port) SplitPort(string rule)
    {
        var colon = rule.LastIndexOf(':');
        // More than one colon outside brackets is an IPv6 address without port.
        if (colon < 0 || rule.EndsWith(']') || (rule.IndexOf(':') != colon && !rule.StartsWith('[')))
            return (rule, null);
        return int.TryParse(rule.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? (rule[..colon], port) : (rule[..colon], -1);
    }

    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
