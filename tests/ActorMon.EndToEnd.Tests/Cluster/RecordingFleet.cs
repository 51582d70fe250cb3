using System.Globalization;
using System.Net;
using System.Text;
using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests.Cluster;

/// <param name="Number">From 1, without holes.</param>
/// <param name="At">When it arrived here, Unix milliseconds.</param>
/// <param name="By">Name of the node; null: its connection was gone before it could be looked up.</param>
public sealed record SeenScrape(long Number, long At, string? By);

/// <summary>
/// Targets in this process that remember who scraped them and when. Series s of a target shows <c>n + s/1024</c> at the target's scrape n, so of every stored sample can be
/// told which scrape it came from, and with the record whether its time is right.
/// </summary>
public sealed class RecordingFleet(int targets, int seriesPerTarget) : ScrapedPages
{
    /// <summary>As <c>s</c> can have.</summary>
    public const int MaxSeries = 1024;

    /// <summary>How long a connection is taken to be the node's of which it was.</summary>
    private const long OwnerMs = 30_000;

    private readonly List<SeenScrape>[] _scrapes = [.. Enumerable.Range(0, targets).Select(_ => new List<SeenScrape>())];
    private readonly Dictionary<IPEndPoint, (string Name, long Until)> _owners = [];
    private readonly string[] _heads = [.. Enumerable.Range(0, seriesPerTarget).Select(s => string.Create(CultureInfo.InvariantCulture, $"fleet{{s=\"{s}\"}} "))];

    public int Targets => _scrapes.Length;

    public int SeriesPerTarget => seriesPerTarget;

    /// <summary>Who may be scraping.</summary>
    public Func<IReadOnlyList<ClusterMember>> Scrapers { get; set; } = () => [];

    /// <summary>The scrape_configs of a job with all targets, told apart by the label pod.</summary>
    public string Configuration(string interval) => $$"""
        global: {scrape_interval: {{interval}}, scrape_timeout: {{interval}}}
        scrape_configs:
          - job_name: fleet
            static_configs: [{{string.Join(", ", Enumerable.Range(0, Targets).Select(t =>
                $$"""{targets: ["{{Address}}"], labels: {__metrics_path__: "/{{t}}", instance: "pod-{{t}}", pod: "{{t}}"} }"""))}}]

        """;

    public IReadOnlyList<SeenScrape> Scrapes(int target)
    {
        lock (_scrapes[target])
            return [.. _scrapes[target]];
    }

    /// <summary>Which scrape a value is of; null: no target ever showed it for series <paramref name="series"/>.</summary>
    public static long? ScrapeOf(double value, int series) => value - series / (double)MaxSeries is var number && number == Math.Floor(number) && number >= 1 ? (long)number : null;

    protected override string Page(string path, IPEndPoint client)
    {
        var target = int.Parse(path.AsSpan(1), CultureInfo.InvariantCulture);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var by = OwnerOf(client, now);
        long number;
        lock (_scrapes[target])
        {
            number = _scrapes[target].Count + 1;
            _scrapes[target].Add(new SeenScrape(number, now, by));
        }
        var page = new StringBuilder(_heads.Length * 32).Append("# TYPE fleet gauge\n");
        for (var s = 0; s < _heads.Length; s++)
            page.Append(_heads[s]).Append((number + s / (double)MaxSeries).ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        return page.ToString();
    }

    private string? OwnerOf(IPEndPoint client, long now)
    {
        if (_owners.TryGetValue(client, out var known) && known.Until > now)
            return known.Name;
        if (ClusterMember.OwnerOf(client, Scrapers()) is not { } owner)
            return null;
        _owners[client] = (owner.Name, now + OwnerMs);
        return owner.Name;
    }
}
