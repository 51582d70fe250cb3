using ActorMon.Model.Ingest;
using ActorMon.Tsdb.Head;

namespace ActorMon.Tsdb.Wal;

/// <summary>The records of a checkpoint: the counterpart of <see cref="CheckpointWriter"/>. What depends on a record that could not be read is refused like damage.</summary>
internal sealed partial class WalReplay
{
    private LayoutState? _checkpointLayout;
    private ulong _checkpointIndex;
    private bool _checkpointOpen;

    /// <summary>The checkpoint's last record was read; in a segment it is never true.</summary>
    public bool CheckpointEnded { get; private set; }

    private void StartCheckpoint()
    {
        EndLayout();
        CheckpointEnded = false;
    }

    private bool TryCheckpoint(WalRecordType type, ref WalReader reader)
    {
        switch (type)
        {
            case WalRecordType.CheckpointStart:
                if (!reader.TryFixed(out var floor))
                    return false;
                head.DropBefore((long)floor);
                return true;
            case WalRecordType.CheckpointLayout:
                EndLayout();
                return TryStringsAnew(ref reader) && TryLayout(ref reader);
            case WalRecordType.CheckpointBlock:
                return TryBlock(ref reader);
            case WalRecordType.CheckpointLoose:
                EndLayout();
                return TryStringsAnew(ref reader) && TryLooseSeries(ref reader);
            default:
                EndLayout();
                if (!reader.TryByte(out var flags))
                    return false;
                EndsClean = (flags & CheckpointWriter.Clean) != 0;
                return CheckpointEnded = true;
        }
    }

    private bool TryStringsAnew(ref WalReader reader)
    {
        _strings.Clear();
        _names = [];
        _values = [];
        return TryStrings(ref reader);
    }

    private bool TryLayout(ref WalReader reader)
    {
        if (!reader.TryNumber(out var index) || !reader.TryByte(out var flags) || !reader.TryFixed(out var writer) || !reader.TryNumber(out var number)
            || !reader.TrySigned(out var lastAppendAt) || !reader.TryCount(out var slots))
            return false;
        var state = head.Layouts.Create(new LayoutId(new WriterId(writer), (uint)number));
        (_checkpointLayout, _checkpointIndex, _checkpointOpen) = (state, index, (flags & CheckpointWriter.IsOpen) != 0);
        state.LastAppendAt = lastAppendAt;
        state.Ended = (flags & CheckpointWriter.IsEnded) != 0;
        for (var slot = 0; slot < slots; slot++)
        {
            if (!TrySlotDefinition(ref reader, out var series, out var hash))
                return false;
            if (series >= 0)
                head.Layouts.AddSlot(state, series);
            else
                LayoutStore.AddDropped(state, hash);
        }
        LayoutStore.TrimSlots(state);
        return true;
    }

    private bool TryBlock(ref WalReader reader)
    {
        if (!reader.TryNumber(out var index) || _checkpointLayout is not { } state || index != _checkpointIndex)
            return false;
        if (LayoutBlock.TryRead(ref reader, out var samples) is not { } block || block.SlotCount > state.SlotCount)
            return false;
        // A checkpoint that is older than a cut: what the parts hold need not be cut again.
        if (_covered?.Covers(_segment, block.MinTime, block.MaxTime) != true)
            head.AddBlock(state, block, samples);
        SegmentMaxTime = Math.Max(SegmentMaxTime, block.MaxTime);
        return true;
    }

    private bool TryLooseSeries(ref WalReader reader)
    {
        while (reader.Left > 0)
        {
            if (!TryDefinition(ref reader, out var series) || !head.Loose.TryRead(head.LooseOf(series), ref reader, out var floats, out var histograms))
                return false;
            head.CountLoose(floats, histograms);
        }
        return true;
    }

    /// <summary>The whole checkpoint was applied.</summary>
    public void FinishCheckpoint()
    {
        EndLayout();
        head.FindRange();
    }

    /// <summary>A layout that was closed has its blocks now.</summary>
    private void EndLayout()
    {
        if (_checkpointLayout is { } state && !_checkpointOpen)
            head.Layouts.Close(state);
        _checkpointLayout = null;
    }
}
