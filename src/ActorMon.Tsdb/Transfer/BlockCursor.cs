using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Foreign;
using ActorMon.Tsdb.Foreign.Blocks;

namespace ActorMon.Tsdb.Transfer;

/// <summary>The series of a Prometheus block. The block stays the caller's.</summary>
/// <param name="block">Read from its first series on.</param>
/// <param name="damaged">Takes what cannot be read, which is left out then; null: it is thrown as <see cref="ForeignDataException"/>.</param>
public sealed class BlockCursor(ForeignBlock block, Action<string>? damaged) : ISeriesCursor
{
    private LabelSet? _last;

    public LabelSet Labels => block.Labels;

    public bool Next()
    {
        try
        {
            if (!block.Next())
                return false;
            if (_last is not null && _last.CompareTo(block.Labels) >= 0)
                throw new ForeignDataException($"index: series {block.Labels} does not follow {_last}");
        }
        catch (ForeignDataException e) when (damaged is not null)
        {
            // What stands behind it cannot be found, or not in order.
            damaged(e.Message);
            return false;
        }
        _last = block.Labels;
        return true;
    }

    public void Read(long min, long max, SampleBuffer into) => block.Read(min, max, into, damaged);

    public void Dispose()
    {
    }
}
