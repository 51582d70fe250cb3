using ActorMon.Tsdb.Codecs;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Tsdb.Parts;

/// <summary>Up to 128 symbols, ascending by their bytes; decoded once, the texts are shared by all label sets made of them.</summary>
internal sealed class SymbolsPage
{
    private SymbolsPage(string[] texts, long bytes)
    {
        Texts = texts;
        Bytes = bytes;
    }

    public string[] Texts { get; }

    /// <summary>Memory, about.</summary>
    public long Bytes { get; }

    /// <summary>Null when the bytes are no such page.</summary>
    public static SymbolsPage? Read(byte[] padded, int count)
    {
        var from = new ByteReader(padded);
        var texts = new string[count];
        byte[] text = [];
        var length = 0;
        long bytes = 64 + count * 8L;
        for (var i = 0; i < count; i++)
        {
            var shared = from.Number(length);
            var rest = from.Bytes(from.Count());
            if (from.Failed)
                return null;
            length = shared + rest.Length;
            if (text.Length < length)
                Array.Resize(ref text, length * 2);
            rest.CopyTo(text.AsSpan(shared));
            texts[i] = SharedTexts.Of(text.AsSpan(0, length));
            bytes += 24 + texts[i].Length * 2L;
        }
        return from.Left == 0 ? new SymbolsPage(texts, bytes) : null;
    }
}
