using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Model.Exemplars;

/// <summary>One example observation of a series, often carrying a trace id in its labels (at most 128 UTF-8 characters in all).</summary>
public sealed record Exemplar(LabelSet Labels, double Value, TimestampMs Timestamp);
