using ActorMon.Templates.Values;
using static ActorMon.Templates.Tests.Expanding;

namespace ActorMon.Templates.Tests;

/// <summary>Escaping by context, against results of Go's html/template.</summary>
public class HtmlTests
{
    private static readonly MapValue Data = Map(("x", "O'Reilly: How are <i>you</i>?"), ("url", "javascript:alert(1)"), ("ok", "http://a/b c?d=e&f"), ("n", 42L), ("word", "red"),
        ("list", ListValue.OfTexts(["a", "<b>"])));

    [Theory]
    [InlineData("{{ .x }}", "O&#39;Reilly: How are &lt;i&gt;you&lt;/i&gt;?")]
    [InlineData("{{ \"a+b\" }}{{ .missing }}", "a&#43;b")]
    [InlineData("<a title=\"{{ .x }}\">", "<a title=\"O&#39;Reilly: How are &lt;i&gt;you&lt;/i&gt;?\">")]
    [InlineData("<a title='{{ .x | safeHtml }}'>", "<a title='O&#39;Reilly: How are you?'>")]
    [InlineData("<a title={{ \"a b\" }}>", "<a title=a&#32;b>")]
    [InlineData("<a href=\"{{ .url }}\">", "<a href=\"#ZgotmplZ\">")]
    [InlineData("<a href=\"{{ .url | safeUrl }}\">", "<a href=\"javascript:alert%281%29\">")]
    [InlineData("<a href=\"{{ .ok }}\">", "<a href=\"http://a/b%20c?d=e&amp;f\">")]
    [InlineData("<a href=\"/s?q={{ \"a b&c\" }}\">", "<a href=\"/s?q=a%20b%26c\">")]
    [InlineData("<a onclick=\"f({{ .x }})\">", "<a onclick=\"f(&#34;O&#39;Reilly: How are \\u003ci\\u003eyou\\u003c/i\\u003e?&#34;)\">")]
    [InlineData("<a onclick=\"f('{{ .x }}')\">", "<a onclick=\"f('O\\u0027Reilly: How are \\u003ci\\u003eyou\\u003c\\/i\\u003e?')\">")]
    [InlineData("<script>var a = {{ .n }}, b = {{ .list }};</script>{{ .x }}", "<script>var a =  42 , b = [\"a\",\"\\u003cb\\u003e\"];</script>O&#39;Reilly: How are &lt;i&gt;you&lt;/i&gt;?")]
    [InlineData("<script>/* c */ a // d\nb</script>", "<script>  a \nb</script>")]
    [InlineData("<script>`${ {{ .x }} }{{ \"`\" }}`</script>", "<script>`${ \"O'Reilly: How are \\u003ci\\u003eyou\\u003c/i\\u003e?\" }\\u0060`</script>")]
    [InlineData("<script type=\"text/template\"><b>{{ .x }}</b></script>", "<script type=\"text/template\"><b>O&#39;Reilly: How are &lt;i&gt;you&lt;/i&gt;?</b></script>")]
    [InlineData("<p style=\"color: {{ .word }}\">", "<p style=\"color: red\">")]
    [InlineData("<p style=\"color: {{ .url }}\">", "<p style=\"color: ZgotmplZ\">")]
    [InlineData("<style>p { background: url('{{ .url }}') }</style>", "<style>p { background: url('#ZgotmplZ') }</style>")]
    [InlineData("<textarea>{{ .x }}</textarea>", "<textarea>O&#39;Reilly: How are &lt;i&gt;you&lt;/i&gt;?</textarea>")]
    [InlineData("a<!-- {{ .x }} comment -->b", "ab")]
    [InlineData("a < b{{ 1 }}", "a &lt; b1")]
    [InlineData("<p {{ \"title\" }}=\"x\">", "<p title=\"x\">")]
    [InlineData("<p {{ \"onclick\" }}=\"x\">", "<p ZgotmplZ=\"x\">")]
    [InlineData("{{ .x | html }}", "O&#39;Reilly: How are &lt;i&gt;you&lt;/i&gt;?")]
    [InlineData("<a href=\"/?q={{ \"a b\" | urlquery }}\">", "<a href=\"/?q=a&#43;b\">")]
    [InlineData("{{ define \"in\" }}{{ . }}{{ end }}<a href=\"{{ template \"in\" .url }}\">{{ template \"in\" .url }}", "<a href=\"#ZgotmplZ\">javascript:alert(1)")]
    public void A_value_is_escaped_for_the_place_where_it_stands(string text, string output) => Assert.Equal(output, ExpandHtml(text, Data));

    [Theory]
    [InlineData("<a href=\"x", "error: html/template:t: ends in a non-text context")]
    [InlineData("{{ .x | html | print }}", "error: html/template:t:1:3: predefined escaper \"html\" disallowed in template")]
    public void A_document_that_cannot_be_made_safe_fails(string text, string error) => Assert.StartsWith(error, ExpandHtml(text, Data), StringComparison.Ordinal);
}
