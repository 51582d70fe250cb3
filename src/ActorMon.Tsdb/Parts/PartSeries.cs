namespace ActorMon.Tsdb.Parts;

/// <summary>Ids of series of one part, ascending.</summary>
public sealed class PartSeries
{
    private readonly int[]? _ids;

    private PartSeries(int[]? ids, int count)
    {
        _ids = ids;
        Count = count;
    }

    public static PartSeries None { get; } = new([], 0);

    public int Count { get; }

    public int this[int index] => _ids is null ? index : _ids[index];

    internal static PartSeries All(int count) => new(null, count);

    internal static PartSeries Of(List<int> ids) => new([.. ids], ids.Count);
}
