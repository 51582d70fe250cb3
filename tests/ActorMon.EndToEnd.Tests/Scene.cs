using ActorMon.EndToEnd.Tests.Processes;

namespace ActorMon.EndToEnd.Tests;

/// <summary>
/// What an introduction to Prometheus sets up: a shop with a client library, a Flask page, node_exporter and the node itself, all scraped by one node. The shop counted
/// <see cref="GetOrders"/> and <see cref="PostOrders"/>, one order after the other, before the tests look.
/// </summary>
public sealed class Scene : IAsyncLifetime
{
    public static readonly int[] GetOrders = [5, 30, 6, 8];
    public static readonly int[] PostOrders = [70, 200, 40, 90];

    private readonly TestFolder _folder = new();

    public Target Shop { get; } = Target.Shop();
    public Target Flask { get; } = Target.Flask();
    public Target NodeExporter { get; } = Target.NodeExporter();
    public Node Node { get; private set; } = null!;

    /// <summary>A moment (Unix seconds) at which everything was counted and scraped.</summary>
    public double Now { get; private set; }

    public static int AllGets => GetOrders.Sum();
    public static int AllPosts => PostOrders.Sum();

    public async Task InitializeAsync()
    {
        await Task.WhenAll(Shop.StartAsync(), Flask.StartAsync(), NodeExporter.StartAsync());
        Node = new Node(_folder["node"], Configuration());
        await Node.StartAsync();
        foreach (var (get, post) in GetOrders.Zip(PostOrders))
        {
            var seen = (await Node.QueryAsync("http_requests_total")).Values.Sum();
            await Shop.OrderAsync("get", get);
            await Shop.OrderAsync("post", post);
            await Flask.GetAsync("/");
            await Eventually.Async("both orders are scraped", async () => (await Node.QueryAsync("http_requests_total")).Values.Sum() == seen + get + post, Patience);
        }
        await Eventually.Async("every target is up, every visit is scraped",
            async () => (await Node.QueryAsync("up == 1")).Count == 4 && await Node.ValueAsync("page_visits_total") == GetOrders.Length, Patience);
        Now = await Node.ValueAsync("time()") ?? throw new InvalidOperationException("the node does not know the time");
    }

    public async Task DisposeAsync()
    {
        await Node.DisposeAsync();
        await Shop.DisposeAsync();
        await Flask.DisposeAsync();
        await NodeExporter.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>What a slow machine may take for a few scrapes.</summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(60);

    /// <summary>The programs as targets.</summary>
    public string Programs() => $$"""
        global:
          scrape_interval: 1s
        scrape_configs:
          - job_name: shop
            static_configs: [{targets: ["{{Shop.Metrics}}"], labels: {shelf: books} }]
          - job_name: flask
            static_configs: [{targets: ["{{Flask.Metrics}}"] }]
          - job_name: node
            scrape_interval: 5s
            static_configs: [{targets: ["{{NodeExporter.Metrics}}"] }]

        """;

    private string Configuration() => Programs() + """
          - job_name: actormon
            scrape_interval: 5s
            static_configs: [{targets: ["127.0.0.1:{port}"] }]

        """;
}

/// <summary>The tests that only look share one scene.</summary>
[CollectionDefinition(Name)]
public sealed class SceneCollection : ICollectionFixture<Scene>
{
    public const string Name = "scene";
}
