using ActorMon.Tsdb.Head;
using ActorMon.Tsdb.Storage;

namespace ActorMon.Tsdb.Wal;

/// <summary>
/// Writes a whole head as a segment of its own: framed records that stand by themselves but for the blocks of a layout, which need the layout's record. The file gets its
/// name when it is complete and synced. Drawn in docs/formats/wal.md. Used once, on any thread.
/// </summary>
internal sealed class CheckpointWriter(HeadImage image, WalIdentity identity, long number, byte[] positions)
{
    public const byte IsOpen = 1;
    public const byte IsEnded = 2;
    public const byte HasLast = 1;

    /// <summary>The head was complete when its store was closed in order.</summary>
    public const byte Clean = 1;

    private const int FlushBytes = 1 << 20;
    private const int LooseRecordBytes = 64 << 10;

    private readonly DefinitionWriter _definitions = new(image.Series);
    private readonly WalBuffer _sections = new();
    private readonly WalBuffer _buffer = new();
    private long _records;

    /// <summary>Bytes of the file.</summary>
    public long Bytes { get; private set; }

    /// <summary>Writes a piece at each step; the file is there once the last has been taken. One that is given up before is removed.</summary>
    /// <exception cref="IOException">The disk is full or fails; what was written has no name and is removed.</exception>
    public IEnumerable<bool> Write(IStorageFiles files, string directory, bool clean)
    {
        var name = Path.Combine(directory, WalFormat.CheckpointName(number));
        var unfinished = name + WalFormat.Unfinished;
        var isNamed = false;
        var file = files.Create(unfinished);
        try
        {
            using (file)
            {
                WalFormat.WriteHeader(_buffer.Reserve(WalFormat.HeaderBytes), identity, number);
                _buffer.Advance(WalFormat.HeaderBytes);
                Start();
                foreach (var step in Parts())
                {
                    yield return step;
                    if (_buffer.Length >= FlushBytes)
                        Flush(file);
                }
                End(clean);
                Flush(file);
                file.Sync();
            }
            files.Rename(unfinished, name);
            isNamed = true;
        }
        finally
        {
            if (!isNamed)
                TryDelete(files, unfinished);
        }
        files.SyncDirectory(directory);
    }

    private static void TryDelete(IStorageFiles files, string path)
    {
        try
        {
            if (files.FileExists(path))
                files.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start does it.
        }
    }

    private void Flush(IStorageFile file)
    {
        file.Append(_buffer.Written);
        Bytes += _buffer.Length;
        _buffer.Clear();
    }

    /// <summary>Writes the records that may be many, a piece at each step.</summary>
    private IEnumerable<bool> Parts()
    {
        var open = new Dictionary<int, OpenLayout>();
        foreach (var layout in image.Open)
            open[layout.Index] = layout;
        var slots = image.Slots();
        for (var i = 0; i < slots.Length; i++)
        {
            var view = image.Layouts[i];
            if (view.SlotCount == 0 || (!open.ContainsKey(i) && view.Blocks.Length == 0))
                continue;
            Layout(i, view, slots[i], open.TryGetValue(i, out var state) ? state : null);
            yield return true;
            foreach (var block in view.Blocks)
            {
                Block(i, block);
                yield return true;
            }
            // Open rows go as a block: a sixth of the bytes.
            if (view.RowCount > 0)
                Block(i, LayoutBlock.Seal(view.Rows.AsSpan(0, view.RowCount), view.SlotCount));
            yield return true;
        }
        for (var series = 0; series < image.SeriesCount;)
        {
            series = Loose(series);
            yield return true;
        }
        Others();
    }

    private void Start()
    {
        Begin();
        _sections.Fixed((ulong)image.Floor);
        Finish(WalRecordType.CheckpointStart, strings: false);
        Begin();
        _sections.Bytes(positions);
        Finish(WalRecordType.Positions, strings: false);
    }

