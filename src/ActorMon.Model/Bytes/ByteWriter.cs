using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ActorMon.Model.Bytes;

/// <summary>A buffer that grows as fields are written to it; reused by its owner.</summary>
public sealed class ByteWriter(int capacity = 256)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>What was written and <see cref="ByteReader.Padding"/> bytes of any content behind it, for a reader.</summary>
    public ReadOnlySpan<byte> Padded
    {
        get
        {
            if (_bytes.Length - Length < ByteReader.Padding)
                Grow(ByteReader.Padding);
            return _bytes.AsSpan(0, Length + ByteReader.Padding);
        }
    }

    public void Clear() => Length = 0;

    public void Truncate(int length) => Length = length;

    public void Overwrite(int at, byte value) => _bytes.AsSpan(0, Length)[at] = value;

    public void Byte(byte value)
    {
        if (Length == _bytes.Length)
            Grow(1);
        _bytes[Length++] = value;
    }

    public void Number(ulong value)
    {
        if (_bytes.Length - Length < Varint.MaxBytes)
            Grow(Varint.MaxBytes);
        var at = Length;
        Varint.Write(_bytes, ref at, value);
        Length = at;
    }

    public void Signed(long value) => Number(Varint.ZigZag(value));

    public void Fixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Append(8), value);

    public void Fixed32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Append(4), value);

    public void Double(double value) => Fixed64(BitConverter.DoubleToUInt64Bits(value));

    public void Doubles(ReadOnlySpan<double> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            Bytes(MemoryMarshal.AsBytes(values));
            return;
        }
        foreach (var value in values)
            Double(value);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    /// <summary>Room for that many more bytes, counted in; the caller fills it at once. Any content.</summary>
    public Span<byte> Append(int count)
    {
        if (_bytes.Length - Length < count)
            Grow(count);
        var room = _bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }

    private void Grow(int more) => Array.Resize(ref _bytes, Math.Max(checked(Length + more), (int)Math.Min(Array.MaxLength, _bytes.Length * 2L)));
}
