using System.Text;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Tests.Storage;

public class DataDirectoryTests
{
    private static DataDirectoryOptions Options(int partitions = 32, Guid? cluster = null) =>
        new() { Path = "/data", Partitions = partitions, ClusterId = cluster, ProcessId = 4711, Host = "box" };

    [Fact]
    public void A_fresh_directory_gets_its_meta_file_and_keeps_it()
    {
        var files = new MemoryFiles();
        var first = DataDirectory.Open(Options(), files).Directory!;
        Assert.Equal("/data/p-07", first.PartitionPath(new(7)));
        first.Dispose();
        var again = DataDirectory.Open(Options(), files.AfterDeath(powerCut: true));
        Assert.Null(again.Error);
        Assert.Equal(first.ClusterId, again.Directory!.ClusterId);
    }

    [Fact]
    public void A_second_process_is_refused_and_told_who_has_it()
    {
        var files = new MemoryFiles();
        using var first = DataDirectory.Open(Options(), files).Directory;
        var second = DataDirectory.Open(Options(), files);
        Assert.Null(second.Directory);
        Assert.Contains("pid 4711 on box", second.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, null, "has 32 partitions, 16 are configured")]
    [InlineData(32, "11111111-2222-3333-4444-555555555555", "this node is of cluster 11111111")]
    public void Another_number_of_partitions_or_another_cluster_is_refused(int partitions, string? cluster, string text)
    {
        var files = new MemoryFiles();
        DataDirectory.Open(Options(), files).Directory!.Dispose();
        var refused = DataDirectory.Open(Options(partitions, cluster is null ? null : Guid.Parse(cluster)), files);
        Assert.Contains(text, refused.Error, StringComparison.Ordinal);
        // The lock is free again.
        DataDirectory.Open(Options(), files).Directory!.Dispose();
    }

