namespace ActorMon.Tsdb.Index;

/// <summary>Is told of every series that a table gets, once it can be found there; on the writer's thread.</summary>
internal interface ISeriesLedger
{
    void Added(int series);
}
