using System.Text;
using ActorMon.Actors.Control;
using ActorMon.Actors.Discovery;
using ActorMon.Actors.Scraping;
using ActorMon.Discovery;
using ActorMon.Discovery.Files;
using ActorMon.Model.Labels;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Scraping;
using ActorMon.Scraping.Jobs;
using Akka.Actor;
using Akka.TestKit;
using Xunit.Abstractions;
using static ActorMon.Protocol.Scraping.ScrapingProtocol;

namespace ActorMon.Actors.Tests.Discovery;

public sealed class DiscoveryManagerActorTests : ActorTest
{
    private readonly ConfigurationStore _store = new();
    private readonly Tree _tree = new();
    private readonly TestProbe _region;
    private readonly TargetBoard _board = new();

    public DiscoveryManagerActorTests(ITestOutputHelper output) : base(output) => _region = CreateTestProbe();

    [Fact]
    public void Targets_of_all_mechanisms_are_told_to_the_shards_as_one_full_set()
    {
        _tree.Targets = """[{"targets":["f:1"]}]""";
        Start(1, Job("a", Static("s:1", "s:2"), Files()));

        Assert.Equal(["f:1", "s:1", "s:2"], Addresses(Assignment()));
    }

    [Fact]
    public void No_set_is_told_before_every_mechanism_has_answered()
    {
        using var reading = new ManualResetEventSlim();
        _tree.BeforeRead = () => reading.Wait(Patience);
        _tree.Targets = """[{"targets":["f:1"]}]""";
        Start(1, Job("a", Static("s:1")), Job("b", Files()));
        _region.ExpectNoMsg(Silence);

        reading.Set();

        Assert.Equal(["f:1", "s:1"], Addresses(Assignment()));
    }

    [Fact]
    public void A_mechanism_that_crashes_holds_no_other_up_and_is_started_again()
    {
        _tree.BeforeRead = () => throw new InvalidOperationException("a bug in the mechanism");
        _tree.Targets = """[{"targets":["f:1"]}]""";
        Start(1, Job("a", Static("s:1")), Job("b", Files()));
        Assert.Equal(["s:1"], Addresses(Assignment()));

        _tree.BeforeRead = null;

        Assert.Equal(["f:1", "s:1"], Addresses(Assignment()));
    }

