using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;
using ActorMon.Model.Text;
using ActorMon.Notifying.Options;

namespace ActorMon.Notifying.Alertmanagers;

/// <summary>Alertmanagers that discovery found together: labels of all, labels of each.</summary>
public readonly record struct AlertmanagerSource(LabelSet Labels, IReadOnlyList<LabelSet> Targets);

/// <summary>The Alertmanagers of one section of the configuration at one moment (Prometheus' AlertmanagerFromGroup and its merging).</summary>
/// <param name="Active">URLs to post alerts to, each once, in the order found.</param>
/// <param name="Dropped">URLs as they were before relabelling dropped them.</param>
/// <param name="Errors">One for each source that could not be used.</param>
public sealed record AlertmanagerSet(IReadOnlyList<string> Active, IReadOnlyList<string> Dropped, IReadOnlyList<string> Errors)
{
    private const string PathLabel = "__alerts_path__";
    private const string Endpoint = "/api/v2/alerts";

    public static AlertmanagerSet Build(AlertmanagerOptions options, NameValidation names, IEnumerable<AlertmanagerSource> sources)
    {
        var active = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var dropped = new List<string>();
        var errors = new List<string>();
        foreach (var source in sources)
        {
            var (found, gone) = (new List<string>(), new List<string>());
            if (Add(options, names, source, found, gone) is { } error)
            {
                // One bad address spoils its source, as in the original; what other sources tell stays.
                errors.Add(error);
                continue;
            }
            dropped.AddRange(gone);
            active.AddRange(found.Where(seen.Add));
        }
        return new AlertmanagerSet(active, dropped, errors);
    }

    private static string? Add(AlertmanagerOptions options, NameValidation names, AlertmanagerSource source, List<string> active, List<string> dropped)
    {
        var path = GoUrl.JoinPath(options.PathPrefix, Endpoint);
        foreach (var target in source.Targets)
        {
            var labels = new LabelSetBuilder(target).Set(LabelNames.Scheme, options.Scheme).Set(PathLabel, path);
            foreach (ref readonly var label in source.Labels.AsSpan())
                if (!target.Has(label.Name))
                    labels.Set(label.Name, label.Value);
            var before = UrlOf(labels);
            if (!Relabeller.Apply(labels, options.RelabelRules, names))
            {
                dropped.Add(before);
                continue;
            }
            if (labels.Get(LabelNames.Address) is var address && address.Contains('/', StringComparison.Ordinal))
                return $"{GoQuote.Quote(address)} is not a valid hostname";
            active.Add(UrlOf(labels));
        }
        return null;
    }

    private static string UrlOf(LabelSetBuilder labels) =>
        GoUrl.Append(new StringBuilder(), labels.Get(LabelNames.Scheme), labels.Get(LabelNames.Address), labels.Get(PathLabel)).ToString();
}
