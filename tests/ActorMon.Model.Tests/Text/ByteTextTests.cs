using System.Text;
using ActorMon.Model.Text;
using CsCheck;

namespace ActorMon.Model.Tests.Text;

public sealed class ByteTextTests
{
    /// <summary>Bytes with a good chance of valid, cut and overlong sequences.</summary>
    private static readonly Gen<byte[]> Bytes = Gen.OneOf(
        Gen.Byte.Array[0, 12],
        Gen.String[Gen.Char, 0, 6].Select(s => Encoding.UTF8.GetBytes(s)),
        Pick.From<byte>(0x61, 0xC3, 0xA9, 0xF0, 0x9F, 0x98, 0x80, 0xED, 0xA0, 0xFF).Array[0, 10]);

    [Fact]
    public void Every_byte_string_survives_the_round_trip() => Bytes.Sample(bytes =>
    {
        var text = ByteText.Decode(bytes);
        return ByteText.Encode(text).AsSpan().SequenceEqual(bytes) && ByteText.ByteCount(text) == bytes.Length;
    });

    [Fact]
    public void Text_is_valid_exactly_when_its_bytes_are() =>
        Bytes.Sample(bytes => ByteText.IsValid(ByteText.Decode(bytes)) == System.Text.Unicode.Utf8.IsValid(bytes));

    [Fact]
    public void Text_is_ordered_by_its_bytes() => Gen.Select(Bytes, Bytes).Sample((a, b) =>
        Math.Sign(ByteText.Compare(ByteText.Decode(a), ByteText.Decode(b))) == Math.Sign(a.AsSpan().SequenceCompareTo(b)));

    [Fact]
    public void Characters_beyond_the_first_plane_sort_after_all_others() => Assert.True(ByteText.Compare("\U00010000", "\uFFFD") > 0);
}
