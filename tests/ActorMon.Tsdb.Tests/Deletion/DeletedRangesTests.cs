using ActorMon.Model.Samples;
using ActorMon.Tsdb.Deletion;
using CsCheck;

namespace ActorMon.Tsdb.Tests.Deletion;

public class DeletedRangesTests
{
    private static readonly Gen<(long, long)[]> Ranges = Gen.Select(Gen.Long[0, 60], Gen.Long[-2, 15], (start, length) => (start, start + length)).Array[0, 8];

    [Fact]
    public void A_time_is_deleted_exactly_when_it_lies_in_one_of_the_ranges() => Ranges.Sample(ranges =>
    {
        var deleted = DeletedRanges.Of(ranges);
        for (var t = -3L; t < 80; t++)
            Assert.Equal(ranges.Any(r => r.Item1 <= t && t <= r.Item2), deleted?.Contains(t) ?? false);
    });

    [Fact]
    public void Ranges_are_disjoint_ascending_and_do_not_touch() => Ranges.Sample(ranges =>
    {
        if (DeletedRanges.Of(ranges) is not { } deleted)
            return;
        for (var i = 1; i < deleted.Count; i++)
            Assert.True(deleted[i].Min > deleted[i - 1].Max + 1);
    });

    [Fact]
    public void Gaps_are_what_the_ranges_leave() => Gen.Select(Ranges, Gen.Long[-3, 70], Gen.Long[-3, 80]).Sample((ranges, min, max) =>
    {
        if (DeletedRanges.Of(ranges) is not { } deleted)
            return;
        var left = new List<long>();
        foreach (var (a, b) in deleted.Gaps(min, max))
            for (var t = a; t <= b; t++)
                left.Add(t);
        var wanted = new List<long>();
        for (var t = min; t <= max; t++)
            if (!ranges.Any(r => r.Item1 <= t && t <= r.Item2))
                wanted.Add(t);
        Assert.Equal(wanted, left);
    });

    [Fact]
    public void Removing_leaves_the_samples_beside_the_ranges_in_order() => Gen.Select(Ranges, Gen.Long[0, 70].HashSet[0, 40]).Sample((ranges, times) =>
    {
        if (DeletedRanges.Of(ranges) is not { } deleted)
            return;
        var buffer = new SampleBuffer();
        foreach (var t in times.Order())
            buffer.Add(t, t * 2.0);
        deleted.RemoveFrom(buffer);
        var wanted = times.Order().Where(t => !ranges.Any(r => r.Item1 <= t && t <= r.Item2)).ToArray();
        Assert.Equal(wanted, buffer.Times.ToArray());
        Assert.Equal(wanted.Select(t => t * 2.0), buffer.Values.ToArray());
    });

    [Fact]
    public void All_of_time_is_a_range_too()
    {
        var all = DeletedRanges.Of([(long.MinValue, long.MaxValue), (5, 7)])!;
        Assert.Equal(1, all.Count);
        foreach (var gap in all.Gaps(long.MinValue, long.MaxValue))
            Assert.Fail($"{gap} is deleted");
        var none = new List<(long, long)>();
        foreach (var gap in DeletedRanges.Of([(5, 7)])!.Gaps(long.MinValue, long.MaxValue))
            none.Add(gap);
        Assert.Equal([(long.MinValue, 4L), (8L, long.MaxValue)], none);
        var buffer = new SampleBuffer();
        buffer.Add(1, 1);
        all.RemoveFrom(buffer);
        Assert.Equal(0, buffer.Count);
    }
}
