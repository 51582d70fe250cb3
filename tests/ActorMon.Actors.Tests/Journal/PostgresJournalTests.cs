using ActorMon.Actors.Journal;
using ActorMon.Testing.Databases;
using Xunit.Abstractions;
using static ActorMon.Protocol.Journal.JournalProtocol;

namespace ActorMon.Actors.Tests.Journal;

/// <summary>One PostgreSQL for the tests of a class: they stop it and start it again, one after the other.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.IsInstalled)
            Server = await PostgresServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (PostgresServer.IsInstalled)
            await Server.DisposeAsync();
    }
}

/// <summary>Journals in a real PostgreSQL.</summary>
public sealed class PostgresJournalTests(ITestOutputHelper output, PostgresFixture postgres)
    : JournalTest(output, JournalDatabase.Of("postgresql", postgres.Server.ConnectionString, "")), IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task Nodes_that_start_at_once_make_the_tables_once()
    {
        var nodes = Enumerable.Range(0, 12).Select(_ => JournalDatabase.Of("postgresql", postgres.Server.ConnectionString, "")).ToList();

        await Task.WhenAll(nodes.Select(node => node.PrepareAsync(CancellationToken.None)));
    }

    [PostgresFact]
    public void What_was_persisted_comes_back_with_its_state()
    {
        var (owner, journal) = Start("b", Settings(snapshotAfter: 200));
        journal.Tell(Events(1, Numbered(0, 200)), owner);
        owner.FishForMessage<GetState>(_ => true, Patience);
        journal.Tell(new TakeState(1, Record("0-199")), owner);
        journal.Tell(Events(2, "200"), owner);
        AwaitPersisted(owner, 2);
        Eventually(() => Assert.Equal(1, Metric("actormon_journal_states_total")));

        Assert.Equal(["[0-199]", "200"], Reopen(owner, journal, "b"));
    }

    [PostgresFact]
    public async Task While_the_server_is_away_everything_waits_and_nothing_is_lost_or_doubled()
    {
        var (owner, journal) = Start("a", Settings());
        Recover(owner);
        journal.Tell(Events(1, Numbered(0, 10)), owner);
        AwaitPersisted(owner, 1);

        // Some of these are on their way when the server ends.
        for (var i = 0; i < 50; i++)
            journal.Tell(Events(2 + i, Numbered(10 + i, 1)), owner);
        await postgres.Server.StopAsync();
        for (var i = 0; i < 50; i++)
            journal.Tell(Events(52 + i, Numbered(60 + i, 1)), owner);
        owner.FishForMessage<JournalState>(state => state is { Behind: >= 50, Error: not null }, Patience);
        await postgres.Server.RestartAsync();
        AwaitPersisted(owner, 101);

        owner.FishForMessage<JournalState>(state => state == new JournalState(0, null), Patience);
        Assert.Equal(Numbered(0, 110), Reopen(owner, journal, "a"));
    }
}
