using ActorMon.Model.Labels;
using ActorMon.Model.Samples;

namespace ActorMon.Tsdb.Transfer;

/// <summary>Series of a database one after another in the order of their labels, for whoever goes through all of them: a dump, an import. One thread.</summary>
public interface ISeriesCursor : IDisposable
{
    /// <summary>Moves to the next series; false behind the last.</summary>
    bool Next();

    /// <summary>The series it stands on.</summary>
    LabelSet Labels { get; }

    /// <summary>Clears the buffer and fills it with the series' samples, both times included, in time order, one a time. May be called again with other times.</summary>
    void Read(long min, long max, SampleBuffer into);
}
