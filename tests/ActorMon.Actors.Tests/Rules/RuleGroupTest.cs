using ActorMon.Actors.Control;
using ActorMon.Actors.Journal;
using ActorMon.Actors.Rules;
using ActorMon.Actors.Series;
using ActorMon.Actors.Tests.Journal;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Parsing;
using ActorMon.Rules.Alerts;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Files;
using ActorMon.Rules.Groups;
using ActorMon.Rules.Memory;
using ActorMon.Rules.Templating;
using ActorMon.Rules.UnitTests;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;
using static ActorMon.Protocol.Rules.RuleProtocol;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Rules;

/// <summary>One rule group with a real journal, over series in memory, by a clock that the test turns. Its interval is a minute.</summary>
public abstract class RuleGroupTest : JournalTest, IAlertSink
{
    private static readonly RuleChecks Checks = new(NameValidation.Utf8, ParserOptions.Default, GoRuleTemplates.Instance);
    private static readonly Dictionary<string, string> None = [];

    // A database serves all tests of a class.
    private readonly string _id = Guid.NewGuid().ToString("n")[..16];
    private readonly RuleBoard _board = new();
    private readonly ConfigurationStore _configuration = new();
    private readonly RuleMetrics _metrics;
    private readonly IActorRef _ingest;
    private readonly List<AlertNotice> _told = [];
    private readonly List<LooseSample> _written = [];
    private TestProbe _parent;
    private IActorRef _group = ActorRefs.Nobody;
    private long _version;

    protected RuleGroupTest(ITestOutputHelper output, JournalDatabase database)
        : base(output, database)
    {
        _metrics = new RuleMetrics(Registry, _board, Time);
        _ingest = Sys.ActorOf(Akka.Actor.Props.Create(() => new Storage(this)));
        _parent = CreateTestProbe();
    }

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Touched by the test between evaluations only.</summary>
    protected MemoryStore Series { get; } = new();

    /// <summary>Metrics of which storage takes nothing.</summary>
    protected HashSet<string> Unstorable { get; } = [];

    protected GroupStatus Status => Assert.Single(_board.Groups);

    protected IReadOnlyList<AlertNotice> Told
    {
        get
        {
            lock (_told)
                return [.. _told];
        }
    }

    protected static RuleSection Alert(string name, string expression, int forMinutes = 0, int keepMinutes = 0) =>
        new() { Alert = name, Expression = expression, For = TimeSpan.FromMinutes(forMinutes), KeepFiringFor = TimeSpan.FromMinutes(keepMinutes) };

    protected static RuleSection Record(string name, string expression) => new() { Record = name, Expression = expression };

    public void Send(IReadOnlyList<AlertNotice> alerts)
    {
        lock (_told)
            _told.AddRange(alerts);
    }

    /// <summary>A new configuration with these rules in the group; none: without the group.</summary>
    protected void Configure(params RuleSection[] rules)
    {
        var groups = new List<ConfiguredGroup>();
        if (rules.Length > 0)
        {
            var section = new RuleGroupSection("g", TimeSpan.FromMinutes(1), null, 0, None, rules, default);
            groups.Add(new ConfiguredGroup(_id, "rules.yml", RuleGroupCompiler.Compile(new RuleFile("/etc/rules.yml", [section]), TimeSpan.FromMinutes(1), Checks)[0]));
        }
        _configuration.Install(NodeConfiguration.None with { Version = ++_version, Rules = new RuleConfiguration(RuleSettings.Default, groups, TimeSpan.Zero) });
        if (!_group.IsNobody())
            Touch();
    }

    /// <summary>Starts an evaluator; ends when it runs by the configuration.</summary>
    protected void Begin(JournalSettings? journal = null, TimeSpan? patience = null, long maxSamples = 1_000_000)
    {
        var queries = new EngineRuleQueries(new QueryEngine(new QueryEngineOptions { MaxSamples = maxSamples }), Series);
        var runtime = new RuleRuntime(
            _configuration, _board, _metrics, queries, Series, static (_, _) => ValueTask.FromResult(new Partial<INewestSamples>(NothingStored.Instance, [])), OpenAdmission.Instance,
            static () => true, journal ?? Settings(), new HistorySettings(TimeSpan.FromDays(30), 20_000), patience ?? Patience, Guid.Empty, "n1", Time)
        {
            Batches = new LooseBatches(static () => new WriterId(1), 1024),
        };
        _parent = CreateTestProbe();
        _group = _parent.ChildActorOf(RuleGroupActor.Props(_id, runtime, new RuleLinks(_ingest, _parent, this)));
        Touch();
    }

