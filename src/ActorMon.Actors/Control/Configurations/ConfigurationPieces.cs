using static ActorMon.Protocol.Control.ConfigurationProtocol;

namespace ActorMon.Actors.Control.Configurations;

/// <summary>Gathers one content at a time, piece by piece; the next piece is asked for when the one before has come.</summary>
internal sealed class ConfigurationPieces
{
    private byte[] _bytes = [];
    private int _have;

    /// <summary>Null: nothing is being gathered.</summary>
    public string? Hash { get; private set; }

    /// <summary>What to ask for next; null: nothing.</summary>
    public GetPiece? Wanted => Hash is null ? null : new GetPiece(Hash, _have);

    public void Start(ContentName content)
    {
        if (content.Hash == Hash && content.Bytes == _bytes.Length)
            return;
        (Hash, _bytes, _have) = (content.Hash, new byte[Math.Max(0, content.Bytes)], 0);
    }

    public void Stop() => (Hash, _bytes, _have) = (null, [], 0);

    /// <returns>The whole when this was the last piece.</returns>
    public ReadOnlyMemory<byte>? Add(Piece piece)
    {
        if (piece.Hash != Hash || piece.Offset != _have || piece.Content.IsEmpty || piece.Content.Length > _bytes.Length - _have)
            return null;
        piece.Content.CopyTo(_bytes.AsMemory(_have));
        _have += piece.Content.Length;
        if (_have < _bytes.Length)
            return null;
        var whole = _bytes;
        Stop();
        return whole;
    }

    public static Piece Of(ReadOnlyMemory<byte> content, GetPiece wanted) =>
        new(wanted.Hash, wanted.Offset, (uint)wanted.Offset >= (uint)content.Length ? default : content.Slice(wanted.Offset, Math.Min(PieceBytes, content.Length - wanted.Offset)));
}
