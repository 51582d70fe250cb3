using ActorMon.Model.Metadata;

namespace ActorMon.Actors.Reading;

/// <summary>Distinct metadata by family.</summary>
internal sealed class FamilyMetadataSet
{
    private readonly Dictionary<string, IReadOnlyList<MetricMetadata>> _families = new(StringComparer.Ordinal);

    public void Add(string family, MetricMetadata metadata)
    {
        if (!_families.TryGetValue(family, out var known))
            _families[family] = [metadata];
        else if (!known.Contains(metadata))
            _families[family] = [.. known, metadata];
    }

    /// <summary>What targets disagree about is sorted, so that it is the same whatever lies where.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>> Ordered()
    {
        foreach (var (family, entries) in _families)
            if (entries.Count > 1)
                _families[family] =
                [
                    .. entries.OrderBy(e => e.Type).ThenBy(e => e.Help, StringComparer.Ordinal).ThenBy(e => e.Unit, StringComparer.Ordinal),
                ];
        return _families;
    }
}
