using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Memory;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Tests.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb.Tests.Parts;

public class PartFileTests
{
    [Theory]
    [InlineData(1, 40, 2 * 3600_000L, 15_000)]
    [InlineData(2, 300, 2 * 3600_000L, 60_000)]
    [InlineData(3, 30, 24 * 3600_000L, 30_000)]
    [InlineData(4, 9, 3600_000L, 500)]
    public void What_was_written_comes_back_bit_by_bit(int seed, int series, long length, int step)
    {
        var files = PartModel.Files();
        var model = PartModel.Random(seed, series, length, step);
        using var part = model.Write(files, new PartCache(1 << 20), PartModel.Header(length: length));
        Assert.Equal(model.Series.Count, part.SeriesCount);
        Assert.Equal(model.Series.Values.Sum(s => s.Count), part.Samples);
        Assert.Equal(model.Series.Values.Min(s => s[0].Time), part.MinTime);
        Assert.Equal(model.Series.Values.Max(s => s[^1].Time), part.MaxTime);
        var buffer = new SampleBuffer();
        var random = new Random(seed);
        var id = 0;
        foreach (var (labels, samples) in model.Series)
        {
            Assert.Equal(labels, part.Labels(id));
            Assert.Equal(id, part.Find(labels));
            buffer.Clear();
            part.Read(id, long.MinValue, long.MaxValue, buffer);
            PartModel.AssertSame(samples, buffer);
            Assert.True(part.TryGetLast(id, out var lastTime, out _));
            Assert.Equal(samples[^1].Time, lastTime);
            for (var i = 0; i < 5; i++)
            {
                var min = PartModel.Start + random.NextInt64(length);
                var max = min + random.NextInt64(length / 4 * (i % 2) + 2 * step);
                var wanted = samples.Where(s => s.Time >= min && s.Time <= max).ToArray();
                buffer.Clear();
                part.Read(id, min, max, buffer);
                PartModel.AssertSame(wanted, buffer);
                Assert.Equal(wanted.Length > 0, part.Overlaps(id, min, max));
            }
            id++;
        }
        var verification = part.Verify();
        Assert.Empty(verification.Problems);
        Assert.Equal(part.Samples, verification.Samples);
        Assert.Equal(0, part.DamagedPages);
    }

