using ActorMon.Model.Ingest;
using ActorMon.Replication.Deletions;
using ActorMon.Replication.Digests;

namespace ActorMon.Simulation.Tests.World;

/// <summary>Every sample of the run; a batch is one sample.</summary>
public sealed class Samples
{
    private readonly List<(ulong Series, long Time)> _samples = [];
    private readonly Dictionary<(WriterId, int Partition, long Number), int> _byNumber = [];

    public int Make(ulong series, long time)
    {
        _samples.Add((series, time));
        return _samples.Count - 1;
    }

    public void Number(WriterId writer, int partition, long number, int id) => _byNumber.Add((writer, partition, number), id);

    public int Find(WriterId writer, int partition, long number) => _byNumber.GetValueOrDefault((writer, partition, number), -1);

    public DigestCell CellOf(int id) => new(_samples[id].Time / 20_000 * 20_000, (int)_samples[id].Series);

    /// <summary>Spread out, so that sums of different sets differ.</summary>
    public static UInt128 HashOf(int id) => new((ulong)(id + 1) * 0x9E3779B97F4A7C15, (ulong)(id + 1) * (ulong)(id + 1) * 0xD1B54A32D192ED03);

    public bool IsMeant(int id, DeletionRequest deletion) =>
        _samples[id].Series.ToString(System.Globalization.CultureInfo.InvariantCulture) == deletion.Selectors[0] && _samples[id].Time >= deletion.From && _samples[id].Time <= deletion.To;
}
