using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Reading;
using ActorMon.Tsdb.Tests.Storage;

namespace ActorMon.Tsdb.Tests.Deletion;

/// <summary>A partition that is written to, deleted from and restarted at random, against the naive reading of what a deletion is.</summary>
public class DeletionModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Every_read_shows_what_no_pending_deletion_names(int seed)
    {
        var files = new MemoryFiles();
        var work = new Workload(seed);
        var random = new Random(seed);
        var pending = new List<SeriesDeletion>();
        var model = new Model();
        var store = StoreLifeTests.Open(files);
        using var nothing = StoreLifeTests.Open(new MemoryFiles());
        for (var step = 0; step < 400; step++)
        {
            var batch = work.Next();
            StoreLifeTests.AppendGroup(store, work, [batch]);
            model.Apply(batch);
            switch (random.Next(25))
            {
                case 0:
                    var wanted = Random(random, store.View.MaxTime.Value);
                    var concerned = model.Series.Any(s => wanted.Matches(s.Labels) && s.Times.Any(t => t >= wanted.Min && t <= wanted.Max && !IsHidden(s.Labels, t)));
                    Assert.Equal(new DeletionResult(concerned, null), store.Delete(wanted.Id, wanted.Selectors, wanted.Min, wanted.Max));
                    if (concerned)
                        pending.Add(store.Deletions.Entries[^1]);
                    AssertEqual(store.View);
                    break;
                case 1 when pending.Count > 0:
                    var undone = pending[random.Next(pending.Count)];
                    Assert.True(store.Undo(undone.Id).Changed);
                    pending.Remove(undone);
                    AssertEqual(store.View);
                    break;
                case 2 when random.Next(3) == 0:
                    store.Dispose();
                    store = StoreLifeTests.Open(files);
                    Assert.Empty(store.Recovery.Damage);
                    AssertEqual(store.View);
                    break;
            }
        }
        AssertEqual(store.View);
        Assert.True(store.Deletions.Version > 5, "too few deletions to prove anything");
        store.Dispose();

        bool IsHidden(LabelSet labels, long time) => pending.Any(d => time >= d.Min && time <= d.Max && d.Matches(labels));

        void AssertEqual(PartitionView view)
        {
            model.AssertEqual(view, hidden: IsHidden);
            var (min, max) = (Workload.Start + random.Next(2_000_000), Workload.Start + random.Next(4_000_000));
            model.AssertEqual(view, min, max, IsHidden);
            AssertNames(view, model, min, max, IsHidden);
            // The same samples as a part would hold them: numbered series that know nothing of deletions.
            var mask = new DeletionMask(store.Deletions);
            var behind = new PartitionView(1, nothing.View.Head, [mask.Over(view.Head.With(new DeletionMask(DeletionLog.Empty)), applied: 0)], view.Floor);
            model.AssertEqual(behind, hidden: IsHidden);
            model.AssertEqual(behind, min, max, IsHidden);
            AssertNames(behind, model, min, max, IsHidden);
        }
    }

    /// <summary>Of what is there: one metric, one target, some of all, everything; of all time, a stretch, one millisecond.</summary>
    private static SeriesDeletion Random(Random random, long newest)
    {
        IReadOnlyList<Matcher> Selector() => random.Next(6) switch
        {
            0 => [Matcher.MetricNamed($"m{random.Next(9)}")],
            1 => [Matcher.MetricNamed("loose"), new Matcher(MatchOperator.Regex, "k", $"1?{random.Next(10)}")],
            2 => [Matcher.Equal("job", "test"), Matcher.Equal("instance", $"i{random.Next(5)}"), new Matcher(MatchOperator.NotEqual, "n", "3")],
            3 => [new Matcher(MatchOperator.NotRegex, "__name__", "m[0-4]"), Matcher.Equal("job", "test")],
            4 => [new Matcher(MatchOperator.Regex, "__name__", ".+"), Matcher.Equal("k", "")],
            _ => [Matcher.MetricNamed("loose"), Matcher.Equal("k", $"{random.Next(25)}")],
        };
        var (min, max) = random.Next(4) switch
        {
            0 => (long.MinValue, long.MaxValue),
            1 => (Workload.Start + random.Next(3_000) * 1_000L, newest),
            _ => (Workload.Start + random.Next(2_000) * 1_000L, Workload.Start + random.Next(3_000) * 1_000L),
        };
        return new SeriesDeletion
        {
            Version = 0,
            Id = Guid.NewGuid(),
            Selectors = random.Next(3) == 0 ? [Selector(), Selector()] : [Selector()],
            Min = min,
            Max = max,
            Created = 0,
        };
    }

    private static void AssertNames(PartitionView view, Model model, long min, long max, Func<LabelSet, long, bool> hidden)
    {
        var visible = model.Series.Where(s => s.Times.Any(t => t >= min && t <= max && !hidden(s.Labels, t))).Select(s => s.Labels).ToArray();
        var all = new[] { ResolvedMatchers.Resolve([], view.Symbols) };
        var (from, to) = (new TimestampMs(min), new TimestampMs(max));
        Assert.Equal(visible, view.Series(all, from, to));
        Assert.Equal(Sorted(visible.SelectMany(l => l).Select(l => l.Name)), view.LabelNames(all, from, to));
        foreach (var name in new[] { "__name__", "instance", "k", "n" })
            Assert.Equal(Sorted(visible.Select(l => l.Get(name)).Where(v => v.Length > 0)), view.LabelValues(name, [], from, to));
    }

    private static string[] Sorted(IEnumerable<string> texts)
    {
        var sorted = texts.Distinct().ToArray();
        Array.Sort(sorted, ByteText.Compare);
        return sorted;
    }
}
