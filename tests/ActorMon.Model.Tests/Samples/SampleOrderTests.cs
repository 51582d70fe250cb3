using ActorMon.Model.Samples;
using CsCheck;

namespace ActorMon.Model.Tests.Samples;

public sealed class SampleOrderTests
{
    private static readonly Gen<double> Values = Gen.OneOf(
        Gen.Double,
        Pick.From(0.0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, SpecialValues.NormalNaN, SpecialValues.StaleNaN),
        Gen.ULong.Select(BitConverter.UInt64BitsToDouble));

    [Fact]
    public void Only_equal_bits_are_equal() => Gen.Select(Values, Values).Sample((a, b) =>
        SampleOrder.Compare(a, b) == 0 == (BitConverter.DoubleToUInt64Bits(a) == BitConverter.DoubleToUInt64Bits(b)));

    [Fact]
    public void Swapping_the_sides_swaps_the_answer() => Gen.Select(Values, Values).Sample((a, b) =>
        Math.Sign(SampleOrder.Compare(a, b)) == -Math.Sign(SampleOrder.Compare(b, a)));

    [Fact]
    public void It_is_transitive() => Gen.Select(Values, Values, Values).Sample((a, b, c) =>
        !(SampleOrder.Compare(a, b) >= 0 && SampleOrder.Compare(b, c) >= 0) || SampleOrder.Compare(a, c) >= 0);

    [Fact]
    public void Every_real_sample_beats_the_stale_marker() => Values.Sample(v =>
        SpecialValues.IsStale(v) || SampleOrder.Compare(v, SpecialValues.StaleNaN) > 0);

    [Fact]
    public void The_greater_value_wins() => Assert.True(SampleOrder.Compare(2, 1) > 0 && SampleOrder.Compare(1, double.NaN) > 0);
}
