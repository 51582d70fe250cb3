using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Actors.Series;

/// <summary>
/// Selections of several partitions as one, in canonical series order whatever the placement. A series lies in one partition, so nothing is merged but the order.
/// </summary>
public sealed class MergedSelection : ISeriesSelection
{
    private readonly IReadOnlyList<ISeriesSelection> _parts;
    private readonly (int Part, int Index)[] _order;
    private readonly IReadOnlyList<string> _warnings;

    private MergedSelection(IReadOnlyList<ISeriesSelection> parts, (int Part, int Index)[] order, IReadOnlyList<string> warnings)
    {
        _warnings = warnings;
        _parts = parts;
        _order = order;
    }

    public int Count => _order.Length;

    /// <summary>Its own and those of the parts, which may come while samples are read.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            List<string>? all = null;
            foreach (var part in _parts)
                if (part.Warnings is { Count: > 0 } more)
                    (all ??= [.. _warnings]).AddRange(more);
            return all ?? _warnings;
        }
    }

    /// <summary>Takes ownership of the parts, each sorted.</summary>
    public static ISeriesSelection Of(IReadOnlyList<ISeriesSelection> parts, IReadOnlyList<string>? warnings = null)
    {
        var total = 0;
        foreach (var part in parts)
            total += part.Count;
        var order = new (int Part, int Index)[total];
        if (total > 0)
            new Tournament(parts).Play(order);
        return new MergedSelection(parts, order, warnings ?? []);
    }

    public LabelSet LabelsAt(int index) => _parts[_order[index].Part].LabelsAt(_order[index].Index);

    public void Read(int index, SampleBuffer into) => _parts[_order[index].Part].Read(_order[index].Index, into);

    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
    }

    /// <summary>
    /// A tree of losers (Knuth 5.4.1): leaves are the parts' next series, an inner node keeps the later one of the two that met there. A series costs one comparison for
    /// each level, log2(parts).
    /// </summary>
    private readonly struct Tournament
    {
        private readonly IReadOnlyList<ISeriesSelection> _parts;
        private readonly int[] _next;
        private readonly int[] _losers;

        /// <summary>The parts' next series; null: the part is at its end, and loses.</summary>
        private readonly LabelSet?[] _heads;

        public Tournament(IReadOnlyList<ISeriesSelection> parts)
        {
            _parts = parts;
            _next = new int[parts.Count];
            _losers = new int[parts.Count];
            _heads = new LabelSet?[parts.Count];
            for (var part = 0; part < parts.Count; part++)
                _heads[part] = parts[part].Count > 0 ? parts[part].LabelsAt(0) : null;
        }

        public void Play((int Part, int Index)[] order)
        {
            var winner = 0;
            Array.Fill(_losers, -1);
            for (var part = 0; part < _heads.Length; part++)
                if (Rise(part) is var top and >= 0)
                    winner = top;
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = (winner, _next[winner]);
                var next = ++_next[winner];
                _heads[winner] = next < _parts[winner].Count ? _parts[winner].LabelsAt(next) : null;
                winner = Rise(winner);
            }
        }

        /// <summary>A part plays its way up; the winner of all, or -1 when it waits for an opponent that has not come yet.</summary>
        private int Rise(int part)
        {
            for (var node = (part + _heads.Length) / 2; node > 0; node /= 2)
            {
                var other = _losers[node];
                if (other < 0)
                {
                    _losers[node] = part;
                    return -1;
                }
                if (IsBefore(other, part))
                    (_losers[node], part) = (part, other);
            }
            return part;
        }

        private bool IsBefore(int a, int b)
        {
            if (_heads[a] is not { } x)
                return false;
            if (_heads[b] is not { } y)
                return true;
            var order = x.CompareTo(y);
            return order < 0 || (order == 0 && a < b);
        }
    }
}
