using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;

namespace ActorMon.Tsdb.Tests.Storage;

/// <summary>Files that somebody took away while the partition was closed.</summary>
public sealed class ClosingInventoryTests
{
    private const string Folder = "/data/p-03/";

    [Theory]
    [InlineData(".part")]
    [InlineData(".wal")]
    public async Task A_file_that_is_gone_since_the_partition_was_closed_is_named_once(string kind)
    {
        var (files, options) = await ClosedAsync();
        var victim = files.Paths.Where(path => path.EndsWith(kind, StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();
        files.Delete(victim);
        using (var store = StoreLifeTests.Open(files, options, StoreLifeTests.Clock()))
        {
            var gone = Assert.Single(store.Recovery.Damage);
            Assert.Equal(victim[Folder.Length..], gone.Segment);
            Assert.Equal($"{gone.Segment}: the file is gone: it was there when the partition was closed, and what only it held is lost", gone.ToString());
        }
        using var again = StoreLifeTests.Open(files, options, StoreLifeTests.Clock());
        Assert.Empty(again.Recovery.Damage);
    }

    [Fact]
    public async Task Nothing_is_missed_when_nothing_is_gone_or_after_a_death_or_when_the_inventory_is_damaged()
    {
        var (files, options) = await ClosedAsync();
        StoreLifeTests.Open(files, options, StoreLifeTests.Clock()).Dispose();
        var store = StoreLifeTests.Open(files, options, StoreLifeTests.Clock());
        Assert.Empty(store.Recovery.Damage);
        var dead = files.AfterDeath(powerCut: false);
        store.Dispose();
        dead.Delete(dead.Paths.First(path => path.EndsWith(".part", StringComparison.Ordinal)));
        using (var risen = StoreLifeTests.Open(dead, options, StoreLifeTests.Clock()))
            Assert.Empty(risen.Recovery.Damage);

        var inventory = files.Bytes(Folder + "closed");
        inventory[3] ^= 1;
        files.Overwrite(Folder + "closed", inventory);
        using var last = StoreLifeTests.Open(files, options, StoreLifeTests.Clock());
        Assert.Empty(last.Recovery.Damage);
    }

    private static async Task<(MemoryFiles Files, PartitionOptions Options)> ClosedAsync()
    {
        var files = new MemoryFiles();
        var clock = StoreLifeTests.Clock();
        var options = StoreLifeTests.Options(20_000) with
        {
            Ranges = WindowRanges.Of(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5), null),
            CutThresholds = new CutThresholds { Samples = 1 },
            PartCache = new PartCache(1 << 20),
        };
        var store = StoreLifeTests.Open(files, options, clock);
        var work = new Workload(3);
        store.AppendNext(work, 200);
        await store.WorkAsync(clock);
        store.AppendNext(work, 20);
        Assert.True(store.Stats.Parts > 3);
        store.Dispose();
        return (files, options);
    }
}
