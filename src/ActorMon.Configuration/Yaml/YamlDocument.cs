using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorMon.Configuration.Yaml;

/// <summary>What reading a document gave: a root (null for an empty document) or the one error that stopped the parser.</summary>
internal sealed record YamlDocument(YamlNode? Root, string? Error, int ErrorLine, bool HasMoreDocuments)
{
    /// <summary>Deeper nesting is refused, so that walking a document cannot exhaust the stack.</summary>
    public const int MaxDepth = 128;

    /// <summary>Nodes a document may hold once aliases are written out ("billion laughs").</summary>
    public const long MaxWeight = 4_000_000;

    /// <summary>Longest document read, in bytes.</summary>
    public const int MaxBytes = 256 << 20;

    public static YamlDocument Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
            return Failed($"document of {bytes.Length} bytes is longer than the {MaxBytes} allowed", 1);
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            return Failed("yaml: invalid UTF-8", LineOfInvalidByte(bytes));
        var parser = new Parser(new StringReader(Encoding.UTF8.GetString(bytes)));
        try
        {
            return Compose(parser);
        }
        catch (YamlException e)
        {
            return Failed("yaml: " + Flat(e.Message), LineOf(e.Start));
        }
        // The parser's answer to some texts it cannot make sense of.
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            return Failed("yaml: did not find the expected structure", LineOf(parser.Current?.End ?? default));
        }
    }

    private static int LineOf(Mark mark) => (int)Math.Clamp(mark.Line, 1, int.MaxValue);

    private static YamlDocument Compose(Parser parser)
    {
        var composer = new Composer(parser);
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
            return new YamlDocument(null, null, 0, false);
        parser.Consume<DocumentStart>();
        var root = composer.Node(0);
        parser.Consume<DocumentEnd>();
        var more = !parser.Accept<StreamEnd>(out _);
        return new YamlDocument(root, null, 0, more);
    }

    private static YamlDocument Failed(string text, int line) => new(null, text, line, false);

    private static string Flat(string text) => text.ReplaceLineEndings(" ");

    private static int LineOfInvalidByte(ReadOnlySpan<byte> bytes)
    {
        var line = 1;
        while (!bytes.IsEmpty && Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done)
        {
            if (rune.Value == '\n')
                line++;
            bytes = bytes[used..];
        }
        return line;
    }

    private sealed class Composer(Parser parser)
    {
        private readonly Dictionary<string, YamlNode?> _anchors = [];
        private long _weight;

        public YamlNode Node(int depth)
        {
            var start = parser.Current!.Start;
            if (depth > MaxDepth)
                throw new YamlException(start, start, $"nesting deeper than {MaxDepth} levels");
            if (parser.TryConsume<AnchorAlias>(out var alias))
                return Alias(alias);
            if (parser.TryConsume<Scalar>(out var scalar))
                return Define(scalar.Anchor, new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, TagOf(scalar.Tag), Line(scalar), Column(scalar)));
            if (parser.TryConsume<SequenceStart>(out var sequence))
                return Sequence(sequence, depth);
            if (parser.TryConsume<MappingStart>(out var mapping))
                return Mapping(mapping, depth);
            throw new YamlException(start, start, "a value was expected");
        }

        private YamlNode Alias(AnchorAlias alias)
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out var target))
                throw new YamlException(alias.Start, alias.End, $"unknown anchor '{alias.Value.Value}' referenced");
            if (target is null)
                throw new YamlException(alias.Start, alias.End, $"anchor '{alias.Value.Value}' value contains itself");
            Count(target.Weight, alias);
            return target;
        }

        private YamlNode Sequence(SequenceStart start, int depth)
        {
            Open(start.Anchor);
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
                items.Add(Node(depth + 1));
            return Define(start.Anchor, Counted(new YamlSequence(items, Line(start), Column(start)), start));
        }

        private YamlNode Mapping(MappingStart start, int depth)
        {
            Open(start.Anchor);
            var entries = new List<YamlEntry>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = Node(depth + 1);
                entries.Add(new YamlEntry(key, Node(depth + 1)));
            }
            return Define(start.Anchor, Counted(new YamlMapping(MergeKeys.Apply(entries), Line(start), Column(start)), start));
        }

        private YamlNode Counted(YamlNode node, ParsingEvent at)
        {
            Count(1, at);
            return node;
        }

        private void Count(long weight, ParsingEvent at)
        {
            _weight += weight;
            if (_weight > MaxWeight)
                throw new YamlException(at.Start, at.End, "document contains excessive aliasing");
        }

        private void Open(AnchorName anchor)
        {
            if (!anchor.IsEmpty)
                _anchors[anchor.Value] = null;
        }

        private YamlNode Define(AnchorName anchor, YamlNode node)
        {
            if (!anchor.IsEmpty)
                _anchors[anchor.Value] = node;
            return node;
        }

        private static string TagOf(TagName tag) => tag.IsEmpty || tag.IsNonSpecific ? "" : tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal);
        private static int Line(ParsingEvent e) => (int)e.Start.Line;
        private static int Column(ParsingEvent e) => (int)e.Start.Column;
    }
}
