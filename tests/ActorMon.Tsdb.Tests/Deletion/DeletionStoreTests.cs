using ActorMon.Model.Exemplars;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Tests.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Tests.Deletion;

public class DeletionStoreTests
{
    private const long T = Workload.Start;
    private static readonly LabelSet A = LabelSet.Of("__name__", "a");
    private static readonly LabelSet B = LabelSet.Of("__name__", "b");
    private static readonly IReadOnlyList<IReadOnlyList<Matcher>> OfA = [[Matcher.MetricNamed("a")]];
    private long _number;

    [Fact]
    public void Samples_newer_than_the_deletion_are_visible()
    {
        var store = StoreLifeTests.Open(new MemoryFiles());
        Append(store, (A, T, 1), (B, T, 2));
        Assert.True(store.Delete(Guid.NewGuid(), OfA, long.MinValue, long.MaxValue).Changed);
        Assert.Empty(Read(store, A));
        Assert.Equal([T], Read(store, B));
        Append(store, (A, T + 1, 3));
        Assert.Equal([T + 1], Read(store, A));
    }

    [Fact]
    public void A_view_taken_before_a_deletion_still_shows_everything()
    {
        var store = StoreLifeTests.Open(new MemoryFiles());
        Append(store, (A, T, 1));
        using var before = store.View.Select(new SeriesRequest(OfA[0], TimestampMs.Min, TimestampMs.Max));
        store.Delete(Guid.NewGuid(), OfA, long.MinValue, long.MaxValue);
        var buffer = new SampleBuffer();
        before.Read(0, buffer);
        Assert.Equal([T], buffer.Times.ToArray());
    }

    [Fact]
    public void A_deletion_of_nothing_is_not_remembered()
    {
        var files = new MemoryFiles();
        var store = StoreLifeTests.Open(files);
        Append(store, (A, T, 1));
        Assert.Equal(default, store.Delete(Guid.NewGuid(), [[Matcher.MetricNamed("other")]], long.MinValue, long.MaxValue));
        Assert.Equal(default, store.Delete(Guid.NewGuid(), OfA, T + 1, long.MaxValue));
        Assert.Empty(store.Deletions.Entries);
        Assert.DoesNotContain(files.Paths, p => p.EndsWith("/deletions", StringComparison.Ordinal));
    }

    [Fact]
    public void Exemplars_go_with_the_samples_of_their_time()
    {
        var store = StoreLifeTests.Open(new MemoryFiles());
        Append(store, [(A, T, 1)], [new SeriesExemplar(A, At(T)), new SeriesExemplar(B, At(T))]);
        store.Delete(Guid.NewGuid(), OfA, long.MinValue, long.MaxValue);
        Append(store, [(A, T + 5, 1)], [new SeriesExemplar(A, At(T + 5))]);
        var all = store.View.Exemplars([ResolvedMatchers.Resolve([], store.View.Symbols)], TimestampMs.Min, TimestampMs.Max);
        Assert.Equal([(A, T + 5), (B, T)], all.SelectMany(s => s.Exemplars, (s, e) => (s.Series, e.Timestamp.Value)));

        static Exemplar At(long time) => new(LabelSet.Of("trace_id", "x"), 1, new TimestampMs(time));
    }

    [Fact]
    public void Undo_shows_everything_again_and_later_versions_stay_greater()
    {
        var files = new MemoryFiles();
        var store = StoreLifeTests.Open(files);
        Append(store, (A, T, 1), (A, T + 10, 2));
        var id = Guid.NewGuid();
        store.Delete(id, OfA, T, T);
        store.Delete(Guid.NewGuid(), OfA, T + 10, T + 10);
        Assert.Empty(Read(store, A));
        Assert.True(store.Undo(id).Changed);
        Assert.False(store.Undo(id).Changed);
        Assert.Equal([T], Read(store, A));
        store.Dispose();

        store = StoreLifeTests.Open(files);
        Assert.Equal([T], Read(store, A));
        store.Delete(Guid.NewGuid(), OfA, T, T);
        Assert.Equal([2L, 3L], store.Deletions.Entries.Select(e => e.Version));
    }

    [Fact]
    public void Killed_at_any_file_operation_a_deletion_is_there_whole_or_not_and_an_acknowledged_one_is()
    {
        foreach (var powerCut in new[] { false, true })
        {
            for (var kill = 1; ; kill++)
            {
                var files = new MemoryFiles(kill);
                var options = StoreLifeTests.Options(sync: WalSyncMode.Always);
                var store = StoreLifeTests.Open(files, options);
                Append(store, (A, T, 1), (B, T, 1));
                files.KillAt = files.Operations + kill;
                var acknowledged = 0;
                var undone = false;
                try
                {
                    var id = Guid.NewGuid();
                    store.Delete(id, OfA, long.MinValue, long.MaxValue);
                    acknowledged++;
                    store.Delete(Guid.NewGuid(), [[Matcher.MetricNamed("b")]], long.MinValue, long.MaxValue);
                    acknowledged++;
                    store.Undo(id);
                    undone = true;
                }
                catch (KilledException)
                {
                }
                using var after = StoreLifeTests.Open(files.AfterDeath(powerCut), options);
                Assert.Empty(after.Recovery.Damage);
                if (undone)
                    Assert.Equal([T], Read(after, A));
                else if (acknowledged == 1)
                    Assert.Empty(Read(after, A));
                if (acknowledged == 2)
                    Assert.Empty(Read(after, B));
                if (undone)
                {
                    Assert.True(kill > 12, "too few operations to prove anything");
                    break;
                }
            }
        }
    }

