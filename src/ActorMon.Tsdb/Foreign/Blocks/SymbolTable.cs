using ActorMon.Model.Text;

namespace ActorMon.Tsdb.Foreign.Blocks;

/// <summary>
/// The strings of an index. Version 1 refers to them by their place in the file, later ones by their number. Each becomes a .NET string once, when it is first needed.
/// </summary>
internal sealed class SymbolTable
{
    private readonly byte[] _section;
    private readonly long _fileOffset;
    private readonly bool _byOffset;
    private readonly int[] _starts;
    private readonly string?[] _texts;

    /// <param name="section">The section behind its length, without its checksum: number of strings (4 bytes), then each with its length.</param>
    /// <param name="fileOffset">Where the section begins in the file.</param>
    /// <param name="byOffset">References are places in the file.</param>
    public SymbolTable(byte[] section, long fileOffset, bool byOffset)
    {
        _section = section;
        _fileOffset = fileOffset;
        _byOffset = byOffset;
        var cursor = new ByteCursor(section);
        var count = cursor.UInt32();
        if (count > cursor.Left)
            throw new ForeignDataException($"{count} symbols in {cursor.Left} bytes");
        _starts = new int[count];
        _texts = new string?[count];
        for (var i = 0; i < _starts.Length; i++)
        {
            _starts[i] = section.Length - cursor.Left;
            cursor.Take(cursor.Count(1));
        }
    }

    public int Count => _starts.Length;

    public string Text(ulong reference)
    {
        var index = _byOffset ? IndexAt(reference) : reference < (ulong)_starts.Length ? (int)reference : -1;
        if (index < 0)
            throw new ForeignDataException($"symbol {reference} does not exist");
        return _texts[index] ??= new ByteCursor(_section.AsSpan(_starts[index])).Text();
    }

    private int IndexAt(ulong fileOffset) => fileOffset > int.MaxValue + (ulong)_fileOffset ? -1 : Array.BinarySearch(_starts, (int)((long)fileOffset - _fileOffset));
}
