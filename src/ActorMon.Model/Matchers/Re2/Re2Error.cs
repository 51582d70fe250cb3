using System.Diagnostics.CodeAnalysis;

namespace ActorMon.Model.Matchers.Re2;

/// <summary>The ways an expression fails to parse, in the words users of the peers know.</summary>
internal static class Re2Error
{
    public const string InvalidCharRange = "invalid character class range";
    public const string InvalidEscape = "invalid escape sequence";
    public const string InvalidNamedCapture = "invalid named capture";
    public const string InvalidPerlOp = "invalid or unsupported Perl syntax";
    public const string InvalidRepeatOp = "invalid nested repetition operator";
    public const string InvalidRepeatSize = "invalid repeat count";
    public const string InvalidUtf8 = "invalid UTF-8";
    public const string MissingBracket = "missing closing ]";
    public const string MissingParen = "missing closing )";
    public const string MissingRepeatArgument = "missing argument to repetition operator";
    public const string NestingDepth = "expression nests too deeply";
    public const string TrailingBackslash = "trailing backslash at end of expression";
    public const string UnexpectedParen = "unexpected )";

    [DoesNotReturn]
    public static void Throw(string what, ReadOnlySpan<char> where) => throw new FormatException($"error parsing regexp: {what}: `{where}`");
}
