using ActorMon.Model.Telemetry;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests;

/// <summary>An actor system with the real hocon files in which every message is serialized that is not marked as staying in the process.</summary>
public abstract class ActorTest(ITestOutputHelper output, string more = "") : TestKit(Settings(more), "test", output)
{
    /// <summary>Long enough for a loaded machine; only a failing test waits for so long.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How long a test listens for what must not come.</summary>
    protected static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(150);

    protected MetricRegistry Registry { get; } = new();

    protected double Metric(string name) => Registry.Collect().Single(f => f.Name == name).Metrics.Sum(m => m.Value);

    protected void Eventually(Action assertion) => AwaitAssert(assertion, Patience, TimeSpan.FromMilliseconds(20));

    internal static Config Settings(string more = "")
    {
        var config = ConfigurationFactory.ParseString(more).WithFallback(ConfigurationFactory.ParseString("""
            akka {
              loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit"]
              scheduler.tick-duration = 10ms
              actor { provider = local, serialize-messages = on }
            }
            """));
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorMon.sln")))
            folder = folder.Parent!;
        foreach (var file in new[] { "dispatchers.conf", "cluster.conf", "persistence.conf", "actormon.conf" })
            config = config.WithFallback(ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(folder.FullName, "hocon", file))));
        return config;
    }
}
