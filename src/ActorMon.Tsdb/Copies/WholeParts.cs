using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Reading;

namespace ActorMon.Tsdb.Copies;

/// <summary>Parts of which a view shows everything, so that their files, and what was noted when they were written, stand for what readers see.</summary>
internal static class WholeParts
{
    /// <summary>Null: the source is no part, hides deleted samples, is known to be damaged, or lies partly before what is visible.</summary>
    public static PartFile? Of(ISampleSource source, PartitionView view)
    {
        var bare = source is MaskedSource { HidesAny: false } masked ? masked.Source : source;
        return bare is PartSource { Part: var part } && part.DamagedPages == 0 && part.MinTime >= view.Floor ? part : null;
    }
}
