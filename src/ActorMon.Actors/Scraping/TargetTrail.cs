using ActorMon.Model.Samples;
using ActorMon.Scraping;

namespace ActorMon.Actors.Scraping;

/// <summary>
/// What a target's actor leaves behind: the scraper that knows the series it wrote, and when it scraped last. The shard hands it from a crashed actor to the next one, so
/// that the series of a target which is removed meanwhile still end. Written by one actor at a time.
/// </summary>
public sealed class TargetTrail
{
    /// <summary>Null: nothing was scraped yet.</summary>
    public TargetScraper? Scraper { get; private set; }

    public TimestampMs Last { get; private set; }

    public void Scraped(TargetScraper scraper, TimestampMs time) => (Scraper, Last) = (scraper, time);
}
