using ActorMon.Model.Ingest;

namespace ActorMon.Api.RemoteWrite;

/// <summary>New series of a request that a limit of active series keeps out. Refusal null: none.</summary>
public readonly record struct LeftOutSeries(SeriesRefusal? Refusal, int Series, int Samples)
{
    /// <summary>For the sender, after the rest was stored.</summary>
    public string Text => $"{Series} new series with {Samples} samples were refused, the rest of the write is stored: {Refusal!.Text}";

    public LeftOutSeries With(SeriesRefusal refusal, int samples) => new(Refusal ?? refusal, Series + 1, Samples + samples);
}