    [Fact]
    public void A_log_that_cannot_be_written_deletes_nothing_and_says_why()
    {
        var files = new MemoryFiles();
        var store = StoreLifeTests.Open(files);
        Append(store, (A, T, 1));
        files.FailAt = files.Operations + 1;
        var result = store.Delete(Guid.NewGuid(), OfA, long.MinValue, long.MaxValue);
        Assert.Contains("no space left", result.Error, StringComparison.Ordinal);
        Assert.Equal([T], Read(store, A));
    }

    [Fact]
    public void A_damaged_log_is_set_aside_and_reported_and_nothing_is_hidden()
    {
        for (var at = 0; at < 90; at++)
        {
            var files = new MemoryFiles();
            var store = StoreLifeTests.Open(files);
            Append(store, (A, T, 1));
            store.Delete(Guid.NewGuid(), OfA, long.MinValue, long.MaxValue);
            store.Dispose();
            var path = files.Paths.Single(p => p.EndsWith("/deletions", StringComparison.Ordinal));
            var bytes = files.Bytes(path).ToArray();
            if (at >= bytes.Length)
                break;
            bytes[at] ^= 0x10;
            files.Overwrite(path, bytes);
            using var again = StoreLifeTests.Open(files);
            Assert.Equal([T], Read(again, A));
            Assert.Equal("deletions.bad", Assert.Single(again.Recovery.Damage).SetAsideAs);
        }
    }

    [Fact]
    public void Decoding_never_fails_whatever_the_bytes()
    {
        var identity = new WalIdentity(StoreLifeTests.Cluster, 32, Workload.Partition);
        var random = new Random(5);
        var log = new DeletionLog
        {
            Version = 77,
            Entries = [new SeriesDeletion { Version = 70, Id = Guid.NewGuid(), Selectors = [[new Matcher(MatchOperator.Regex, "a", "b.*"), Matcher.Equal("ü", "ß")], OfA[0]], Min = long.MinValue, Max = 5, Created = 9 }],
        };
        var bytes = DeletionLogFormat.Encode(log, identity);
        var read = DeletionLogFormat.Decode(bytes, identity).Log!;
        Assert.Equal(77, read.Version);
        Assert.Equal(log.Entries[0].Selectors.SelectMany(s => s), read.Entries[0].Selectors.SelectMany(s => s));
        Assert.Equal((log.Entries[0].Id, long.MinValue, 5L, 9L), (read.Entries[0].Id, read.Entries[0].Min, read.Entries[0].Max, read.Entries[0].Created));
        for (var i = 0; i < 5_000; i++)
        {
            var damaged = bytes.AsSpan(0, random.Next(bytes.Length + 1)).ToArray();
            for (var n = random.Next(4); n > 0 && damaged.Length > 0; n--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            // With a checksum that fits, so that the content is looked at.
            if (damaged.Length > 48)
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(damaged.AsSpan(damaged.Length - 8), System.IO.Hashing.XxHash64.HashToUInt64(damaged.AsSpan(0, damaged.Length - 8)));
            var (decoded, reason) = DeletionLogFormat.Decode(damaged, identity);
            Assert.True(decoded is null != reason is null);
        }
    }

    [Fact]
    public void More_deletions_than_the_limit_are_refused()
    {
        var log = DeletionLog.Empty;
        for (var i = 0; i < DeletionLog.MaxEntries; i++)
            log = log.Apply(log.Decide(new DeletionCommand.Delete(Guid.NewGuid(), OfA, 0, 10, 0, 10, 0)));
        Assert.Contains("the limit is 1000", log.Decide(new DeletionCommand.Delete(Guid.NewGuid(), OfA, 0, 10, 0, 10, 0)).Refusal, StringComparison.Ordinal);
        log = log.Apply(log.Decide(new DeletionCommand.Finish([1, 2])));
        log = log.Apply(log.Decide(new DeletionCommand.Continue(5_000)));
        log = log.Apply(log.Decide(new DeletionCommand.Delete(Guid.NewGuid(), OfA, 0, 10, 0, 10, 0)));
        Assert.Equal(5_001, log.Entries[^1].Version);
    }

    private void Append(PartitionStore store, params (LabelSet Labels, long Time, double Value)[] samples) => Append(store, samples, []);

    private void Append(PartitionStore store, (LabelSet Labels, long Time, double Value)[] samples, SeriesExemplar[] exemplars)
    {
        var results = new AppendResult[1];
        store.Append(
            [new SampleBatch
            {
                Writer = Workload.Writer, Number = ++_number, Partition = Workload.Partition, Exemplars = exemplars,
                Loose = [.. samples.Select(s => new LooseSample(s.Labels, new TimestampMs(s.Time), s.Value))],
            }],
            results);
        Assert.Equal(AppendStatus.Accepted, results[0].Status);
    }

    private static long[] Read(PartitionStore store, LabelSet labels)
    {
        using var selection = store.View.Select(new SeriesRequest([.. labels.Select(l => Matcher.Equal(l.Name, l.Value))], TimestampMs.Min, TimestampMs.Max));
        if (selection.Count == 0)
            return [];
        var buffer = new SampleBuffer();
        selection.Read(0, buffer);
        return buffer.Times.ToArray();
    }
}
