namespace ActorMon.Exposition.Lexing;

/// <summary>What the readers of both text formats need of a lexer; implemented by structs and used through type parameters only, so that nothing is boxed.</summary>
internal interface ITextLexer
{
    byte[] Source { get; }

    /// <summary>The first byte of the last token.</summary>
    int Start { get; }

    /// <summary>The byte after the last token.</summary>
    int At { get; }

    int End { get; }

    ReadOnlySpan<byte> TokenBytes { get; }

    Token Next();
}
