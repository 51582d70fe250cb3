using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Tests.Storage;

namespace ActorMon.Tsdb.Tests.Deletion;

/// <summary>Deletions of the cluster's log as one copy follows them.</summary>
public class ClusterDeletionTests
{
    private const long T = Workload.Start;
    private static readonly IReadOnlyList<IReadOnlyList<Matcher>> OfA = [[Matcher.MetricNamed("a")]];
    private long _number;

    [Fact]
    public void Each_is_followed_once_and_in_order_also_after_a_restart()
    {
        var files = new MemoryFiles();
        var store = StoreLifeTests.Open(files);
        Append(store, T);
        Assert.True(store.Follow(Delete(1)).Changed);
        Assert.False(store.Follow(Delete(1)).Changed);
        Assert.Equal(0, Count(store));
        store.Dispose();
        store = StoreLifeTests.Open(files);
        Assert.Equal((1, 1L), (store.Deletions.Entries.Length, store.Deletions.ClusterVersion));
        var id = Guid.NewGuid();
        store.Follow(Delete(2, id));
        store.Follow(new DeletionCommand.FollowUndo(3, id));
        Assert.Equal((1, 3L), (store.Deletions.Entries.Length, store.Deletions.ClusterVersion));
    }

    [Fact]
    public void It_hides_what_another_copy_brings_later_until_every_copy_has_followed()
    {
        var store = StoreLifeTests.Open(new MemoryFiles());
        store.Follow(Delete(1));
        Append(store, T);
        Assert.Equal(0, Count(store));
        Append(store, T + 11);
        Assert.Equal(1, Count(store));
        // Nothing was hidden when it was written down, so there is nothing that a user could take back.
        Assert.Empty(store.PendingDeletions());
        var standing = StoreLifeTests.Open(new MemoryFiles());
        standing.Follow(Delete(1));
        standing.RequestClean();
        Assert.True(standing.IsClean(standing.Deletions.Version));
        Assert.Single(standing.Deletions.Entries);
        standing.ForgetFollowed(1);
        standing.RequestClean();
        Assert.Empty(standing.Deletions.Entries);
    }

    [Fact]
    public void A_new_copy_begins_behind_what_the_cluster_has_forgotten()
    {
        var store = StoreLifeTests.Open(new MemoryFiles());
        store.Follow(new DeletionCommand.Skip(7));
        Assert.False(store.Follow(Delete(7)).Changed);
        Assert.True(store.Follow(Delete(8)).Changed);
    }

    private static DeletionCommand.Follow Delete(long version, Guid? id = null) => new(version, id ?? Guid.NewGuid(), OfA, T, T + 10, 0);

    private void Append(PartitionStore store, long time)
    {
        var results = new AppendResult[1];
        store.Append(
            [new SampleBatch
            {
                Writer = Workload.Writer, Number = ++_number, Partition = Workload.Partition,
                Loose = [new LooseSample(LabelSet.Of("__name__", "a"), new TimestampMs(time), 1)],
            }],
            results);
        Assert.Equal(AppendStatus.Accepted, results[0].Status);
    }

    private static int Count(PartitionStore store)
    {
        using var selection = store.View.Select(new SeriesRequest(OfA[0], TimestampMs.Min, TimestampMs.Max));
        return selection.Count;
    }
}
