using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;

namespace ActorMon.Tsdb.Foreign.Head;

/// <summary>Takes what stands in a write-ahead log, in its order. Series are named by the numbers the log gave them.</summary>
internal interface IForeignWalHandler
{
    void Series(ulong reference, LabelSet labels);

    void Sample(ulong reference, long time, double value);

    void Sample(ulong reference, long time, NativeHistogram histogram);

    /// <summary>Samples of the series between the times, both included, are deleted.</summary>
    void Deleted(ulong reference, long min, long max);
}
