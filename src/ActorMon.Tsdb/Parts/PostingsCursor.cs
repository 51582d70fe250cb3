using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Parts;

/// <summary>Steps through the lists of a page of postings: (varint name - name before, value - value before or value, varint ids, varint bytes, list) each.</summary>
internal struct PostingsCursor(byte[] padded)
{
    private int _at;
    private (int Name, int Value) _pair;

    public bool Failed { get; private set; }

    /// <summary>The next pair, where its list begins, and how many ids it has; false at the end and at damage.</summary>
    public bool TryNext(out (int Name, int Value) pair, out int offset, out int count)
    {
        var from = new ByteReader(padded, _at);
        (pair, offset, count) = (default, 0, 0);
        if (from.Left == 0 && !from.Failed)
            return false;
        var name = from.Number(int.MaxValue);
        var value = from.Number(int.MaxValue);
        count = from.Number(int.MaxValue);
        var length = from.Count();
        offset = from.Position;
        from.Bytes(length);
        _pair = name == 0 ? (_pair.Name, unchecked(_pair.Value + value)) : (unchecked(_pair.Name + name), value);
        pair = _pair;
        _at = from.Position;
        Failed = from.Failed || pair.Name < 0 || pair.Value < 0;
        return !Failed;
    }
}
