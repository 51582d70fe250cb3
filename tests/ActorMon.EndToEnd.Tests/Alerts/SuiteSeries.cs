using System.Globalization;

namespace ActorMon.EndToEnd.Tests.Alerts;

/// <summary>One series that the suite writes: a value every 15 s from T0.</summary>
/// <param name="Values">In order.</param>
public sealed record SuiteSeries(IReadOnlyList<(string Name, string Value)> Labels, IReadOnlyList<double> Values)
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    /// <param name="notation">Of the suite: "V" is one value, "0xN" N more of the one before.</param>
    public static IReadOnlyList<double> Read(string notation)
    {
        var values = new List<double>();
        foreach (var item in notation.Split(' '))
            if (item.StartsWith("0x", StringComparison.Ordinal))
                values.AddRange(Enumerable.Repeat(values[^1], int.Parse(item.AsSpan(2), CultureInfo.InvariantCulture)));
            else
                values.Add(double.Parse(item, CultureInfo.InvariantCulture));
        return values;
    }

    /// <summary>The value of an instant query at a time after T0.</summary>
    public double At(TimeSpan time) => Values[Math.Clamp((int)(time / Step), 0, Values.Count - 1)];
}
