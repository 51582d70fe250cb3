using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Rules.Alerts;

namespace ActorMon.Rules.Evaluation;

/// <summary>One evaluation of a group while it runs.</summary>
internal sealed class RuleTurn(TimestampMs at, TimestampMs writeAt, bool listens)
{
    /// <summary>The clock of alerts.</summary>
    public TimestampMs At { get; } = at;

    /// <summary>What queries look at, and the time of what is written.</summary>
    public TimestampMs WriteAt { get; } = writeAt;

    /// <summary>Alerts may begin, but none is over.</summary>
    public bool Listens { get; } = listens;

    public int Rule { get; set; }
    public int FirstSample { get; set; }
    public long Samples { get; set; }
    public long Expansions { get; set; }
    public long FailedExpansions { get; set; }
    public List<RuleEvent> Events { get; } = [];
    public List<AlertNotice> Notices { get; } = [];
}

/// <summary>Samples to append; reused over evaluations.</summary>
internal sealed class SampleList : List<LooseSample>
{
    public void AddStale(LabelSet series, TimestampMs at) => Add(new LooseSample(series, at, SpecialValues.StaleNaN));
}