    private void Layout(int index, LayoutView view, int[] slots, OpenLayout? open)
    {
        Begin();
        _sections.Number((ulong)index);
        _sections.Byte((byte)((open is null ? 0 : IsOpen) | (open is { Ended: true } ? IsEnded : 0)));
        _sections.Fixed(view.Id.Writer.Value);
        _sections.Number(view.Id.Number);
        _sections.Signed(open?.LastAppendAt ?? 0);
        _sections.Number((ulong)slots.Length);
        var dropped = open?.Dropped ?? [];
        var nextDropped = 0;
        for (var slot = 0; slot < slots.Length; slot++)
        {
            ulong hash = 0;
            if (nextDropped < dropped.Length && dropped[nextDropped].Slot == slot)
                hash = dropped[nextDropped++].Hash;
            if (slots[slot] >= 0)
                _definitions.Define(slots[slot], _sections);
            else
                DefinitionWriter.DefineNone(hash, _sections);
        }
        Finish(WalRecordType.CheckpointLayout, strings: true);
    }

    private void Block(int index, LayoutBlock block)
    {
        Begin();
        _sections.Number((ulong)index);
        block.Write(_sections);
        Finish(WalRecordType.CheckpointBlock, strings: false);
    }

    /// <summary>A record of loose series from one on; returns the series behind them.</summary>
    private int Loose(int series)
    {
        Begin();
        var any = false;
        for (; series < image.SeriesCount && _sections.Length < LooseRecordBytes; series++)
        {
            var loose = Volatile.Read(ref image.Series.Row(series).Loose);
            if (loose < 0 || !image.Loose.HasSamples(loose))
                continue;
            any = true;
            _definitions.Define(series, _sections);
            image.Loose.Write(loose, _sections);
        }
        if (any)
            Finish(WalRecordType.CheckpointLoose, strings: true);
        return series;
    }

    /// <summary>Exemplars and metadata, as a batch without a number.</summary>
    private void Others()
    {
        var exemplars = image.Exemplars.All().Where(e => e.Series < image.SeriesCount).ToList();
        var flags = (exemplars.Count > 0 ? WalEncoder.HasExemplars : 0) | (image.Metadata.Count > 0 ? WalEncoder.HasMetadata : 0);
        if (flags == 0)
            return;
        Begin();
        if (exemplars.Count > 0)
        {
            _sections.Number((ulong)exemplars.Count);
            foreach (var (series, exemplar) in exemplars)
            {
                _definitions.Define(series, _sections);
                WalEncoder.Exemplar(exemplar, _sections);
            }
        }
        if (image.Metadata.Count > 0)
        {
            _sections.Number((ulong)image.Metadata.Count);
            foreach (var (family, metadata) in image.Metadata)
                WalEncoder.Metadata(family, metadata, _sections);
        }
        var start = OpenRecord(WalRecordType.Batch);
        _buffer.Byte((byte)(flags | (_definitions.HasStrings ? WalEncoder.HasStrings : 0)));
        // Its first writer, 0, and number 0.
        _buffer.Number(0);
        _buffer.Fixed(0);
        _buffer.Signed(0);
        if (_definitions.HasStrings)
            _definitions.WriteStrings(_buffer);
        CloseRecord(start);
    }

    private void End(bool clean)
    {
        Begin();
        _sections.Byte(clean ? Clean : (byte)0);
        _sections.Number((ulong)_records);
        Finish(WalRecordType.CheckpointEnd, strings: false);
    }

    private void Begin()
    {
        _sections.Clear();
        _definitions.Clear();
    }

    private void Finish(WalRecordType type, bool strings)
    {
        var start = OpenRecord(type);
        if (strings)
            _definitions.WriteStrings(_buffer);
        CloseRecord(start);
    }

    private int OpenRecord(WalRecordType type)
    {
        var start = _buffer.Length;
        _buffer.Reserve(WalFormat.FrameBytes);
        _buffer.Advance(WalFormat.FrameBytes);
        _buffer.Byte((byte)type);
        _records++;
        return start;
    }

    private void CloseRecord(int start)
    {
        _buffer.Bytes(_sections.Written);
        WalFormat.Frame(_buffer.From(start));
    }
}
