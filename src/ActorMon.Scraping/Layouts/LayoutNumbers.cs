using ActorMon.Model.Ingest;

namespace ActorMon.Scraping.Layouts;

/// <summary>Names the layouts of one node: its incarnation as a writer and a number given once. Thread-safe; one object per node.</summary>
public sealed class LayoutNumbers(WriterId writer)
{
    private uint _last;

    public WriterId Writer { get; } = writer;

    public LayoutId Next() => new(Writer, Interlocked.Increment(ref _last));
}
