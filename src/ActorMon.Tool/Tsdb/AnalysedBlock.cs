using ActorMon.Model.Labels;
using ActorMon.Tsdb.Foreign.Blocks;

namespace ActorMon.Tool.Tsdb;

/// <summary>A series of what is analysed: its labels and the times of its first and last sample.</summary>
internal readonly record struct AnalysedSeries(LabelSet Labels, long MinTime, long MaxTime);

/// <summary>What <c>tsdb analyze</c> looks at: a block, a part, or everything in a node's directory. Times in ms, the last one exclusive.</summary>
/// <param name="Series">Read once, in the order of labels.</param>
/// <param name="Chunks">The chunks of all series that match, for the extended analysis; null: they are not of Prometheus' encodings.</param>
internal sealed record AnalysedBlock(string Name, long MinTime, long MaxTime, long SeriesCount, IEnumerable<AnalysedSeries> Series, Func<Predicate<LabelSet>, IEnumerable<ForeignChunkInfo>>? Chunks);
