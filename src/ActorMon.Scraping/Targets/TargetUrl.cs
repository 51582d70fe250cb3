using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Scraping.Targets;

/// <summary>The URL of a target: scheme://address + path + params, where a label __param_x overrides the first value of x (Prometheus' Target.URL).</summary>
internal static class TargetUrl
{
    /// <summary>A target that names only a socket is asked as this host.</summary>
    private const string DefaultHost = "localhost";

    public static string Of(LabelSet labels, IReadOnlyDictionary<string, IReadOnlyList<string>> parameters)
    {
        var host = labels.Get(LabelNames.Address);
        if (host.Length == 0 && labels.Get(ScrapeTarget.UnixSocketLabel).Length > 0)
            host = DefaultHost;
        var url = GoUrl.Append(new StringBuilder(), labels.Get(LabelNames.Scheme), host, labels.Get(LabelNames.MetricsPath));
        AppendQuery(url, labels, parameters);
        return url.ToString();
    }

    private static void AppendQuery(StringBuilder url, LabelSet labels, IReadOnlyDictionary<string, IReadOnlyList<string>> parameters)
    {
        var overridden = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, values) in parameters)
            overridden[name] = [.. values];
        foreach (ref readonly var label in labels.AsSpan())
        {
            if (!label.Name.StartsWith(LabelNames.ParamPrefix, StringComparison.Ordinal))
                continue;
            var name = label.Name[LabelNames.ParamPrefix.Length..];
            if (overridden.TryGetValue(name, out var values) && values.Count > 0)
                values[0] = label.Value;
            else
                overridden[name] = [label.Value];
        }
        var separator = '?';
        foreach (var (name, values) in overridden)
            foreach (var value in values)
            {
                url.Append(separator);
                separator = '&';
                GoUrl.AppendQueryEscaped(url, name).Append('=');
                GoUrl.AppendQueryEscaped(url, value);
            }
    }
}
