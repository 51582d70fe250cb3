using System.Text.Json;
using ActorMon.Model.Text;
using ActorMon.PromQL.Lexing;
using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.Parser;

public class LexerCases
{
    [ConformanceFact]
    public void The_lexer_gives_the_peers_tokens()
    {
        var run = new ConformanceRun("parser", "lexer-cases");
        foreach (var item in ConformanceData.Json("parser", "lexer-cases.json").EnumerateArray())
        {
            var input = ConformanceData.Text(item.GetProperty("input"));
            run.Case(input, () => Check(item, input));
        }
        run.Finish(157);
    }

    private static void Check(JsonElement item, string input)
    {
        var series = item.TryGetProperty("seriesDescription", out var flag) && flag.GetBoolean();
        var lexer = new Lexer(ByteText.Encode(input), series);
        if (item.TryGetProperty("fail", out _))
        {
            var last = lexer.Next();
            while (last.Kind is not (TokenKind.Error or TokenKind.Eof))
                last = lexer.Next();
            Assert.Equal(TokenKind.Error, last.Kind);
            return;
        }
        foreach (var expected in item.GetProperty("tokens").EnumerateArray())
        {
            var token = lexer.Next();
            Assert.Equal($"{NameOf(expected[0].GetString()!)} {expected[1]} {expected[2].GetString()}", $"{token.Kind} {token.Start} {token.Text}");
        }
        Assert.Equal(TokenKind.Eof, lexer.Next().Kind);
    }

    /// <summary>COUNT_VALUES is CountValues here, and the two words "end" are kept apart.</summary>
    private static string NameOf(string peerName) => peerName switch
    {
        "END" => nameof(TokenKind.EndKeyword),
        _ => string.Concat(peerName.Split('_').Select(word => word[..1] + word[1..].ToLowerInvariant())),
    };
}
