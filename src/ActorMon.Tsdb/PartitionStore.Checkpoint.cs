using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Wal;

namespace ActorMon.Tsdb;

/// <summary>
/// A head to be written to a checkpoint, as it was when <see cref="PartitionStore.BeginCheckpoint"/> was called. Any thread; to be given back to
/// <see cref="PartitionStore.CompleteCheckpoint"/> however it ended.
/// </summary>
public sealed class HeadCheckpoint
{
    private readonly IStorageFiles _files;
    private readonly string _directory;
    private readonly CheckpointWriter _writer;

    internal HeadCheckpoint(IStorageFiles files, string directory, CheckpointWriter writer, long number)
    {
        _files = files;
        _directory = directory;
        _writer = writer;
        Number = number;
    }

    internal long Number { get; }

    /// <summary>Exemplars in it, and how many had been offered until then.</summary>
    internal (int Held, long Offered) Exemplars { get; init; }

    /// <summary>Deletions whose exemplars are not in it.</summary>
    internal IReadOnlyList<long> Forgets { get; init; } = [];

    /// <summary>It is durable; nothing before it is needed.</summary>
    public bool IsWritten { get; private set; }

    public long Bytes => _writer.Bytes;

    /// <exception cref="IOException">The disk is full or fails. The log has everything still.</exception>
    public void Write(bool clean, CancellationToken cancellation)
    {
        foreach (var _ in _writer.Write(_files, _directory, clean))
            cancellation.ThrowIfCancellationRequested();
        IsWritten = true;
    }

    /// <summary>As above, at the pace given.</summary>
    /// <exception cref="IOException">As above.</exception>
    public async Task WriteAsync(WorkPacer pacer, CancellationToken cancellation)
    {
        foreach (var _ in _writer.Write(_files, _directory, clean: false))
            await pacer.PaceAsync(cancellation).ConfigureAwait(false);
        IsWritten = true;
    }
}

/// <summary>Checkpoints: the head as a file, so that a start reads it instead of replaying the log.</summary>
public sealed partial class PartitionStore
{
    /// <summary>What a series' definition costs the segment that begins after a checkpoint, many times over.</summary>
    private const int BytesPerSeries = 512;

    private readonly IStorageFiles _files;
    private HeadCheckpoint? _checkpoint;
    private bool _checkpointDamaged;

    // What was cut is in the log and in an older checkpoint still.
    private bool _checkpointAfterCut;

    /// <summary>The log behind the last checkpoint has outgrown it, or that is damaged.</summary>
    public bool IsCheckpointDue =>
        _checkpoint is null && _cut is null && _log.Failure is null
        && (_checkpointAfterCut || _checkpointDamaged || _forgetting.Count > 0 || _log.TailBytes > Math.Max(Math.Max(_options.CheckpointBytes, _log.CheckpointBytes), (long)_head.Series.Count * BytesPerSeries));

    /// <summary>Takes the head's image and ends the log's segment; the next append begins one. The writer's; one at a time.</summary>
    public HeadCheckpoint BeginCheckpoint()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_cut is not null)
            throw new InvalidOperationException("a checkpoint would replace the log of a head that is not in parts yet");
        return Begin();
    }

    /// <summary>Takes a checkpoint back: when it was written and the store is open still, the log before it is deleted. The writer's.</summary>
    public void CompleteCheckpoint(HeadCheckpoint checkpoint)
    {
        if (!ReferenceEquals(checkpoint, _checkpoint))
            throw new ArgumentException("this checkpoint was not begun by this store, or was taken back already", nameof(checkpoint));
        _checkpoint = null;
        if (_disposed || !checkpoint.IsWritten)
            return;
        Replace(checkpoint);
        Publish();
    }

    private void Replace(HeadCheckpoint checkpoint)
    {
        _checkpointDamaged = false;
        _checkpointAfterCut = false;
        _exemplarsLogged = checkpoint.Exemplars.Held - checkpoint.Exemplars.Offered;
        _forgotten.UnionWith(checkpoint.Forgets);
        _forgetting.ExceptWith(checkpoint.Forgets);
        _log.Checkpointed(checkpoint.Number, checkpoint.Bytes);
    }

    private HeadCheckpoint Begin()
    {
        var number = _log.TakeNumber();
        var positions = new WalBuffer();
        _positions.Write(positions);
        var identity = new WalIdentity(_options.ClusterId, _options.Partitions, _options.Partition);
        var writer = new CheckpointWriter(_head.Image(), identity, number, positions.Written.ToArray());
        return _checkpoint = new HeadCheckpoint(_files, WalDirectory(_options), writer, number)
        {
            Exemplars = (_head.ExemplarsHeld, _head.ExemplarsOffered),
            Forgets = [.. _forgetting],
        };
    }

    /// <summary>In order, and only when the next start gains by it: what it would replay is at least half of what it would read instead.</summary>
    private void CheckpointAtClose()
    {
        if (_checkpoint is not null || _cut is not null || _log.TailBytes < Math.Max(_options.CheckpointBytes, _stats.SampleBytes) / 2)
            return;
        var checkpoint = Begin();
        try
        {
            checkpoint.Write(clean: true, CancellationToken.None);
            Replace(checkpoint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The log has it all.
        }
    }

    private static string WalDirectory(PartitionOptions options) => Path.Combine(options.Directory, "wal");
}