    [Theory]
    [InlineData("{\"formatVersion\":99,\"hashVersion\":1,\"partitions\":32,\"clusterId\":\"11111111-2222-3333-4444-555555555555\"}", "format version 99")]
    [InlineData("{\"formatVersion\":1,\"hashVersion\":9,\"partitions\":32,\"clusterId\":\"11111111-2222-3333-4444-555555555555\"}", "hash version 9")]
    public void A_meta_file_that_is_newer_is_refused(string meta, string text)
    {
        var files = new MemoryFiles();
        DataDirectory.Open(Options(), files).Directory!.Dispose();
        files.Overwrite("/data/actormon.json", Encoding.UTF8.GetBytes(meta));
        Assert.Contains(text, DataDirectory.Open(Options(), files).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(null, false)]
    [InlineData("{\"formatVersion\":\"1\"}", true)]
    [InlineData("{\"formatVersion\":[]}", true)]
    [InlineData("[1]", false)]
    [InlineData("{\"formatVersion\":1, \"hash", true)]
    [InlineData("{\"formatVersion\":1,\"hashVersion\":1,\"partitions\":32,\"clusterId\":\"11111111-2222-3333-4444-555555555555\"}", false)]
    public void A_lost_damaged_or_wrong_meta_file_is_written_anew_by_what_the_data_says(string? meta, bool isPart)
    {
        var files = new MemoryFiles();
        var first = DataDirectory.Open(Options(), files).Directory!;
        WriteData(files, first, isPart);
        first.Dispose();
        if (meta is null)
            files.Delete("/data/actormon.json");
        else
            files.Overwrite("/data/actormon.json", Encoding.UTF8.GetBytes(meta));

        using (var mended = DataDirectory.Open(Options(), files).Directory!)
        {
            Assert.Equal((first.ClusterId, 32), (mended.ClusterId, mended.Partitions));
            Assert.EndsWith("as the data says", mended.Repair, StringComparison.Ordinal);
        }
        Assert.Equal(meta is not null, files.FileExists("/data/actormon.json.bad"));
        using var again = DataDirectory.Open(Options(), files.AfterDeath(powerCut: true)).Directory!;
        Assert.Equal(first.ClusterId, again.ClusterId);
        Assert.Null(again.Repair);
        Assert.Contains("belongs to cluster", DataDirectory.Open(Options(cluster: Guid.NewGuid()), files).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_meta_file_without_data_is_set_aside_and_the_directory_begins_anew()
    {
        var files = new MemoryFiles();
        DataDirectory.Open(Options(), files).Directory!.Dispose();
        files.Overwrite("/data/actormon.json", "not json"u8.ToArray());
        using var mended = DataDirectory.Open(Options(), files).Directory!;
        Assert.Contains("set aside as actormon.json.bad", mended.Repair, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_of_two_clusters_is_refused()
    {
        var files = new MemoryFiles();
        using (var first = DataDirectory.Open(Options(), files).Directory!)
            WriteData(files, first, isPart: true);
        files.Delete("/data/actormon.json");
        files.CreateDirectory("/data/p-05/wal");
        var other = new byte[WalFormat.HeaderBytes];
        WalFormat.WriteHeader(other, new WalIdentity(Guid.NewGuid(), 32, new(5)), 1);
        files.Create("/data/p-05/wal/0000000001.wal").Append(other);
        Assert.Contains("several clusters", DataDirectory.Open(Options(), files).Error, StringComparison.Ordinal);
    }

    private static void WriteData(MemoryFiles files, DataDirectory directory, bool isPart)
    {
        var folder = Path.Combine(directory.PartitionPath(new(7)), isPart ? "parts" : "wal");
        var header = new byte[WalFormat.HeaderBytes];
        WalFormat.WriteHeader(header, new WalIdentity(directory.ClusterId, directory.Partitions, new(7)), 1);
        if (isPart)
            header = PartFormat.Header(new PartHeader
            {
                ClusterId = directory.ClusterId,
                Partitions = directory.Partitions,
                Partition = new(7),
                Sequence = 1,
                Level = 0,
                WindowStart = 0,
                WindowEnd = 7_200_000,
            });
        files.CreateDirectory(folder);
        // The first file is damaged: the next one says.
        files.Create(Path.Combine(folder, "0000000001.x")).Append("damaged"u8);
        using var file = files.Create(Path.Combine(folder, "0000000002.x"));
        file.Append(header);
        file.Sync();
        files.SyncDirectory(folder);
    }

    [Theory]
    [InlineData("/data/wal/00000000")]
    [InlineData("/data/chunks_head/000001")]
    [InlineData("/data/01H8XGJWBWBAQ1J8V3Z5T4K2M9/meta.json")]
    public void A_directory_of_Prometheus_is_left_untouched_and_the_import_command_named(string path)
    {
        var files = new MemoryFiles();
        files.CreateDirectory(Path.GetDirectoryName(path)!);
        files.Create(path).Append([1, 2, 3]);
        var operations = files.Operations;
        var refused = DataDirectory.Open(Options(), files);
        Assert.Contains("actormon-tool tsdb import prometheus /data /data-actormon", refused.Error, StringComparison.Ordinal);
        Assert.Equal(operations, files.Operations);
        Assert.Equal([path], files.Paths);
    }

    [Fact]
    public void The_disk_itself_behaves_as_the_tests_do()
    {
        var root = Directory.CreateTempSubdirectory("actormon-test-").FullName;
        try
        {
            var options = Options() with { Path = Path.Combine(root, "data") };
            using (var held = DataDirectory.Open(options, DiskFiles.Instance).Directory!)
            {
                Assert.Contains("pid 4711 on box", DataDirectory.Open(options, DiskFiles.Instance).Error, StringComparison.Ordinal);
                var work = new Workload(5);
                var partition = StoreLifeTests.Options() with { Directory = held.PartitionPath(Workload.Partition) };
                using (var store = StoreLifeTests.Open(DiskFiles.Instance, partition))
                {
                    for (var i = 0; i < 50; i++)
                        StoreLifeTests.AppendGroup(store, work, [work.Next()]);
                    Assert.True(store.Sync());
                }
                using var again = StoreLifeTests.Open(DiskFiles.Instance, partition);
                Assert.True(again.Recovery.CleanShutdown);
                Model.Of(work.Numbered).AssertEqual(again.View);
            }
            Assert.Null(DataDirectory.Open(options, DiskFiles.Instance).Error);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
