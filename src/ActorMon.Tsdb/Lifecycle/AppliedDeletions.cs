using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Lifecycle;

/// <summary>The deletions that are carried out in what is written.</summary>
/// <param name="Version">All up to this one.</param>
/// <param name="Hide">Takes the deleted samples of a series out of a buffer in time order; null: nothing is deleted. Any thread.</param>
internal readonly record struct AppliedDeletions(long Version, Action<LabelSet, SampleBuffer>? Hide);