    [Fact]
    public void Changes_are_gathered_for_the_sync_interval()
    {
        var manager = Start(TimeSpan.FromSeconds(1), 1, Job("a", Static("s:1")));
        var first = Assignment();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Install(2, Job("a", Static("s:2")));
        manager.Tell(new ControlProtocol.ConfigurationInstalled(2));
        Install(3, Job("a", Static("s:3")));
        manager.Tell(new ControlProtocol.ConfigurationInstalled(3));

        var second = Assignment();

        Assert.Equal(["s:3"], Addresses(second));
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(700), Patience);
        Assert.NotEqual(first.Version, second.Version);
    }

    [Fact]
    public void A_reload_keeps_what_an_unchanged_job_has_found_and_forgets_a_removed_one()
    {
        _tree.Targets = """[{"targets":["f:1"]}]""";
        var kept = Job("a", Files());
        var manager = Start(1, kept, Job("b", Static("s:1")));
        Assignment();
        var reads = _tree.Reads;

        Install(2, kept);
        manager.Tell(new ControlProtocol.ConfigurationInstalled(2));

        var assignment = Assignment();
        Assert.Equal(["f:1"], Addresses(assignment));
        Assert.Equal(2, assignment.ConfigurationVersion);
        Assert.Equal(reads, _tree.Reads);
        Assert.DoesNotContain("b", _board.Dropped.Keys);
    }

    [Fact]
    public void A_shard_with_another_version_gets_its_set_again_and_one_with_the_right_version_nothing()
    {
        var manager = Start(1, Job("a", Static("s:1")));
        var assignment = Assignment();

        manager.Tell(new ShardState(0, assignment.Version, 1));
        _region.ExpectNoMsg(Silence);
        manager.Tell(new ShardState(0, AssignmentVersion.None, 0));

        Assert.Equal(assignment.Version, Assignment().Version);
    }

    [Fact]
    public void A_job_over_its_target_limit_goes_to_the_shards_with_its_error()
    {
        var limited = new JobConfiguration(new ScrapeJob { Name = "a", TargetLimit = 1 }, [Static("s:1", "s:2")]);
        Start(1, limited);

        var assignment = Assignment();

        Assert.Equal(2, assignment.Targets.Count);
        Assert.Equal(new JobError("a", "target_limit exceeded (number of targets: 2, limit: 1)"), Assert.Single(assignment.JobErrors));
        Assert.Equal(1, Metric("prometheus_target_scrape_pool_exceeded_target_limit_total"));
    }

    [Fact]
    public void A_mechanism_that_is_not_run_does_not_hold_the_job_up()
    {
        Start(1, Job("a", Static("s:1"), new DeclaredSdConfig("consul", new Dictionary<string, object?>(), null)));
        Assert.Equal(["s:1"], Addresses(Assignment()));
        Assert.Equal(1, Metric("prometheus_sd_failed_configs"));
    }

    [Fact]
    public void When_the_last_job_goes_the_shards_are_told_an_empty_set()
    {
        var manager = Start(1, Job("a", Static("s:1")));
        Assignment();
        Install(2);
        manager.Tell(new ControlProtocol.ConfigurationInstalled(2));
        Assert.Empty(Assignment().Targets);
    }

    private IActorRef Start(long version, params JobConfiguration[] jobs) => Start(TimeSpan.FromMilliseconds(20), version, jobs);

    private IActorRef Start(TimeSpan syncInterval, long version, params JobConfiguration[] jobs)
    {
        Install(version, jobs);
        var time = TimeProvider.System;
        return Sys.ActorOf(DiscoveryManagerActor.Props(
            new DiscoverySettings(
                1, TimeSpan.FromMilliseconds(20), syncInterval, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), _store,
                new DiscoveryContext { Yaml = (_, _) => FileSdParseResult.Failed("no YAML here"), Files = _tree, Watch = _tree }, _board, new ScrapeMetrics(Registry, time),
                new DiscoveryMetrics(Registry, time), time),
            _region));
    }

    private void Install(long version, params JobConfiguration[] jobs) => _store.Install(new NodeConfiguration(version, jobs, 0));

    private AssignTargets Assignment() => _region.ExpectMsg<AssignTargets>(Patience);

    private static string[] Addresses(AssignTargets assignment) => [.. assignment.Targets.Select(t => t.Discovered.Get("__address__")).Order(StringComparer.Ordinal)];

    private static JobConfiguration Job(string name, params SdConfig[] discovery) => new(new ScrapeJob { Name = name }, discovery);

    private static StaticSdConfig Static(params string[] addresses) =>
        new([new TargetGroup("0", LabelSet.Empty, [.. addresses.Select(a => LabelSet.Of("__address__", a))])]);

    private static FileSdConfig Files() => new(["/targets/t.json"], TimeSpan.FromHours(1));

    /// <summary>One file.</summary>
    private sealed class Tree : IFileTree, IDirectoryWatch
    {
        private int _reads;

        public volatile Action? BeforeRead;
        public volatile string Targets = "[]";

        public int Reads => Volatile.Read(ref _reads);

        public IReadOnlyList<string> List(string directory) => ["t.json"];

        public bool Exists(string path) => true;

        public (byte[] Text, DateTimeOffset Modified) Read(string path, long maxBytes)
        {
            Interlocked.Increment(ref _reads);
            BeforeRead?.Invoke();
            return (Encoding.UTF8.GetBytes(Targets), DateTimeOffset.UnixEpoch);
        }

        public IDisposable Start(string directory, Action changed, Action<string> failed) => new CancellationTokenSource();
    }
}
