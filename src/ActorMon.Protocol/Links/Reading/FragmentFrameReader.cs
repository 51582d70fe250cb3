using System.Numerics;
using ActorMon.Model.Bytes;
using ActorMon.PromQL.Fragments;

namespace ActorMon.Protocol.Links.Reading;

/// <summary>Reads the content of the fragment frames of one answer, in their order. Damaged bytes, and series that do not ascend, end it with false.</summary>
/// <param name="request">What was asked: how many fragments, and how many steps each has.</param>
/// <param name="take">Told of memory before it is taken, in bytes; an exception of it ends the read.</param>
public sealed class FragmentFrameReader(FragmentRequest request, Action<long>? take = null)
{
    private const long SeriesBytes = 120;
    private const long LabelBytes = 32;
    private const long ColumnBytes = 80;
    private const long SmallBytes = 40;

    private readonly LabelStreamReader _labels = new();
    private readonly List<FragmentPart> _parts = [];
    private int _steps;
    private ulong[]? _before;
    private ulong[] _all = [];

    /// <summary>What has come; the last one may go on.</summary>
    public IReadOnlyList<FragmentPart> Parts => _parts;

    /// <summary>Memory that is held for all of it, about.</summary>
    public long Bytes { get; private set; }

    public bool Read(LinkFrame frame)
    {
        var from = frame.Reader();
        while (from.Left > 0 && !from.Failed)
            Entry(from.Byte(), ref from);
        return !from.Failed;
    }

    private void Entry(byte kind, ref ByteReader from)
    {
        if (kind is FragmentFrameWriter.Declined or FragmentFrameWriter.Begun)
        {
            Begin(kind, ref from);
            return;
        }
        if (_parts.Count == 0 || _parts[^1] is not { Declined: null } part)
        {
            from.Fail();
            return;
        }
        switch (kind)
        {
            case FragmentFrameWriter.SeriesEntry:
                Series(part, ref from);
                break;
            case FragmentFrameWriter.WindowsEntry when part.Windows.Count < part.Series.Count:
                part.Windows.Add(new FragmentWindows(from.Number(int.MaxValue), from.Number(int.MaxValue), from.Number(int.MaxValue)));
                break;
            case FragmentFrameWriter.ColumnEntry when part.Columns.Count < 2 * part.Series.Count:
                Column(part, ref from);
                break;
            case FragmentFrameWriter.OrdersEntry when part.Orders.Count < part.Series.Count:
                part.Orders.Add(new FragmentOrders(Whole(ref from), Whole(ref from)));
                break;
            case FragmentFrameWriter.CountsEntry when part.TotalPerStep.Length == 0:
                Counts(part, ref from);
                break;
            case FragmentFrameWriter.TallyEntry:
                Tally(part, ref from);
                break;
            case FragmentFrameWriter.NoteEntry:
                Take(SmallBytes);
                var isWarning = from.Byte() != 0;
                part.Notes.Add(new FragmentNote(Start: from.Number(int.MaxValue), End: from.Number(int.MaxValue), Text: from.Text(), IsWarning: isWarning));
                break;
            default:
                from.Fail();
                break;
        }
    }

    private void Begin(byte kind, ref ByteReader from)
    {
        if (_parts.Count == request.Fragments.Count)
        {
            from.Fail();
            return;
        }
        _steps = request.Fragments[_parts.Count].Steps;
        _labels.Reset();
        _before = null;
        _all = Bitmap(_steps);
        _parts.Add(kind == FragmentFrameWriter.Declined ? FragmentPart.Refused(from.Text()) : new FragmentPart());
    }

    private void Series(FragmentPart part, ref ByteReader from)
    {
        var labels = _labels.Read(ref from);
        if (!from.Failed && part.Series.Count > 0 && part.Series[^1].CompareTo(labels) >= 0)
            from.Fail();
        if (from.Failed)
            return;
        Take(SeriesBytes + (labels.Count * LabelBytes));
        part.Series.Add(labels);
    }

    private void Column(FragmentPart part, ref ByteReader from)
    {
        ulong[]? present = from.Byte() switch
        {
            FragmentFrameWriter.AllSteps when _steps > 0 => _all,
            FragmentFrameWriter.NoStep => new ulong[_all.Length],
            FragmentFrameWriter.AsBefore => _before,
            FragmentFrameWriter.SomeSteps => _before = Presence(ref from),
            _ => null,
        };
        if (present is null || from.Failed)
        {
            from.Fail();
            return;
        }
        var count = 0;
        foreach (var word in present)
            count += BitOperations.PopCount(word);
        Take(ColumnBytes + (count * sizeof(double)));
        var values = new double[count];
        if (count == 0 || ValueRun.Read(ref from, values))
            part.Columns.Add(new FragmentColumn(present, values));
    }

    /// <summary>Null when there is a bit beyond the last step, or none at all.</summary>
    private ulong[]? Presence(ref ByteReader from)
    {
        var bytes = from.Bytes((_steps + 7) / 8);
        if (from.Failed)
            return null;
        Take(_all.Length * sizeof(ulong));
        var present = new ulong[_all.Length];
        for (var i = 0; i < bytes.Length; i++)
            present[i >> 3] |= (ulong)bytes[i] << ((i & 7) * 8);
        var beyond = 0UL;
        for (var i = 0; i < present.Length; i++)
            beyond |= present[i] & ~_all[i];
        return beyond == 0 && present.AsSpan().ContainsAnyExcept(0UL) ? present : null;
    }

    private void Counts(FragmentPart part, ref ByteReader from)
    {
        (part.TotalSamples, part.SamplesRead) = (from.Signed(), from.Signed());
        if (from.Byte() == 0)
            return;
        if (from.Left < 2 * _steps)
        {
            from.Fail();
            return;
        }
        Take(2L * _steps * sizeof(long));
        (part.TotalPerStep, part.ReadPerStep) = (new long[_steps], new long[_steps]);
        for (var step = 0; step < _steps; step++)
            (part.TotalPerStep[step], part.ReadPerStep[step]) = (from.Signed(), from.Signed());
    }

    private void Tally(FragmentPart part, ref ByteReader from)
    {
        var size = from.Signed();
        if (from.Left < _steps)
        {
            from.Fail();
            return;
        }
        Take(SmallBytes + (_steps * sizeof(int)));
        var changes = new int[_steps];
        for (var step = 0; step < _steps; step++)
            changes[step] = Whole(ref from);
        part.Tallies.Add(new FragmentTally(size, changes));
    }

    private static int Whole(ref ByteReader from)
    {
        var value = from.Signed();
        if (value is >= int.MinValue and <= int.MaxValue)
            return (int)value;
        from.Fail();
        return 0;
    }

    private static ulong[] Bitmap(int steps)
    {
        var words = new ulong[(steps + 63) >> 6];
        Array.Fill(words, ulong.MaxValue);
        if ((steps & 63) != 0)
            words[^1] = (1UL << steps) - 1;
        return words;
    }

    private void Take(long bytes)
    {
        take?.Invoke(bytes);
        Bytes += bytes;
    }
}
