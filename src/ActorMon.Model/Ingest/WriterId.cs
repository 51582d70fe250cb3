namespace ActorMon.Model.Ingest;

/// <summary>A writer of batches: one incarnation of one node (new at each process start). Batches of a writer to a partition are numbered from 1 without gaps.</summary>
public readonly record struct WriterId(ulong Value)
{
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A layout's name: its writer incarnation and a number that the writer gives once.</summary>
public readonly record struct LayoutId(WriterId Writer, uint Number)
{
    public override string ToString() => $"{Writer}/{Number}";
}
