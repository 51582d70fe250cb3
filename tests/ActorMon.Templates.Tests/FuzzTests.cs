using ActorMon.Templates.Execution;
using ActorMon.Templates.Functions;
using ActorMon.Templates.Values;
using static ActorMon.Templates.Tests.Expanding;

namespace ActorMon.Templates.Tests;

/// <summary>Any text is a template or an error; any template over any data gives output or an error within its limits.</summary>
public class FuzzTests
{
    private static readonly string[] Pieces =
    [
        "{{", "}}", " -}}", "{{- ", "if ", "else ", "end", "range ", "with ", "define ", "template ", "block ", "break", "continue", ".", ".a", ".b.c", "$", "$x", " := ", " = ", ", ", "|", "(", ")",
        "\"s\"", "`r`", "'c'", "1", "-2.5", "1i", "nil", "true", " ", "\n", "text", "<a href=\"", "\">", "<script>", "</script>", "/*", "*/", "printf ", "\"%v %d %[2]*.3f %x\" ", "index ", "len ",
        "eq ", "lt ", "slice ", "and ", "or ", "not ", "html ", "js ", "urlquery ", "print ", "list ", "dict ", "append ", "toJson ", "match ", "reReplaceAll ", "join ", "date ", "tz ", "humanizeDuration ",
        "é", "\uD800", "\0",
    ];

    private static readonly TemplateEnvironment Bounded = World with { Limits = new TemplateLimits { MaxOutputBytes = 10_000, MaxSteps = 5_000, MaxDepth = 20 } };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_texts_compile_and_run_or_give_an_error(int seed)
    {
        var random = new Random(seed);
        var compiled = 0;
        for (var round = 0; round < 15_000; round++)
        {
            var text = Text(random);
            if (!TemplateSet.Empty(AlertmanagerFunctions.Notifications).TryAdd("t", text, out var set, out var error))
            {
                Assert.Equal(TemplateErrorKind.Syntax, error.Kind);
                continue;
            }
            compiled++;
            var result = set.Run("t", Value(random, 3), Bounded with { IsHtml = random.Next(2) == 0 }, CancellationToken.None);
            Assert.NotEqual(result.Output is null, result.Error is null);
        }
        Assert.True(compiled > 300, $"only {compiled} texts were templates");
    }

    /// <summary>Half of the texts are whole actions, so that enough compile.</summary>
    private static string Text(Random random)
    {
        if (random.Next(2) == 0)
            return string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        return string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => "<p>{{ " + string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pieces[random.Next(21, Pieces.Length)])) + " }}"));
    }

    private static TemplateValue Value(Random random, int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => NilValue.Instance,
        1 => random.NextInt64(),
        2 => random.NextDouble() * 1e10,
        3 => "<text> & \uDC80",
        4 => random.Next(2) == 0,
        5 => new ListValue([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))]),
        _ => Map(("a", Value(random, depth - 1)), ("b", Value(random, depth - 1))),
    };
}
