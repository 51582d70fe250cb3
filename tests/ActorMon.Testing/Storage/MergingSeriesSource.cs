using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;

namespace ActorMon.Testing.Storage;

/// <summary>Several sources read as one: series of equal labels become one, their samples in time order. No two parts may hold the same series and time.</summary>
public sealed class MergingSeriesSource(IReadOnlyList<ISeriesSource> parts) : ISeriesSource
{
    public async ValueTask<ISeriesSelection> SelectAsync(SeriesRequest request, CancellationToken cancellation)
    {
        var selections = new List<ISeriesSelection>();
        foreach (var part in parts)
            selections.Add(await part.SelectAsync(request, cancellation));
        return new Selection(selections);
    }

    private sealed class Selection : ISeriesSelection
    {
        private readonly List<ISeriesSelection> _parts;
        private readonly List<(LabelSet Labels, List<(int Part, int Index)> Places)> _series;

        public Selection(List<ISeriesSelection> parts)
        {
            _parts = parts;
            var places = new SortedDictionary<LabelSet, List<(int, int)>>();
            for (var part = 0; part < parts.Count; part++)
                for (var i = 0; i < parts[part].Count; i++)
                {
                    if (!places.TryGetValue(parts[part].LabelsAt(i), out var known))
                        places.Add(parts[part].LabelsAt(i), known = []);
                    known.Add((part, i));
                }
            _series = [.. places.Select(entry => (entry.Key, entry.Value))];
        }

        public int Count => _series.Count;

        public LabelSet LabelsAt(int index) => _series[index].Labels;

        public void Read(int index, SampleBuffer into)
        {
            var samples = new SortedDictionary<long, double>();
            var buffer = new SampleBuffer();
            foreach (var (part, i) in _series[index].Places)
            {
                _parts[part].Read(i, buffer);
                for (var at = 0; at < buffer.Count; at++)
                    samples.Add(buffer.Times[at], buffer.Values[at]);
            }
            into.Clear();
            foreach (var (time, value) in samples)
                into.Add(time, value);
        }

        public void Dispose()
        {
            foreach (var part in _parts)
                part.Dispose();
        }
    }
}
