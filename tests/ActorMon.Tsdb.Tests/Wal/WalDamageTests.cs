using ActorMon.Model.Ingest;
using ActorMon.Tsdb.Tests.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Tests.Wal;

public class WalDamageTests
{
    private const string Directory = "/data/p-03/wal/";

    /// <summary>A log of a few segments without its end mark, and the batches in it.</summary>
    private static (MemoryFiles Files, Workload Work) Log(int seed, int batches = 30, long segmentBytes = 8_000)
    {
        var files = new MemoryFiles(seed);
        var work = new Workload(seed);
        var store = StoreLifeTests.Open(files, StoreLifeTests.Options(segmentBytes));
        for (var i = 0; i < batches; i++)
            StoreLifeTests.AppendGroup(store, work, [work.Next()]);
        return (files.AfterDeath(powerCut: false), work);
    }

    private static string[] Segments(MemoryFiles files) => [.. files.Paths.Where(p => p.EndsWith(".wal", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_log_cut_anywhere_in_its_last_record_starts_with_everything_before()
    {
        var (files, work) = Log(1, batches: 6, segmentBytes: 1 << 20);
        var path = Segments(files)[^1];
        var whole = files.Bytes(path);
        for (var length = 0; length < whole.Length; length += 37)
        {
            var cut = files.AfterDeath(powerCut: false);
            cut.Overwrite(path, whole[..length]);
            using var store = StoreLifeTests.Open(cut);
            var present = (int)store.Stats.Writers.GetValueOrDefault(Workload.Writer);
            Model.Of(work.Numbered.Take(present)).AssertEqual(store.View);
            Assert.All(store.Recovery.Damage, d => Assert.Null(d.SetAsideAs));
            Assert.True(store.Recovery.Damage.Count <= 1);
        }
    }

    [Fact]
    public void Any_flipped_bit_leaves_a_partition_that_starts_and_holds_no_wrong_sample()
    {
        var (files, work) = Log(2);
        var random = new Random(3);
        var all = work.Numbered;
        foreach (var path in Segments(files))
        {
            var whole = files.Bytes(path);
            for (var i = 0; i < 60; i++)
            {
                var bytes = (byte[])whole.Clone();
                var at = random.Next(bytes.Length);
                bytes[at] ^= (byte)(1 << random.Next(8));
                var damaged = files.AfterDeath(powerCut: false);
                damaged.Overwrite(path, bytes);
                using (var store = StoreLifeTests.Open(damaged))
                {
                    var damage = Assert.Single(store.Recovery.Damage);
                    Assert.Equal(Path.GetFileName(path), damage.Segment);
                    // What is damaged in the middle is kept aside, byte by byte.
                    if (damage.SetAsideAs is not null)
                        Assert.Equal(bytes[(int)damage.Offset..], damaged.Bytes("/data/p-03/quarantine/" + damage.SetAsideAs));
                    // Segments do not need each other: sending everything again completes the partition.
                    var results = new AppendResult[all.Count];
                    store.Append([.. all], results);
                    Assert.Contains(results, r => r.Status == AppendStatus.Duplicate);
                }
                // The next start finds nothing wrong any more.
                using var again = StoreLifeTests.Open(damaged);
                Assert.Empty(again.Recovery.Damage);
            }
        }
    }

    [Fact]
    public void A_segment_of_another_partition_or_cluster_is_set_aside_unread()
    {
        var (files, _) = Log(4);
        var first = Segments(files)[0];
        var options = StoreLifeTests.Options() with { ClusterId = Guid.NewGuid() };
        using var store = StoreLifeTests.Open(files, options);
        Assert.Equal(0, store.View.SeriesCount);
        Assert.All(store.Recovery.Damage, d => Assert.Contains("belongs to cluster", d.Reason, StringComparison.Ordinal));
        Assert.Contains("/data/p-03/quarantine/" + Path.GetFileName(first) + ".bad", files.Paths);
    }

    [Fact]
    public void The_bytes_of_a_known_log_never_change()
    {
        var header = new byte[WalFormat.HeaderBytes];
        WalFormat.WriteHeader(header, new WalIdentity(StoreLifeTests.Cluster, 32, Workload.Partition), 5);
        Assert.Equal(
            "414D574C030001006F1F9A528D3E4B079A44111122223333200000000300000005000000000000000000000000000000000000000000000000000000",
            Convert.ToHexString(header.AsSpan(0, 60)));
        Assert.Null(WalFormat.CheckHeader(header, new WalIdentity(StoreLifeTests.Cluster, 32, Workload.Partition)));
    }

    [Fact]
    public void Positions_know_what_is_contiguous_and_what_came_ahead()
    {
        var positions = new WriterPositions();
        var writer = new WriterId(1);
        var random = new Random(5);
        var seen = new HashSet<long>();
        for (var i = 0; i < 3_000; i++)
        {
            var number = random.Next(1, 60);
            positions.Add(writer, number);
            seen.Add(number);
            if (i % 10 == 0)
            {
                var buffer = new WalBuffer();
                positions.Write(buffer);
                positions = new WriterPositions();
                var reader = new WalReader(buffer.Written);
                Assert.True(positions.TryRead(ref reader));
            }
            for (long n = 1; n < 62; n++)
                Assert.Equal(seen.Contains(n), positions.Has(writer, n));
            var contiguous = 0L;
            while (seen.Contains(contiguous + 1))
                contiguous++;
            Assert.Equal(contiguous, positions.Contiguous(writer));
            if (seen.Count > 55)
            {
                seen.Clear();
                positions = new WriterPositions();
            }
        }
    }
}
