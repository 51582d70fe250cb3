using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;
using ActorMon.Notifying.Alerts;
using ActorMon.Notifying.Sending;
using CsCheck;

namespace ActorMon.Notifying.Tests;

public sealed class AlertsBodyTests
{
    [Fact]
    public void An_alert_is_written_as_Prometheus_writes_it() => Assert.Equal(
        """[{"annotations":{"summary":"5 \u003e 4"},"endsAt":"2023-11-14T22:17:20.007Z","startsAt":"2023-11-14T22:13:20.000Z","generatorURL":"http://p:9090/graph?g0.expr=up\u0026g0.tab=1","labels":{"alertname":"A","job":"x"}}]""",
        Body(new OutgoingAlert(
            LabelSet.Of("job", "x", "alertname", "A"), LabelSet.Of("summary", "5 > 4"), Alerts.Start, new TimestampMs(Alerts.Start.Value + 240_007),
            "http://p:9090/graph?g0.expr=up&g0.tab=1")));

    [Fact]
    public void Without_annotations_and_link_their_keys_are_absent() => Assert.Equal(
        """[{"endsAt":"2023-11-14T22:17:20.000Z","startsAt":"2023-11-14T22:13:20.000Z","labels":{}},{"endsAt":"2023-11-14T22:17:20.000Z","startsAt":"2023-11-14T22:13:20.000Z","labels":{"a":"b"}}]""",
        Body(Alerts.Outgoing(), Alerts.Outgoing("a", "b")));

    [Theory]
    [InlineData("\"\\\n\r\t\b\f\u0001", """\"\\\n\r\t\b\f\u0001""")]
    [InlineData("<a>&\u2028\u2029", """\u003ca\u003e\u0026\u2028\u2029""")]
    [InlineData("\u00fc \U0001F600 \u007f", "\u00fc \U0001F600 \u007f")]
    public void Texts_are_escaped_as_Go_does(string text, string written) => Assert.Contains($"\"labels\":{{\"a\":\"{written}\"}}", Body(Alerts.Outgoing("a", text)), StringComparison.Ordinal);

    [Fact]
    public void A_byte_that_is_no_text_becomes_a_replacement() =>
        Assert.Contains("""{"a":"x\ufffdy"}""", Body(Alerts.Outgoing("a", ByteText.Decode([(byte)'x', 0xff, (byte)'y']))), StringComparison.Ordinal);

    [Fact]
    public void Whatever_the_labels_hold_the_body_is_JSON_that_reads_back() => Gen.String[1, 20].Where(text => !text.Any(char.IsSurrogate)).Sample(text =>
    {
        using var read = System.Text.Json.JsonDocument.Parse(Body(Alerts.Outgoing("a", text)));
        Assert.Equal(text, read.RootElement[0].GetProperty("labels").GetProperty("a").GetString());
    });

    private static string Body(params OutgoingAlert[] alerts) => Encoding.UTF8.GetString(AlertsBody.Of(alerts));
}
