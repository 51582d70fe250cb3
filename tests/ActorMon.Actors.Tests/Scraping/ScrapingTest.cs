using ActorMon.Model.Ingest;
using ActorMon.Model.Samples;
using Akka.Actor;
using Akka.TestKit;
using Xunit.Abstractions;
using static ActorMon.Protocol.Series.SeriesProtocol;

namespace ActorMon.Actors.Tests.Scraping;

/// <summary>The test plays the ingest link.</summary>
public abstract class ScrapingTest : ActorTest, IAsyncLifetime
{
    private protected ScrapingTest(ITestOutputHelper output) : base(output)
    {
        Fixture = new ScrapeFixture(Registry);
        Link = CreateTestProbe();
    }

    private protected ScrapeFixture Fixture { get; }
    private protected TestProbe Link { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync() => await Fixture.DisposeAsync();

    /// <summary>Turns the clock second by second until the next batches come.</summary>
    private protected (Ingest Message, IActorRef From) NextIngest()
    {
        for (var second = 0; second < 120; second++)
        {
            if (Link.ReceiveOne(TimeSpan.FromMilliseconds(second < 2 ? 20 : 100)) is Ingest ingest)
                return (ingest, Link.LastSender);
            Fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }
        throw new InvalidOperationException("no batches within two minutes");
    }

    /// <summary>The next scrape, stored.</summary>
    private protected Ingest NextStored()
    {
        var (ingest, from) = NextIngest();
        Settle(ingest, from, BatchOutcome.Accepted);
        return ingest;
    }

    /// <summary>As <see cref="NextStored"/> of what is due already: the clock hardly moves.</summary>
    private protected Ingest StoredSoon()
    {
        for (var turn = 0; turn < 1000; turn++)
        {
            if (Link.ReceiveOne(TimeSpan.FromMilliseconds(100)) is Ingest ingest)
            {
                Settle(ingest, Link.LastSender, BatchOutcome.Accepted);
                return ingest;
            }
            Fixture.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        throw new InvalidOperationException("nothing was due");
    }

    private protected void Settle(Ingest ingest, IActorRef from, BatchOutcome outcome) =>
        from.Tell(new Ingested(ingest.Correlation, [.. ingest.Batches.Select(_ => new BatchResult(outcome, outcome == BatchOutcome.Accepted ? null : "refused"))]), Link);

    private protected static long TimeOf(Ingest ingest) => ingest.Batches[0].Columns!.Timestamp.Value;

    private protected static LayoutColumns Columns(Ingest ingest) => Assert.Single(ingest.Batches).Columns!;

    private protected static bool AllStale(LayoutColumns columns)
    {
        foreach (var value in columns.Values.Span)
            if (BitConverter.DoubleToInt64Bits(value) != BitConverter.DoubleToInt64Bits(SpecialValues.StaleNaN))
                return false;
        return true;
    }
}
