using CsCheck;

namespace ActorMon.Model.Tests;

internal static class Pick
{
    /// <summary>Any of the values, evenly.</summary>
    public static Gen<T> From<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
