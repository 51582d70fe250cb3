using System.Globalization;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using ActorMon.Model.Text;

namespace ActorMon.Scraping.Targets;

/// <summary>
/// One place to scrape, after relabelling. Immutable; equal by <see cref="Hash"/> within a job: a target whose labels change is another target.
/// </summary>
public sealed class ScrapeTarget
{
    public const string UnixSocketLabel = "__unix_socket__";
    public const string ConvertClassicLabel = "__convert_classic_histograms_to_nhcb__";
    public const string AlwaysClassicLabel = "__always_scrape_classic_histograms__";
    public const string NativeHistogramsLabel = "__scrape_native_histograms__";

    internal ScrapeTarget(LabelSet all, LabelSet discovered, string url)
    {
        AllLabels = all;
        DiscoveredLabels = discovered;
        UrlText = url;
        Url = Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri : null;
        Labels = PublicOf(all);
        Hash = Fnv64.Of(ByteText.Encode(StableHash.Of(all).ToString("D16", CultureInfo.InvariantCulture) + url));
    }

    /// <summary>Labels of every series of the target: those that do not begin with __.</summary>
    public LabelSet Labels { get; }

    /// <summary>Labels as the relabelling left them, internal ones (__address__ ...) included, __meta_ ones not.</summary>
    public LabelSet AllLabels { get; }

    /// <summary>Labels before relabelling, as the API shows them.</summary>
    public LabelSet DiscoveredLabels { get; }

    /// <summary>The URL as the peer writes it.</summary>
    public string UrlText { get; }

    /// <summary>Null when <see cref="UrlText"/> is none: every scrape fails then, and says so.</summary>
    public Uri? Url { get; }

    public required TimeSpan Interval { get; init; }

    /// <summary>At most <see cref="Interval"/>.</summary>
    public required TimeSpan Timeout { get; init; }
    public required bool ConvertClassicHistograms { get; init; }
    public required bool AlwaysScrapeClassicHistograms { get; init; }
    public required bool ScrapeNativeHistograms { get; init; }

    /// <summary>The socket to dial instead of the URL's host, or "".</summary>
    public string UnixSocket => AllLabels.Get(UnixSocketLabel);

    /// <summary>Identity within a job: FNV-1a over the StableHash of all labels and the URL. The same on every node and after a restart.</summary>
    public ulong Hash { get; }

    private static LabelSet PublicOf(LabelSet all)
    {
        var kept = new List<Label>(all.Count);
        foreach (ref readonly var label in all.AsSpan())
            if (!label.Name.StartsWith(LabelNames.ReservedPrefix, StringComparison.Ordinal))
                kept.Add(label);
        return LabelSet.FromSortedUnchecked([.. kept]);
    }
}
