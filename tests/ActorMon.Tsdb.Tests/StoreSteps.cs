using ActorMon.Model.Ingest;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Snapshots;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Tests.Storage;

namespace ActorMon.Tsdb.Tests;

/// <summary>What tests do with a store again and again.</summary>
internal static class StoreSteps
{
    /// <summary>Appends the next batch that the store takes: a target whose series have left the head is told so and registers again, as a scraper does.</summary>
    public static SampleBatch AppendNext(this PartitionStore store, Workload work, Model? model = null)
    {
        var results = new AppendResult[1];
        while (true)
        {
            var batch = work.Next();
            store.Append([batch], results);
            if (results[0].Status == AppendStatus.UnknownLayout)
            {
                work.Reject(batch);
                continue;
            }
            Assert.True(results[0].Status == AppendStatus.Accepted, results[0].ToString());
            work.Acknowledge(batch);
            model?.Apply(batch);
            return batch;
        }
    }

    public static void AppendNext(this PartitionStore store, Workload work, int batches)
    {
        for (var i = 0; i < batches; i++)
            store.AppendNext(work);
    }

    /// <summary>Appends a batch that must be taken.</summary>
    public static void AppendOne(this PartitionStore store, SampleBatch batch)
    {
        var results = new AppendResult[1];
        store.Append([batch], results);
        Assert.True(results[0].Status == AppendStatus.Accepted, results[0].ToString());
    }

    public static Task RunAsync(this StorageWork work, TimeProvider clock) => work.RunAsync(new WorkPacer(clock, 1), clock, CancellationToken.None);

    /// <summary>Runs what is due, or so many pieces of it, the removal of files not counted; returns how many.</summary>
    public static async Task<int> WorkAsync(this PartitionStore store, TimeProvider clock, int most = int.MaxValue)
    {
        var (done, all) = (0, 0);
        while (done < most && store.NextWork() is { } work)
        {
            await work.RunAsync(clock);
            store.Complete(work);
            done += work is RemovalWork ? 0 : 1;
            Assert.True(++all < 2_000, "the work does not end");
        }
        return done;
    }

    /// <summary>Deletes the files that a checkpoint or a retention has made useless; there must be some.</summary>
    public static async Task RemoveAsync(this PartitionStore store, TimeProvider clock)
    {
        var work = Assert.IsType<RemovalWork>(store.NextWork());
        await work.RunAsync(clock);
        Assert.Null(work.Failure);
        store.Complete(work);
    }

    public static Task WriteAsync(this PartitionSnapshot snapshot, bool skipHead, TimeProvider clock) => snapshot.WriteAsync(skipHead, new WorkPacer(clock, 1), CancellationToken.None);

    public static void Checkpoint(this PartitionStore store)
    {
        var checkpoint = store.BeginCheckpoint();
        checkpoint.Write(clean: false, CancellationToken.None);
        store.CompleteCheckpoint(checkpoint);
    }

    /// <summary>Runs until the end or until the process is killed; true: it was not.</summary>
    public static async Task<bool> SurvivesAsync(Func<Task> life)
    {
        try
        {
            await life();
            return true;
        }
        catch (KilledException)
        {
            return false;
        }
    }

    public static bool Survives(Action life)
    {
        try
        {
            life();
            return true;
        }
        catch (KilledException)
        {
            return false;
        }
    }

    /// <summary>What the process after the next finds: the next one is killed at an operation of its start, unless that is 0.</summary>
    public static MemoryFiles AfterDeaths(this MemoryFiles files, bool powerCut, PartitionOptions options, int killStartAt)
    {
        var survivors = files.AfterDeath(powerCut);
        if (killStartAt == 0)
            return survivors;
        survivors.KillAt = killStartAt;
        Survives(() => StoreLifeTests.Open(survivors, options).Dispose());
        return survivors.AfterDeath(powerCut);
    }
}
