using ActorMon.Actors.Journal;
using ActorMon.Testing.IO;
using Akka.Configuration;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;
using static ActorMon.Protocol.Journal.JournalProtocol;

namespace ActorMon.Actors.Tests.Journal;

/// <summary>Journals in an SQLite file.</summary>
public sealed class JournalActorTests : JournalTest
{
    private readonly TempFolder _folder;

    public JournalActorTests(ITestOutputHelper output) : this(output, new TempFolder())
    {
    }

    private JournalActorTests(ITestOutputHelper output, TempFolder folder) : base(output, JournalDatabase.Of("sqlite", "", folder.Path)) => _folder = folder;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

    [Fact]
    public void What_was_persisted_comes_back_in_order()
    {
        var (owner, journal) = Start("a", Settings());
        Assert.Empty(Recover(owner));

        journal.Tell(Events(1, "one", "two"), owner);
        journal.Tell(Events(2, "three"), owner);
        AwaitPersisted(owner, 2);

        Assert.Equal(["one", "two", "three"], Reopen(owner, journal, "a"));
    }

    [Fact]
    public async Task What_nodes_wrote_in_turn_all_comes_back()
    {
        var (owner, journal) = Start("a", Settings());
        Recover(owner);
        journal.Tell(Events(1, "here", "elsewhere", "here again"), owner);
        AwaitPersisted(owner, 1);

        // As when the actor that writes has moved to another node and back.
        await using (var file = new SqliteConnection(Database.ConnectionString))
        {
            await file.OpenAsync();
            await using var command = new SqliteCommand("UPDATE journal SET writer_uuid = 'another node' WHERE sequence_number = 2", file);
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        Assert.Equal(["here", "elsewhere", "here again"], Reopen(owner, journal, "a"));
    }

    [Fact]
    public void Journals_of_different_names_know_nothing_of_each_other()
    {
        var (first, a) = Start("a", Settings());
        var (second, b) = Start("b", Settings());
        a.Tell(Events(1, "of a"), first);
        b.Tell(Events(1, "of b"), second);
        AwaitPersisted(first, 1);
        AwaitPersisted(second, 1);

        Assert.Equal(["of a"], Reopen(first, a, "a"));
        Assert.Equal(["of b"], Reopen(second, b, "b"));
    }

    [Fact]
    public void After_enough_events_the_state_takes_their_place()
    {
        var (owner, journal) = Start("a", Settings(snapshotAfter: 3));
        journal.Tell(Events(1, "1", "2", "3"), owner);
        owner.FishForMessage<GetState>(_ => true, Patience);
        journal.Tell(new TakeState(1, Record("1-3")), owner);
        journal.Tell(Events(2, "4"), owner);
        AwaitPersisted(owner, 2);
        Eventually(() => Assert.Equal(1, Metric("actormon_journal_states_total")));

        Assert.Equal(["[1-3]", "4"], Reopen(owner, journal, "a"));
    }

    [Fact]
    public void A_state_that_runs_ahead_of_the_journal_is_not_kept()
    {
        var (owner, journal) = Start("a", Settings(snapshotAfter: 3));
        journal.Tell(Events(1, "1", "2", "3"), owner);
        owner.FishForMessage<GetState>(_ => true, Patience);
        journal.Tell(Events(2, "4"), owner);
        journal.Tell(new TakeState(2, Record("1-4")), owner);
        AwaitPersisted(owner, 2);

        Assert.Equal(["1", "2", "3", "4"], Reopen(owner, journal, "a"));
    }

    [Fact]
    public void While_the_database_is_away_events_wait_up_to_the_bound_and_the_owner_knows()
    {
        var isAway = true;
        var settings = Settings(maxOutbox: 2) with { Prepare = token => isAway ? throw new IOException("no database today") : Database.PrepareAsync(token) };
        var (owner, journal) = Start("map-1", settings);
        owner.FishForMessage<JournalState>(state => state.Error == "no database today", Patience);

        journal.Tell(Events(1, "one"), owner);
        journal.Tell(Events(2, "two"), owner);
        journal.Tell(Events(3, "three"), owner);

        var refused = owner.FishForMessage<NotPersisted>(_ => true, Patience);
        Assert.Equal((3, "2 events wait for the database, the limit actormon.persistence.max-outbox: no database today"), (refused.Number, refused.Error));
        Assert.Equal(2, Metric("actormon_journal_behind_events"));
        Assert.Equal(0, Metric("actormon_journal_available"));

        isAway = false;
        AwaitPersisted(owner, 2);
        owner.FishForMessage<JournalState>(state => state == new JournalState(0, null), Patience);
        Assert.Equal((0, 1, 2), (Metric("actormon_journal_behind_events"), Metric("actormon_journal_available"), Metric("actormon_journal_events_total")));
        Assert.Equal(["one", "two"], Reopen(owner, journal, "map-1"));
    }

    [Fact]
    public void Of_two_that_write_to_one_journal_the_second_to_write_is_told()
    {
        var (first, a) = Start("a", Settings());
        var (second, b) = Start("a", Settings());
        Recover(first);
        Recover(second);
        a.Tell(Events(1, "of the first"), first);
        AwaitPersisted(first, 1);

        b.Tell(Events(1, "of the second"), second);

        Assert.Equal("a", second.FishForMessage<JournalTaken>(_ => true, Patience).PersistenceId);
        Assert.Equal(["of the first"], Reopen(first, a, "a"));
    }

    [Fact]
    public void A_provider_or_a_place_that_is_none_is_refused_without_telling_the_password()
    {
        Assert.Contains("mysql is neither sqlite nor postgresql", Refusal("mysql", ""), StringComparison.Ordinal);
        Assert.Contains("it names no Host", Refusal("postgresql", "Password=secret"), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Refusal("postgresql", "Password=secret;Nonsense=1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_of_its_own_keeps_its_journal_in_its_data_directory() =>
        Assert.Contains(Path.Combine("/data", JournalDatabase.FileName), JournalDatabase.Of("sqlite", "", "/data").ConnectionString, StringComparison.Ordinal);

    private static string Refusal(string provider, string place) => Assert.Throws<ConfigurationException>(() => JournalDatabase.Of(provider, place, "/data")).Message;
}
