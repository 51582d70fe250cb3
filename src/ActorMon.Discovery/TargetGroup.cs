using ActorMon.Model.Labels;

namespace ActorMon.Discovery;

/// <summary>
/// Targets that share labels, from one source of one discovery mechanism. A mechanism always sends the whole group of a source; an empty group withdraws it.
/// Each target's own labels include <c>__address__</c>.
/// </summary>
public sealed record TargetGroup(string Source, LabelSet Labels, IReadOnlyList<LabelSet> Targets);
