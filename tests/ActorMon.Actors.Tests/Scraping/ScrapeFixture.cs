using ActorMon.Actors.Control;
using ActorMon.Actors.Scraping;
using ActorMon.Http;
using ActorMon.Http.Files;
using ActorMon.Http.Options;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Telemetry;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Layouts;
using ActorMon.Scraping.Targets;
using ActorMon.Testing.Http;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Actors.Tests.Scraping;

/// <summary>A target on loopback, a clock that the test turns and all that target actors share.</summary>
internal sealed class ScrapeFixture : IAsyncDisposable, IFileReader
{
    private int _answered;

    public ScrapeFixture(MetricRegistry registry)
    {
        Server = LoopbackServer.Http(async request =>
        {
            if (Hold is { } hold)
                await hold.Task;
            return HttpReply.Ok($"a 1\nb {Interlocked.Increment(ref _answered)}\n", "text/plain; version=0.0.4");
        });
        Job = new ScrapeJob
        {
            Name = "j",
            Interval = TimeSpan.FromSeconds(10),
            Timeout = TimeSpan.FromSeconds(10),
            // Read through this object at each request: where a test lets the client throw what no client should.
            Http = new HttpClientOptions { Authorization = new AuthorizationOptions("Bearer", new SecretSource(File: "/token")) },
        };
        Runtime = new ScrapeRuntime(
            new ConfigurationStore(), new TargetBoard(), new ScrapeMetrics(registry, Time), new ScrapeClients(HttpClientContext.Default with { Files = this }), new FailureLogs(Time),
            new LayoutNumbers(new WriterId(1)), new ScraperOptions { Partitions = 4 }, Time);
        Install(1, Job);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
    public LoopbackServer Server { get; }
    public ScrapeJob Job { get; }
    public ScrapeRuntime Runtime { get; }

    /// <summary>Not null: answers wait for it.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>Not null: the client throws it.</summary>
    public volatile Exception? Bug;

    public LabelSet Discovered(string instance = "i") => LabelSet.Of("__address__", $"127.0.0.1:{Server.Port}", "instance", instance);

    public ScrapeTarget Target(ScrapeJob? job = null, string instance = "i") => TargetBuilder.Build(job ?? Job, Discovered(instance)).Target!;

    public void Install(long version, params ScrapeJob[] jobs) =>
        Runtime.Configuration.Install(new NodeConfiguration(version, [.. jobs.Select(j => new JobConfiguration(j, []))], 0));

    public FileStamp Stamp(string path) => new(DateTimeOffset.UnixEpoch, 5);

    public byte[] ReadAllBytes(string path) => Bug is { } bug ? throw bug : "token"u8.ToArray();

    public async ValueTask DisposeAsync()
    {
        Hold?.TrySetResult();
        Runtime.Clients.Dispose();
        Runtime.FailureLogs.Dispose();
        await Server.DisposeAsync();
    }
}
