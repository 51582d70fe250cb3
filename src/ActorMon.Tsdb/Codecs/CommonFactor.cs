namespace ActorMon.Tsdb.Codecs;

/// <summary>The greatest common divisor of a column's steps: memory comes in pages of 4096, times in whole seconds.</summary>
internal static class CommonFactor
{
    /// <summary>At least 1; of zeros alone, 1.</summary>
    public static long Of(ReadOnlySpan<long> steps)
    {
        ulong factor = 0;
        foreach (var step in steps)
        {
            if (step == 0)
                continue;
            if (step == long.MinValue)
                return 1;
            var magnitude = (ulong)Math.Abs(step);
            if (factor == 0)
                factor = magnitude;
            else if (magnitude % factor != 0)
                factor = Greatest(factor, magnitude % factor);
            if (factor == 1)
                return 1;
        }
        return factor == 0 ? 1 : (long)factor;
    }

    public static void Divide(Span<long> steps, long factor)
    {
        if (factor == 1)
            return;
        for (var i = 0; i < steps.Length; i++)
            steps[i] /= factor;
    }

    private static ulong Greatest(ulong a, ulong b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
