using System.Globalization;
using System.Text;
using ActorMon.Actors.Journal;
using ActorMon.Protocol.Journal;
using Akka.Actor;
using Akka.TestKit;
using Xunit.Abstractions;
using static ActorMon.Protocol.Journal.JournalProtocol;

namespace ActorMon.Actors.Tests.Journal;

/// <summary>Journals on one database; the test stands in for the actors that own them.</summary>
public abstract class JournalTest(ITestOutputHelper output, JournalDatabase database) : ActorTest(output, database.Hocon + "\nakka.actor.serialize-messages = off")
{
    // Messages inside the persistence plugin are not meant to be serialized.

    protected JournalDatabase Database => database;

    private JournalMetrics? _metrics;

    protected JournalSettings Settings(int snapshotAfter = 1000, int maxOutbox = 1000) => new(
        Database.PrepareAsync, snapshotAfter, maxOutbox, new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(400)), _metrics ??= new JournalMetrics(Registry, TimeProvider.System));

    protected (TestProbe Owner, IActorRef Journal) Start(string id, JournalSettings settings)
    {
        var owner = CreateTestProbe();
        return (owner, owner.ChildActorOf(JournalActor.Props(id, settings)));
    }

    /// <summary>What a journal recovers, states in brackets.</summary>
    protected static string[] Recover(TestProbe owner)
    {
        owner.FishForMessage<RecoveryStarted>(_ => true, Patience);
        var found = new List<string>();
        while (true)
        {
            switch (owner.FishForMessage<object>(m => m is Recovered or RecoveryEnded or RecoveryStarted, Patience))
            {
                case Recovered recovered:
                    found.Add(recovered.IsState ? $"[{TextOf(recovered.Record)}]" : TextOf(recovered.Record));
                    break;
                case RecoveryStarted:
                    found.Clear();
                    break;
                case RecoveryEnded ended:
                    Assert.Equal(found.Count, ended.Records);
                    return [.. found];
            }
        }
    }

    /// <summary>Stops the journal and says what another one of its name recovers.</summary>
    protected string[] Reopen(TestProbe owner, IActorRef journal, string id)
    {
        Stop(owner, journal);
        var (next, second) = Start(id, Settings());
        var found = Recover(next);
        Stop(next, second);
        return found;
    }

    protected static void AwaitPersisted(TestProbe owner, long number) => owner.FishForMessage<Persisted>(m => m.Number == number, Patience);

    protected static Persist Events(long number, params string[] texts) => new(number, [.. texts.Select(Record)]);

    protected static string[] Numbered(int first, int count) => [.. Enumerable.Range(first, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    protected static JournalRecord Record(string text) => new("test", Encoding.UTF8.GetBytes(text));

    private static string TextOf(JournalRecord record) => Encoding.UTF8.GetString(record.Payload);

    private void Stop(TestProbe owner, IActorRef journal)
    {
        owner.Watch(journal);
        Sys.Stop(journal);
        owner.FishForMessage<Terminated>(_ => true, Patience);
    }
}