    [Fact]
    public void Matchers_find_what_the_labels_say()
    {
        var model = PartModel.Random(7, 500, 3600_000, 60_000);
        using var part = model.Write(PartModel.Files(), new PartCache(8 << 20), PartModel.Header());
        var all = model.Series.Keys.ToArray();
        Matcher[] matchers =
        [
            Matcher.MetricNamed("metric_3"), Matcher.MetricNamed("absent"), Matcher.Equal("job", ""), Matcher.Equal("job", "node"), Matcher.Equal("nolabel", ""),
            new(MatchOperator.NotEqual, "job", "node"), new(MatchOperator.NotEqual, "job", ""), new(MatchOperator.NotEqual, "nolabel", ""), new(MatchOperator.NotEqual, "nolabel", "x"),
            new(MatchOperator.Regex, "instance", "host-[1-3]"), new(MatchOperator.Regex, "instance", "host-1|host-5|host-1|nobody"), new(MatchOperator.NotRegex, "instance", "host-[1-3]"),
            new(MatchOperator.Regex, "job", "node|"), new(MatchOperator.Regex, "job", ".*"), new(MatchOperator.Regex, "job", ".+"), new(MatchOperator.NotRegex, "job", ".*"),
            new(MatchOperator.NotRegex, "job", ".+"), new(MatchOperator.Regex, "slot", ".*7"), new(MatchOperator.NotRegex, "slot", "1.*"), new(MatchOperator.Equal, "é", "ü😀"),
        ];
        var random = new Random(5);
        for (var i = 0; i < 400; i++)
        {
            var set = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => matchers[random.Next(matchers.Length)]).ToArray();
            var wanted = all.Where(labels => Array.TrueForAll(set, m => m.Matches(labels)));
            var found = part.Find(set, long.MinValue, long.MaxValue);
            Assert.Equal(wanted, Enumerable.Range(0, found.Count).Select(n => part.Labels(found[n])));
        }
        Assert.Equal(all.Length, part.Find([], long.MinValue, long.MaxValue).Count);
    }

    [Fact]
    public void A_range_that_cuts_the_part_finds_only_series_with_samples_in_it()
    {
        var model = new PartModel();
        for (var i = 0; i < 10; i++)
            model.Series[LabelSet.Of("__name__", "m", "i", $"{i}")] = [new(PartModel.Start + i * 1000, i, null), new(PartModel.Start + 100_000 + i, i, null)];
        using var part = model.Write(PartModel.Files(), new PartCache(1 << 20), PartModel.Header());
        Assert.Equal(3, part.Find([Matcher.MetricNamed("m")], PartModel.Start + 2000, PartModel.Start + 4500).Count);
        Assert.Equal(0, part.Find([], PartModel.Start + 50_000, PartModel.Start + 60_000).Count);
        Assert.Equal(0, part.Find([], PartModel.Start + 200_000, long.MaxValue).Count);
        Assert.Equal(10, part.Find([], PartModel.Start, PartModel.Start + 100_000 + 9).Count);
    }

    [Fact]
    public void Names_and_values_are_collected_without_label_sets()
    {
        var model = PartModel.Random(7, 200, 3600_000, 60_000);
        using var part = model.Write(PartModel.Files(), new PartCache(8 << 20), PartModel.Header());
        var names = new HashSet<string>();
        part.CollectNames(names);
        Assert.Equal(model.Series.Keys.SelectMany(l => l).Select(l => l.Name).Distinct().Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        var values = new HashSet<string>();
        part.CollectValues("slot", values);
        Assert.Equal(200, values.Count);
        var some = part.Find([Matcher.Equal("instance", "host-2")], long.MinValue, long.MaxValue);
        values.Clear();
        part.CollectValues("instance", some, values);
        Assert.Equal(["host-2"], values);
        values.Clear();
        part.CollectValues("slot", some, values);
        Assert.Equal(some.Count, values.Count);
        names.Clear();
        part.CollectNames(some, names);
        Assert.Contains("slot", names);
        part.CollectValues("nolabel", values);
        Assert.Equal(some.Count, values.Count);
    }

    [Fact]
    public void The_header_says_what_it_was_given_and_refuses_others()
    {
        var files = PartModel.Files();
        var header = PartModel.Header(sequence: 42);
        PartModel.Random(1, 3, 3600_000, 60_000).Write(files, new PartCache(0), header).Dispose();
        var path = Path.Combine(PartModel.Directory, "0000000042.part");
        using (var part = PartFile.Open(files, path, PartModel.Identity, new PartCache(0)))
        {
            Assert.Equal(header.Replaces, part.Header.Replaces);
            Assert.Equal(header with { Replaces = [] }, part.Header with { Replaces = [] });
            Assert.Equal(files.Bytes(path).Length, part.Bytes);
        }
        Assert.Throws<PartDamagedException>(() => PartFile.Open(files, path, new WalIdentity(Guid.Empty, 8, new PartitionId(3)), new PartCache(0)));
        Assert.Throws<PartDamagedException>(() => PartFile.Open(files, path, new WalIdentity(PartModel.Cluster, 8, new PartitionId(4)), new PartCache(0)));
        PartFile.Open(files, path, null, new PartCache(0)).Dispose();
        Assert.True(PartFile.TryParseFileName("0000000042.part", out var sequence));
        Assert.Equal(42, sequence);
        Assert.False(PartFile.TryParseFileName("0000000042.part.tmp", out _));
    }

    [Fact]
    public void A_part_without_samples_and_one_given_up_leave_nothing()
    {
        var files = PartModel.Files();
        using (var writer = PartWriter.Create(files, PartModel.Directory, PartModel.Header()))
        {
            writer.Add(LabelSet.Of("a", "b"), new SampleBuffer());
            Assert.Null(writer.Finish(new PartCache(0)));
        }
        using (var writer = PartWriter.Create(files, PartModel.Directory, PartModel.Header()))
        {
            var buffer = new SampleBuffer();
            buffer.Add(PartModel.Start, 1);
            writer.Add(LabelSet.Of("a", "b"), buffer);
        }
        Assert.Empty(files.Paths);
    }

    [Fact]
    public void Series_and_samples_out_of_order_are_refused()
    {
        using var writer = PartWriter.Create(PartModel.Files(), PartModel.Directory, PartModel.Header());
        var buffer = new SampleBuffer();
        buffer.Add(PartModel.Start, 1);
        writer.Add(LabelSet.Of("a", "b"), buffer);
        Assert.Throws<ArgumentException>(() => writer.Add(LabelSet.Of("a", "b"), buffer));
        Assert.Throws<ArgumentException>(() => writer.Add(LabelSet.Of("a", "a"), buffer));
        buffer.Add(PartModel.Start, 1);
        Assert.Throws<ArgumentException>(() => writer.Add(LabelSet.Of("a", "c"), buffer));
        buffer.Clear();
        buffer.Add(PartModel.Start - 1, 1);
        Assert.Throws<ArgumentException>(() => writer.Add(LabelSet.Of("a", "c"), buffer));
        buffer.Clear();
        buffer.Add(PartModel.Start + 2 * 3600_000, 1);
        Assert.Throws<ArgumentException>(() => writer.Add(LabelSet.Of("a", "c"), buffer));
    }

    [Fact]
    public void Any_time_fits_a_window_as_long_as_time()
    {
        var model = new PartModel();
        long[] times = [long.MinValue, long.MinValue + 1, -1, 0, 1, PartModel.Start, long.MaxValue - 2, long.MaxValue - 1];
        model.Series[LabelSet.Of("a", "b")] = [.. times.Select(t => new PartModel.Sample(t, t, null))];
        model.Series[LabelSet.Of("a", "c")] = [.. Enumerable.Range(0, 5000).Select(i => new PartModel.Sample(i * 7, i, null))];
        using var part = model.Write(PartModel.Files(), new PartCache(1 << 20), PartModel.Header() with { WindowStart = long.MinValue, WindowEnd = long.MaxValue });
        var buffer = new SampleBuffer();
        part.Read(0, long.MinValue, long.MaxValue, buffer);
        PartModel.AssertSame(model.Series.First().Value, buffer);
        buffer.Clear();
        part.Read(0, 0, PartModel.Start, buffer);
        Assert.Equal([0, 1, PartModel.Start], buffer.Times.ToArray());
        buffer.Clear();
        part.Read(1, 0, long.MaxValue, buffer);
        PartModel.AssertSame(model.Series.Last().Value, buffer);
        Assert.Empty(part.Verify().Problems);
    }

    [Fact]
    public void Chunks_tell_their_times_counts_and_constants_undecoded()
    {
        var model = new PartModel();
        model.Series[LabelSet.Of("a", "1")] = [.. Enumerable.Range(0, 3000).Select(i => new PartModel.Sample(PartModel.Start + i * 1000, 7.5, null))];
        model.Series[LabelSet.Of("a", "2")] = [.. Enumerable.Range(0, 10).Select(i => new PartModel.Sample(PartModel.Start + i * 1000, i % 3, null))];
        using var part = model.Write(PartModel.Files(), new PartCache(1 << 20), PartModel.Header());
        var chunks = part.Chunks(0);
        Assert.Equal(3000, chunks.Sum(c => c.Samples));
        Assert.All(chunks, c => Assert.Equal(7.5, c.Constant));
        Assert.Equal((PartModel.Start, PartModel.Start + 2_999_000), (chunks[0].MinTime, chunks[^1].MaxTime));
        Assert.Equal(new PartChunk(PartModel.Start, PartModel.Start + 9000, 10, false, null, "deltas"), Assert.Single(part.Chunks(1)));
    }

    [Fact]
    public void A_retired_part_lives_until_the_last_reader_has_let_go()
    {
        var files = PartModel.Files();
        var cache = new PartCache(1 << 20);
        var part = PartModel.Random(1, 10, 3600_000, 60_000).Write(files, cache, PartModel.Header());
        part.AddReference();
        part.Retire();
        part.Dispose();
        var buffer = new SampleBuffer();
        part.Read(3, long.MinValue, long.MaxValue, buffer);
        Assert.True(buffer.Count > 0 && files.FileExists(part.Path));
        part.Release();
        Assert.False(files.FileExists(part.Path));
        Assert.Equal(0, cache.Bytes);
        Assert.Throws<ObjectDisposedException>(part.AddReference);
    }

    [Fact]
    public void The_cache_keeps_to_its_bound_and_serves_what_it_holds()
    {
        var files = PartModel.Files();
        var cache = new PartCache(40_000);
        var model = PartModel.Random(1, 200, 2 * 3600_000, 15_000);
        using var part = model.Write(files, cache, PartModel.Header());
        var buffer = new SampleBuffer();
        for (var id = 0; id < part.SeriesCount; id++)
        {
            part.Read(id, long.MinValue, long.MaxValue, buffer);
            part.Labels(id);
            Assert.InRange(cache.Bytes, 0, cache.MaxBytes);
        }
    }

    [Fact]
    public void The_cache_gives_its_bytes_to_who_reserves_them_of_the_budget_and_takes_them_again_when_they_are_returned()
    {
        var budget = new MemoryBudget(4_000_000);
        var cache = new PartCache(10 << 20, budget);
        using var part = PartModel.Random(1, 200, 2 * 3600_000, 15_000).Write(PartModel.Files(), cache, PartModel.Header());
        ReadAll();
        var all = cache.Bytes;
        Assert.InRange(all, 100_000, budget.Limit);
        var misses = cache.Misses;
        ReadAll();
        Assert.Equal(misses, cache.Misses);

        Assert.True(budget.TryReserve(budget.Limit - all / 2));
        Assert.InRange(cache.Bytes, 0, all / 2);
        ReadAll();
        Assert.InRange(cache.Bytes, 1, all / 2);
        Assert.True(cache.Misses > misses);
        Assert.False(budget.TryReserve(all));
        Assert.True(budget.TryReserve(budget.Left));
        Assert.Equal((0, 0), (cache.Bytes, budget.Left));
        ReadAll();
        Assert.Equal(0, cache.Bytes);

        budget.Return(budget.Limit);
        ReadAll();
        Assert.Equal(all, cache.Bytes);

        void ReadAll()
        {
            var buffer = new SampleBuffer();
            for (var id = 0; id < part.SeriesCount; id++)
                part.Read(id, long.MinValue, long.MaxValue, buffer);
        }
    }
}
