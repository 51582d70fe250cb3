using System.Text;
using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Labels;
using ActorMon.PromQL.Results;

namespace ActorMon.Api.Tests.Queries;

/// <summary>How parameters arrive: broken escapes, forms, multipart bodies; and that answers cost no memory by the sample.</summary>
public sealed class FormTests
{
    private readonly ApiWorld _world = new();

    [Theory]
    [InlineData("/api/v1/query?query=1&time=%zz", "[0,\"1\"]")]
    [InlineData("/api/v1/query?query=2&limit=1;2&a=b", "[0,\"2\"]")]
    public async Task Most_endpoints_leave_out_what_cannot_be_decoded(string target, string expected)
    {
        var result = (await _world.Get(target)).Data.GetProperty("result").GetRawText();
        Assert.Equal(expected.Split(',')[1], result.Split(',')[1]);
    }

    [Theory]
    [InlineData("/api/v1/series?match[]=up&x=%", "invalid URL escape \"%\"")]
    [InlineData("/api/v1/series?match[]=up;x=1", "invalid semicolon separator in query")]
    public async Task Some_refuse_it(string target, string expected) => Assert.Equal("400 bad_data: error parsing form values: " + expected, (await _world.Get(target)).Failure);

    [Fact]
    public async Task A_form_comes_before_the_query_string_and_a_multipart_body_behind_it()
    {
        var form = await _world.PostForm("/api/v1/query?query=1", "query=2");
        Assert.Equal("2", form.Data.GetProperty("result")[1].GetString());
        const string multipart = "--b\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\n3\r\n--b\r\nContent-Disposition: form-data; name=\"time\"\r\n\r\n5\r\n--b--\r\n";
        var only = await _world.Send("POST", "/api/v1/query", Encoding.ASCII.GetBytes(multipart), "multipart/form-data; boundary=b");
        Assert.Equal("[5,\"3\"]", only.Data.GetProperty("result").GetRawText());
        var both = await _world.Send("POST", "/api/v1/query?query=1", Encoding.ASCII.GetBytes(multipart), "multipart/form-data; boundary=b");
        Assert.Equal("[5,\"1\"]", both.Data.GetProperty("result").GetRawText());
        var cut = await _world.Send("POST", "/api/v1/query?query=1", Encoding.ASCII.GetBytes(multipart[..60]), "multipart/form-data; boundary=b");
        Assert.StartsWith("400 bad_data: error parsing form values: ", cut.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_bytes_are_parameters_or_an_error()
    {
        var random = new Random(20);
        for (var i = 0; i < 2000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => "%=&;+ab\u00e9\u20ac0f["[random.Next(12)])]);
            var parameters = ApiParameters.Parse(text);
            if (text.Contains(';', StringComparison.Ordinal))
                Assert.NotNull(parameters.Fault);
            Assert.InRange((await _world.PostForm("/api/v1/query", Uri.EscapeDataString(text))).Status, 400, 499);
        }
    }

    [Fact]
    public async Task A_sample_of_an_answer_costs_no_memory()
    {
        var times = Enumerable.Range(0, 10_000).Select(i => i * 15_000L + 123).ToArray();
        var values = times.Select(t => Math.Sqrt(t)).ToArray();
        var value = new MatrixValue([new MatrixSeries(LabelSet.Of("__name__", "m"), times, values, null)]);
        var output = new System.Buffers.ArrayBufferWriter<byte>(1 << 20);
        Task Write() => QueryResultJson.WriteAsync(new JsonOut(output), value, null, static () => ValueTask.CompletedTask);
        await Write();
        output.ResetWrittenCount();
        var before = GC.GetAllocatedBytesForCurrentThread();
        await Write();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
        Assert.StartsWith("{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"m\"},\"values\":[[0.123,\"11.09", Encoding.ASCII.GetString(output.WrittenSpan[..100]), StringComparison.Ordinal);
    }
}
