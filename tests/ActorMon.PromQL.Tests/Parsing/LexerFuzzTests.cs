using ActorMon.PromQL.Lexing;

namespace ActorMon.PromQL.Tests.Parsing;

/// <summary>Seeded random bytes: the lexer always comes to an end, its tokens stand in the order of the text, and after the end nothing follows.</summary>
public class LexerFuzzTests
{
    /// <summary>Bytes that mean something to the lexer come often; any other byte comes, too, valid UTF-8 or not.</summary>
    private const string Meaningful = "{}()[]<>=!~\"'`\\\n#@:,+-*/%^_.0123456789eExXabdfhimnorstuwy ";

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Random_bytes_give_tokens_in_order_and_an_end(int seed, bool seriesDescription)
    {
        var random = new Random(seed);
        var (ended, failed) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var input = Bytes(random);
            if (Scan(input, seriesDescription) == TokenKind.Eof)
                ended++;
            else
                failed++;
        }
        Assert.True(ended > 500 && failed > 500, $"{ended} inputs were scanned to their end, {failed} were refused: one kind is too rare to mean anything");
    }

    private static byte[] Bytes(Random random)
    {
        var input = new byte[random.Next(40)];
        for (var i = 0; i < input.Length; i++)
            input[i] = random.Next(12) == 0 ? (byte)random.Next(256) : (byte)Meaningful[random.Next(Meaningful.Length)];
        return input;
    }

    /// <summary>How the stream ended: <see cref="TokenKind.Eof"/>, or <see cref="TokenKind.Error"/> when there was an error on the way.</summary>
    private static TokenKind Scan(byte[] input, bool seriesDescription)
    {
        var text = Convert.ToHexString(input);
        var lexer = new Lexer(input, seriesDescription);
        var (at, result) = (0, TokenKind.Eof);
        // Each token takes a byte at least; errors inside of a string may take none.
        for (var tokens = 0; tokens <= (2 * input.Length) + 2; tokens++)
        {
            var token = lexer.Next();
            if (token.Kind == TokenKind.Eof)
            {
                Assert.Equal(TokenKind.Eof, lexer.Next().Kind);
                return result;
            }
            if (token.Kind == TokenKind.Error)
            {
                Assert.NotEmpty(token.Text);
                result = TokenKind.Error;
                continue;
            }
            Assert.True(token.Start >= at && token.End >= token.Start && token.End <= input.Length, $"{text}: {token} after {at}");
            at = token.Start;
        }
        Assert.Equal(TokenKind.Error, result);
        return result;
    }
}
