using System.Diagnostics;
using System.Globalization;
using ActorMon.Actors.Journal;
using ActorMon.Actors.Tests.Journal;
using ActorMon.Rules.Alerts;
using ActorMon.Testing.Databases;
using ActorMon.Testing.IO;
using Xunit.Abstractions;

namespace ActorMon.Actors.Tests.Rules;

/// <summary>A group with as many alerts as one may have; prints how long they take to become durable and to come back. docs/benchmarks.md has the figures.</summary>
public abstract class ManyAlertsTest(ITestOutputHelper output, JournalDatabase database) : RuleGroupTest(output, database)
{
    private const int Count = 10_000;

    private readonly ITestOutputHelper _output = output;

    protected void Check()
    {
        Configure(Alert("Many", "many > 0", forMinutes: 1));
        for (var i = 0; i < Count; i++)
            Put(i + 1, "__name__", "many", "job", "node", "instance", string.Create(CultureInfo.InvariantCulture, $"10.0.{i / 256}.{i % 256}:9100"), "severity", "page");
        Begin();
        Evaluate();
        // The state it began with, and the transitions.
        AwaitDurable(2);
        var clock = Stopwatch.StartNew();
        Assert.Equal(AlertState.Firing, Evaluate().Rules[0].State);
        AwaitDurable(3);
        var durable = clock.Elapsed;
        var before = Alerts();
        Assert.Equal(Count, before.Length);

        Die();
        clock.Restart();
        Begin();
        var back = clock.Elapsed;

        Assert.Equal(before, Alerts());
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count} alerts: evaluated and durable after {durable.TotalSeconds:F2} s, recovered after {back.TotalSeconds:F2} s"));
    }
}

/// <summary>In an SQLite file.</summary>
public sealed class ManyAlertsTests(ITestOutputHelper output, TempFolder folder) : ManyAlertsTest(output, JournalDatabase.Of("sqlite", "", folder.Path)), IClassFixture<TempFolder>
{
    [Fact]
    public void Ten_thousand_alerts_come_back_with_another_evaluator() => Check();
}

/// <summary>In a real PostgreSQL.</summary>
public sealed class ManyAlertsInPostgresTests(ITestOutputHelper output, PostgresFixture postgres)
    : ManyAlertsTest(output, JournalDatabase.Of("postgresql", postgres.Server.ConnectionString, "")), IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public void Ten_thousand_alerts_come_back_with_another_evaluator() => Check();
}