    /// <summary>Its node dies: nothing of it is left but its journal.</summary>
    protected void Die()
    {
        Watch(_group);
        Sys.Stop(_group);
        ExpectTerminated(_group, Patience);
        _group = ActorRefs.Nobody;
    }

    /// <summary>Turns the clock to the group's next time and waits for the evaluation.</summary>
    protected GroupStatus Evaluate()
    {
        var before = Status.LastEvaluation;
        var now = TimestampMs.From(Time.GetUtcNow());
        Time.Advance(new GroupSchedule("rules.yml", "g", TimeSpan.FromMinutes(1)).Next(now) - now);
        Eventually(() =>
        {
            // The group may not have set its timer yet when its last evaluation shows.
            Time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(Status.LastEvaluation is { } at && (before is null || at > before));
        });
        return Status;
    }

    protected GroupStatus EvaluateTimes(int times)
    {
        for (var i = 1; i < times; i++)
            Evaluate();
        return Evaluate();
    }

    /// <summary>Waits until so many records are in the database.</summary>
    protected void AwaitDurable(int records) => Eventually(() => Assert.Equal(records, Metric("actormon_journal_events_total")));

    /// <summary>The group is no more and ends by itself, as its shard lets it.</summary>
    protected void AwaitEnd()
    {
        Watch(_group);
        _group.Tell(_parent.FishForMessage<Passivate>(_ => true, Patience).StopMessage, _parent);
        ExpectTerminated(_group, Patience);
        _group = ActorRefs.Nobody;
    }

    /// <summary>The last sample of each series that was written under a metric's name.</summary>
    protected double[] LastWritten(string metric)
    {
        lock (_written)
            return [.. _written.Where(s => s.Series.MetricName == metric).GroupBy(s => s.Series).Select(samples => samples.Last().Value)];
    }

    protected string[] Alerts() =>
        [.. Status.Rules.SelectMany(r => r.Alerts).Select(a => $"{MetricText.Of(a.Labels)} {a.State} {a.ActiveAt} {a.FiredAt} {a.KeepFiringSince} {a.Value}").Order(StringComparer.Ordinal)];

    protected void Put(double value, params string[] labels) =>
        Assert.Null(Series.Append(new LooseSample(LabelSet.Of(labels), TimestampMs.From(Time.GetUtcNow()), value)));

    private void Touch()
    {
        _group.Tell(new TouchGroup(_id, _version), _parent);
        _parent.FishForMessage<GroupReport>(report => report.ConfigurationVersion == _version, Patience);
    }

    private void Store(LooseSample[] samples)
    {
        foreach (var sample in samples)
            Series.Append(sample);
        lock (_written)
            _written.AddRange(samples);
    }

    private sealed class Storage : ReceiveActor
    {
        public Storage(RuleGroupTest test) => Receive<Ingest>(ingest =>
        {
            var results = new List<BatchResult>();
            foreach (var batch in ingest.Batches)
            {
                var isRefused = false;
                foreach (var sample in batch.Loose)
                    isRefused |= test.Unstorable.Contains(sample.Series.MetricName);
                if (!isRefused)
                    test.Store(batch.Loose);
                results.Add(isRefused ? new BatchResult(BatchOutcome.Failed, "no space left on device") : new BatchResult(BatchOutcome.Accepted, null));
            }
            Sender.Tell(new Ingested(ingest.Correlation, results));
        });
    }

    private sealed class NothingStored : INewestSamples
    {
        public static readonly NothingStored Instance = new();

        public (long Time, double Value)? Newest(LabelSet series) => null;
    }
}
