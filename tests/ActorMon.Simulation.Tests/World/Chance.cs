namespace ActorMon.Simulation.Tests.World;

/// <summary>The run's only source of chance: SplitMix64, so a seed means the same run on every runtime.</summary>
public sealed class Chance(ulong seed)
{
    // Not a multiple of the step: neighbouring seeds must not be one stream shifted by one.
    private ulong _state = unchecked((seed + 1) * 0xD1B54A32D192ED03);

    public ulong Bits()
    {
        var x = unchecked(_state += 0x9E3779B97F4A7C15);
        x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9);
        x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EB);
        return x ^ (x >> 31);
    }

    /// <summary>0 .. below - 1.</summary>
    public int Below(int below) => (int)(Bits() % (ulong)below);

    public long Between(long from, long to) => from + (long)(Bits() % (ulong)(to - from + 1));

    public bool Happens(double probability) => (Bits() >> 11) * (1.0 / (1UL << 53)) < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
