using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using ActorMon.Model.Text;
using ActorMon.Testing;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Wire;

internal sealed record FieldFact(string Name, string Type, int Tag, bool Repeated);

/// <summary>
/// The kit's facts about protobuf messages, and a codec that knows nothing but them: trees of field names (JSON) become bytes, bytes become lines
/// <c>Message.field path = value</c>. Repeated numbers are not packed, as proto2 has it.
/// </summary>
internal sealed class MessageFacts
{
    private const string TimestampType = "google.protobuf.Timestamp";
    private readonly Dictionary<string, List<FieldFact>> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, ulong>> _enums = new(StringComparer.Ordinal);

    public MessageFacts(params string[] file)
    {
        var json = ConformanceData.Json(file);
        foreach (var message in json.GetProperty("messages").EnumerateObject())
            _messages[message.Name] = [.. message.Value.EnumerateArray().Select(f => new FieldFact(
                f.GetProperty("name").GetString()!,
                f.GetProperty("type").GetString()!,
                f.GetProperty("tag").GetInt32(),
                f.TryGetProperty("label", out var label) && label.GetString() == "repeated"))];
        foreach (var type in json.GetProperty("enums").EnumerateObject())
            _enums[type.Name] = type.Value.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetUInt64(), StringComparer.Ordinal);
        Messages = [.. _messages.Keys];
        _messages[TimestampType] = [new FieldFact("seconds", "int64", 1, false), new FieldFact("nanos", "int32", 2, false)];
    }

    public IReadOnlyList<string> Messages { get; }

    public IReadOnlyList<FieldFact> Fields(string message) => _messages[message];

    public IEnumerable<string> EnumNames(string type) => _enums[type].Keys;

    /// <param name="without">A field <c>Message.field</c> to leave out wherever it occurs.</param>
    public WireMessage Encode(string message, JsonElement tree, string? without = null)
    {
        var wire = new WireMessage();
        foreach (var property in tree.EnumerateObject())
        {
            var field = _messages[message].Single(f => f.Name == property.Name);
            if ($"{message}.{field.Name}" == without)
                continue;
            foreach (var value in Values(field, property.Value))
                Write(wire, field, value, without);
        }
        return wire;
    }

    /// <summary>The lines of a tree.</summary>
    public List<string> Flatten(string message, JsonElement tree) => [.. Flatten(message, tree, "").Order(StringComparer.Ordinal)];

    /// <summary>The lines of an encoded message. A field or wire type that the facts do not have is an error.</summary>
    public List<string> Decode(string message, ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        Decode(message, bytes, "", lines);
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private void Write(WireMessage wire, FieldFact field, JsonElement value, string? without)
    {
        switch (field.Type)
        {
            case "string": wire.Text(field.Tag, value.GetString()!); break;
            case "double": wire.Double(field.Tag, ConformanceData.Float(value)); break;
            case "sint32" or "sint64": wire.Signed(field.Tag, value.GetInt64()); break;
            case "int32" or "int64": wire.Varint(field.Tag, (ulong)value.GetInt64()); break;
            case "uint32" or "uint64": wire.Varint(field.Tag, value.GetUInt64()); break;
            case var type when _enums.TryGetValue(type, out var names): wire.Varint(field.Tag, names[value.GetString()!]); break;
            default: wire.Message(field.Tag, Encode(field.Type, value, without)); break;
        }
    }

    private IEnumerable<string> Flatten(string message, JsonElement tree, string path)
    {
        foreach (var property in tree.EnumerateObject())
        {
            var field = _messages[message].Single(f => f.Name == property.Name);
            var index = 0;
            foreach (var value in Values(field, property.Value))
            {
                var here = $"{path}.{field.Name}[{index++}]";
                if (_messages.ContainsKey(field.Type))
                {
                    yield return $"{message}.{field.Name} {here}";
                    foreach (var line in Flatten(field.Type, value, here))
                        yield return line;
                    continue;
                }
                yield return $"{message}.{field.Name} {here} = {Text(field, value)}";
            }
        }
    }

    private static string Text(FieldFact field, JsonElement value) => field.Type == "double"
        ? ConformanceData.Float(value).ToString("R", CultureInfo.InvariantCulture)
        : value.ToString();

    private static IEnumerable<JsonElement> Values(FieldFact field, JsonElement value) => field.Repeated ? value.EnumerateArray() : [value];

    private void Decode(string message, ReadOnlySpan<byte> bytes, string path, List<string> lines)
    {
        var seen = new Dictionary<int, int>();
        while (!bytes.IsEmpty)
        {
            var key = Varint(ref bytes);
            var field = _messages[message].SingleOrDefault(f => f.Tag == (int)(key >> 3));
            Assert.True(field is not null, $"{message} has no field {key >> 3}");
            var index = seen[field.Tag] = seen.GetValueOrDefault(field.Tag, -1) + 1;
            Assert.True(field.Repeated || index == 0, $"{message}.{field.Name} stands there twice");
            var here = $"{path}.{field.Name}[{index}]";
            var wireType = field.Type == "double" ? 1UL : field.Type == "string" || _messages.ContainsKey(field.Type) ? 2UL : 0UL;
            Assert.True((key & 7) == wireType, $"{message}.{field.Name} has wire type {key & 7}, not {wireType}");
            if (_messages.ContainsKey(field.Type))
            {
                lines.Add($"{message}.{field.Name} {here}");
                Decode(field.Type, Slice(ref bytes), here, lines);
                continue;
            }
            lines.Add($"{message}.{field.Name} {here} = {Value(field, ref bytes)}");
        }
    }

    private string Value(FieldFact field, ref ReadOnlySpan<byte> bytes)
    {
        switch (field.Type)
        {
            case "string":
                return ByteText.Decode(Slice(ref bytes));
            case "double":
                var number = BinaryPrimitives.ReadDoubleLittleEndian(bytes);
                bytes = bytes[8..];
                return number.ToString("R", CultureInfo.InvariantCulture);
            case "sint32" or "sint64":
                var zigzag = Varint(ref bytes);
                return ((long)(zigzag >> 1) ^ -(long)(zigzag & 1)).ToString(CultureInfo.InvariantCulture);
            case "int32" or "int64":
                return ((long)Varint(ref bytes)).ToString(CultureInfo.InvariantCulture);
            case "uint32" or "uint64":
                return Varint(ref bytes).ToString(CultureInfo.InvariantCulture);
            default:
                var value = Varint(ref bytes);
                return _enums[field.Type].Single(v => v.Value == value).Key;
        }
    }

    private static ReadOnlySpan<byte> Slice(ref ReadOnlySpan<byte> bytes)
    {
        var length = (int)Varint(ref bytes);
        var slice = bytes[..length];
        bytes = bytes[length..];
        return slice;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        var at = 0;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(bytes[at] & 0x7f) << shift;
            if (bytes[at++] < 0x80)
                break;
        }
        bytes = bytes[at..];
        return value;
    }
}
