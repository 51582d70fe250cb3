using ActorMon.Model.Labels;

namespace ActorMon.Scraping.Targets;

/// <summary>What became of one discovered target: exactly one of a target, a drop by relabelling, an error.</summary>
/// <param name="Target">The target to scrape, or null.</param>
/// <param name="Discovered">Labels before relabelling; empty with an error.</param>
/// <param name="Error">Why the target cannot be scraped, worded as the peer words it, or "".</param>
public readonly record struct TargetResult(ScrapeTarget? Target, LabelSet Discovered, string Error)
{
    public bool Dropped => Target is null && Error.Length == 0;
}
