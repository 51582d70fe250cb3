namespace ActorMon.Tsdb.Reading;

/// <summary>What of a selection is lost by damage. Damage is met while samples are read, so whoever wants to know asks when the reading is done. Any thread.</summary>
internal sealed class LostSamples(IReadOnlyList<ISampleSource> sources, long min, long max)
{
    public static readonly LostSamples None = new([], 0, 0);

    public IReadOnlyList<string> Warnings
    {
        get
        {
            List<string>? found = null;
            foreach (var source in sources)
                if (source.Lost(min, max) is { } lost)
                    (found ??= []).Add(lost);
            return found ?? (IReadOnlyList<string>)[];
        }
    }
}
