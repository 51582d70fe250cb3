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
    public async Task A_part_that_goes_missing_after_a_death_is_named_once()
    {
        var (files, options) = await ClosedAsync();
        var store = StoreLifeTests.Open(files, options, StoreLifeTests.Clock());
        var dead = files.AfterDeath(powerCut: true);
        store.Dispose();
        var victim = dead.Paths.Where(path => path.EndsWith(".part", StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();
        dead.Delete(victim);
        using (var risen = StoreLifeTests.Open(dead, options, StoreLifeTests.Clock()))
            Assert.Equal($"{victim[Folder.Length..]}: the file is gone: it was a part in force, and what only it held is lost", Assert.Single(risen.Recovery.Damage).ToString());
        using var again = StoreLifeTests.Open(dead.AfterDeath(powerCut: true), options, StoreLifeTests.Clock());
        Assert.Empty(again.Recovery.Damage);
    }

    [Fact]
    public async Task A_part_that_was_set_aside_is_not_named_as_gone_too()
    {
        var (files, options) = await ClosedAsync();
        var store = StoreLifeTests.Open(files, options, StoreLifeTests.Clock());
        var dead = files.AfterDeath(powerCut: false);
        store.Dispose();
        var victim = dead.Paths.Where(path => path.EndsWith(".part", StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();
        dead.Overwrite(victim, [1, 2, 3]);
        var list = dead.Bytes(Folder + "parts.list").ToArray();
        using (var risen = StoreLifeTests.Open(dead, options, StoreLifeTests.Clock()))
        {
            Assert.Single(risen.Recovery.PartDamage);
            Assert.Empty(risen.Recovery.Damage);
        }
        // As if the process had died before the list followed.
        dead.Delete(Folder + "closed");
        dead.Overwrite(Folder + "parts.list", list);
        using var again = StoreLifeTests.Open(dead, options, StoreLifeTests.Clock());
        Assert.Empty(again.Recovery.Damage);
    }

    [Fact]
    public async Task A_full_disk_keeps_no_part_from_going_and_has_no_list_rather_than_a_wrong_one()
    {
        var (files, options) = await ClosedAsync();
        var clock = StoreLifeTests.Clock();
        var expiring = options with { NodeRetention = new NodeRetention(new RetentionPolicy(TimeSpan.FromMinutes(1))) };
        using var store = StoreLifeTests.Open(files, expiring, clock);
        Assert.Contains(Folder + "parts.list", files.Paths);
        var before = files.Paths.Count(path => path.EndsWith(".part", StringComparison.Ordinal));
        store.Maintain();
        files.IsFull = true;
        await store.RemoveAsync(clock);
        Assert.True(files.Paths.Count(path => path.EndsWith(".part", StringComparison.Ordinal)) < before);
        Assert.DoesNotContain(Folder + "parts.list", files.Paths);
        // It is not tried again at once, which would keep all other work waiting.
        var other = Assert.IsType<CutWork>(store.NextWork());
        files.IsFull = false;
        await other.RunAsync(clock);
        store.Complete(other);
        clock.Advance(TimeSpan.FromMinutes(2));
        await store.WorkAsync(clock);
        Assert.Contains(Folder + "parts.list", files.Paths);
    }

    [Fact]
    public async Task Nothing_is_missed_when_nothing_is_gone_or_a_log_after_a_death_or_when_the_inventories_are_damaged()
    {
        var (files, options) = await ClosedAsync();
        StoreLifeTests.Open(files, options, StoreLifeTests.Clock()).Dispose();
        var store = StoreLifeTests.Open(files, options, StoreLifeTests.Clock());
        Assert.Empty(store.Recovery.Damage);
        var dead = files.AfterDeath(powerCut: false);
        store.Dispose();
        dead.Delete(dead.Paths.Last(path => path.EndsWith(".wal", StringComparison.Ordinal)));
        using (var risen = StoreLifeTests.Open(dead, options, StoreLifeTests.Clock()))
            Assert.Empty(risen.Recovery.Damage);

        files.Delete(files.Paths.First(path => path.EndsWith(".part", StringComparison.Ordinal)));
        foreach (var name in (string[])["closed", "parts.list"])
        {
            var inventory = files.Bytes(Folder + name);
            inventory[3] ^= 1;
            files.Overwrite(Folder + name, inventory);
        }
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
