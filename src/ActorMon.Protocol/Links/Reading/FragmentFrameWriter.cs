using ActorMon.Model.Bytes;
using ActorMon.PromQL.Fragments;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>
/// Computed parts of a query as the content of <see cref="ReadFrameKinds.Fragments"/> frames: entries one after the other, an entry is never cut. Texts of labels are known
/// to the end of their fragment. Drawn in docs/formats/link.md.
/// <code>
/// entry: 1 | why                                            the next fragment is declined
///        2                                                  the next fragment follows
///        3 | labels                                         a series; all ascend
///        4 | results, most, last                            of the next series: samples of its range function
///        5 | presence | values                              a column
///        6 | least, greatest (signed)                       binary orders of the next group
///        7 | samples seen, read (signed) | per step: 0, or 1 and both for each step
///        8 | size (signed) | change each step (signed)      samples of an inner part
///        9 | warning u8 | start, end | text                 an annotation
/// presence: 0 all steps, 1 none, 2 as the column before, 3 and a byte for each eight steps
/// </code>
/// </summary>
public sealed class FragmentFrameWriter
{
    internal const byte Declined = 1;
    internal const byte Begun = 2;
    internal const byte SeriesEntry = 3;
    internal const byte WindowsEntry = 4;
    internal const byte ColumnEntry = 5;
    internal const byte OrdersEntry = 6;
    internal const byte CountsEntry = 7;
    internal const byte TallyEntry = 8;
    internal const byte NoteEntry = 9;
    internal const byte AllSteps = 0;
    internal const byte NoStep = 1;
    internal const byte AsBefore = 2;
    internal const byte SomeSteps = 3;

    private readonly ByteWriter _content = new(64 << 10);
    private readonly LabelStreamWriter _labels = new();
    private ulong[]? _before;

    /// <summary>Hands out the content of one frame after the other; each is valid until the next.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Frames(FragmentRequest request, IReadOnlyList<FragmentPart> parts)
    {
        for (var i = 0; i < parts.Count; i++)
            foreach (var _ in Entries(parts[i], request.Fragments[i].Steps))
                if (_content.Length >= ReadFrameKinds.FullBytes)
                    yield return Taken();
        if (_content.Length > 0)
            yield return Taken();
    }

    private ReadOnlyMemory<byte> Taken()
    {
        var taken = _content.Written.ToArray();
        _content.Clear();
        return taken;
    }

    /// <summary>Writes one entry a turn.</summary>
    private IEnumerable<bool> Entries(FragmentPart part, int steps)
    {
        _labels.Reset();
        _before = null;
        if (part.Declined is { } why)
        {
            _content.Byte(Declined);
            _content.Text(why);
            yield return true;
            yield break;
        }
        _content.Byte(Begun);
        Counts(part, steps);
        for (var i = 0; i < part.Series.Count; i++)
        {
            _content.Byte(SeriesEntry);
            _labels.Write(_content, part.Series[i]);
            if (part.Windows.Count > 0)
                Windows(part.Windows[i]);
            yield return true;
        }
        foreach (var orders in part.Orders)
        {
            _content.Byte(OrdersEntry);
            _content.Signed(orders.Least);
            _content.Signed(orders.Greatest);
            yield return true;
        }
        foreach (var column in part.Columns)
        {
            Column(column, steps);
            yield return true;
        }
        foreach (var tally in part.Tallies)
        {
            _content.Byte(TallyEntry);
            _content.Signed(tally.Size);
            foreach (var change in tally.Changes)
                _content.Signed(change);
            yield return true;
        }
        foreach (var note in part.Notes)
        {
            _content.Byte(NoteEntry);
            _content.Byte((byte)(note.IsWarning ? 1 : 0));
            _content.Number((ulong)note.Start);
            _content.Number((ulong)note.End);
            _content.Text(note.Text);
            yield return true;
        }
    }

    private void Windows(FragmentWindows windows)
    {
        _content.Byte(WindowsEntry);
        _content.Number((ulong)windows.Results);
        _content.Number((ulong)windows.Most);
        _content.Number((ulong)windows.Last);
    }

    private void Counts(FragmentPart part, int steps)
    {
        _content.Byte(CountsEntry);
        _content.Signed(part.TotalSamples);
        _content.Signed(part.SamplesRead);
        _content.Byte((byte)(part.TotalPerStep.Length == 0 ? 0 : 1));
        if (part.TotalPerStep.Length == 0)
            return;
        for (var step = 0; step < steps; step++)
        {
            _content.Signed(part.TotalPerStep[step]);
            _content.Signed(part.ReadPerStep[step]);
        }
    }

    private void Column(FragmentColumn column, int steps)
    {
        _content.Byte(ColumnEntry);
        if (column.Values.Length == 0)
        {
            _content.Byte(NoStep);
            return;
        }
        if (column.Values.Length == steps)
            _content.Byte(AllSteps);
        else if (_before is not null && _before.AsSpan().SequenceEqual(column.Present))
            _content.Byte(AsBefore);
        else
        {
            _content.Byte(SomeSteps);
            for (var i = 0; i < (steps + 7) / 8; i++)
                _content.Byte((byte)(column.Present[i >> 3] >> ((i & 7) * 8)));
            _before = column.Present;
        }
        ValueRun.Write(_content, column.Values);
    }
}
