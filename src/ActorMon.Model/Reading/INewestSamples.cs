using ActorMon.Model.Labels;

namespace ActorMon.Model.Reading;

/// <summary>What is stored last of some series: what admission of samples that are out of order asks.</summary>
public interface INewestSamples
{
    /// <summary>Time (Unix ms) and value of a series' newest sample, or null when the series is unknown.</summary>
    (long Time, double Value)? Newest(LabelSet series);
}
