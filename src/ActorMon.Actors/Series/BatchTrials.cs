using ActorMon.Model.Ingest;

namespace ActorMon.Actors.Series;

/// <summary>
/// Finds the batch that crashes a replica each time it is written. It outlives restarts of the replica's actor: after a crash the batches of that write are suspects and
/// are written one by one; the one at which the actor then crashes <see cref="MaxCrashes"/> times is poison. One thread.
/// </summary>
public sealed class BatchTrials
{
    public const int MaxCrashes = 3;

    private readonly Dictionary<(WriterId, long), int> _suspects = [];
    private readonly List<(WriterId Writer, long Number)> _writing = [];

    /// <summary>Suspects have not come again yet: batches are to be written one by one.</summary>
    public bool IsCautious => _suspects.Count > 0;

    public bool IsPoison(SampleBatch batch) => _suspects.GetValueOrDefault((batch.Writer, batch.Number)) >= MaxCrashes;

    public void Begin(ReadOnlySpan<SampleBatch> group)
    {
        _writing.Clear();
        foreach (var batch in group)
            _writing.Add((batch.Writer, batch.Number));
    }

    /// <summary>The group was answered, whatever the answer.</summary>
    public void End()
    {
        foreach (var batch in _writing)
            _suspects.Remove(batch);
        _writing.Clear();
    }

    /// <summary>The actor crashed; when a write was under way, its batches are suspects, a single one is charged.</summary>
    public void Crashed()
    {
        foreach (var batch in _writing)
            _suspects[batch] = _suspects.GetValueOrDefault(batch) + (_writing.Count == 1 ? 1 : 0);
        _writing.Clear();
    }

    public void SetAside(SampleBatch batch) => _suspects.Remove((batch.Writer, batch.Number));
}
