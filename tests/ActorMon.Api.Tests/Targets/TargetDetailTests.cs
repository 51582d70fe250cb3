using ActorMon.Api.Ports;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Metadata;
using ActorMon.Model.Relabelling;

namespace ActorMon.Api.Tests.Targets;

public sealed class TargetDetailTests
{
    private readonly ApiWorld _world = new();

    public TargetDetailTests()
    {
        FamilyMetadata up = new("up_time", new MetricMetadata(MetricType.Counter, "Help.", "seconds"));
        FamilyMetadata load = new("load", new MetricMetadata(MetricType.Gauge, "", ""));
        _world.Node.TargetFamilies.Add(new TargetFamilies(LabelSet.Of("instance", "a:1", "job", "a"), [up, load]));
        _world.Node.TargetFamilies.Add(new TargetFamilies(LabelSet.Of("instance", "b:1", "job", "b"), [up]));
    }

    [Theory]
    [InlineData("", """[{"target":{"instance":"a:1","job":"a"},"metric":"up_time","type":"counter","help":"Help.","unit":"seconds"},{"target":{"instance":"a:1","job":"a"},"metric":"load","type":"gauge","help":"","unit":""},{"target":{"instance":"b:1","job":"b"},"metric":"up_time","type":"counter","help":"Help.","unit":"seconds"}]""")]
    [InlineData("?match_target={job='b'}", """[{"target":{"instance":"b:1","job":"b"},"metric":"up_time","type":"counter","help":"Help.","unit":"seconds"}]""")]
    [InlineData("?metric=load", """[{"target":{"instance":"a:1","job":"a"},"type":"gauge","help":"","unit":""}]""")]
    [InlineData("?limit=1&metric=up_time", """[{"target":{"instance":"a:1","job":"a"},"type":"counter","help":"Help.","unit":"seconds"}]""")]
    [InlineData("?limit=0", "[]")]
    [InlineData("?metric=other", "[]")]
    public async Task Families_are_listed_by_target(string query, string expected) => Assert.Equal(expected, (await _world.Get("/api/v1/targets/metadata" + query)).Data.GetRawText());

    [Theory]
    [InlineData("?limit=x", "400 bad_data: limit must be a number")]
    [InlineData("?match_target={", "400 bad_data: invalid parameter \"match_target\": 1:2: parse error: unexpected end of input inside braces")]
    public async Task Wrong_parameters_are_named(string query, string expected) => Assert.Equal(expected, (await _world.Get("/api/v1/targets/metadata" + query)).Failure);

    [Fact]
    public async Task Relabelling_is_shown_rule_by_rule()
    {
        _world.Node.Rules.Add(new RelabelRule { SourceLabels = ["a", "b"], TargetLabel = "c", Regex = AnchoredRegex.Parse("(.*);(.*)"), Replacement = "$2-$1" });
        _world.Node.Rules.Add(new RelabelRule { SourceLabels = ["c"], Regex = AnchoredRegex.Parse("y-x"), Action = RelabelAction.Drop });
        _world.Node.Rules.Add(new RelabelRule { SourceLabels = ["a"], TargetLabel = "m", Modulus = 4, Action = RelabelAction.HashMod });
        var reply = await _world.Get("/api/v1/targets/relabel_steps?scrapePool=a&labels=" + Uri.EscapeDataString("""{"a":"x","b":"y"}"""));
        Assert.Equal(
            """{"steps":[{"rule":{"source_labels":["a","b"],"separator":";","regex":"(.*);(.*)","target_label":"c","replacement":"$2-$1","action":"replace"},"output":{"a":"x","b":"y","c":"y-x"},"keep":true},"""
            + """{"rule":{"source_labels":["c"],"separator":";","regex":"y-x","replacement":"$1","action":"drop"},"output":{},"keep":false},"""
            + """{"rule":{"source_labels":["a"],"separator":";","regex":"(.*)","modulus":4,"target_label":"m","replacement":"$1","action":"hashmod"},"output":{},"keep":false}]}""",
            reply.Data.GetRawText());
    }

    [Theory]
    [InlineData("", "no scrapePool parameter provided")]
    [InlineData("?scrapePool=a", "no labels parameter provided")]
    [InlineData("?scrapePool=a&labels=[]", "error parsing labels: not a JSON object of strings")]
    [InlineData("?scrapePool=a&labels={\"a\":1}", "error parsing labels: not a JSON object of strings")]
    [InlineData("?scrapePool=z&labels={}", "error retrieving scrape config: scrape pool \"z\" not found")]
    public async Task Relabelling_needs_a_pool_and_labels(string query, string expected) =>
        Assert.Equal("400 bad_data: " + expected, (await _world.Get("/api/v1/targets/relabel_steps" + query)).Failure);

    [Theory]
    [InlineData("", """{"groups":[]}""")]
    [InlineData("?type=Alert&exclude_alerts=TRUE&group_limit=3&match[]=up&rule_name[]=x", """{"groups":[]}""")]
    public async Task Rules_are_empty_until_something_evaluates_them(string query, string expected) => Assert.Equal(expected, (await _world.Get("/api/v1/rules" + query)).Data.GetRawText());

    [Theory]
    [InlineData("?type=both", "invalid parameter \"type\": not supported value \"both\"")]
    [InlineData("?exclude_alerts=maybe", "invalid parameter \"exclude_alerts\": error converting exclude_alerts: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [InlineData("?group_next_token=x", "invalid parameter \"group_next_token\": group_limit needs to be present in order to paginate over the groups")]
    [InlineData("?group_limit=x", "invalid parameter \"group_limit\": group_limit needs to be a valid number: strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("?group_limit=0", "invalid parameter \"group_limit\": group_limit needs to be greater than 0")]
    [InlineData("?group_limit=2&group_next_token=x", "invalid parameter \"group_next_token\": invalid group_next_token 'x'. were rule groups changed?")]
    [InlineData("?match[]={}", "match[] must contain at least one non-empty matcher")]
    [InlineData("?a=%zz", "error parsing form values: invalid URL escape \"%zz\"")]
    public async Task Rules_check_their_parameters(string query, string expected) => Assert.Equal("400 bad_data: " + expected, (await _world.Get("/api/v1/rules" + query)).Failure);

    [Fact]
    public async Task Alerts_and_alertmanagers_are_empty_lists()
    {
        Assert.Equal("""{"alerts":[]}""", (await _world.Get("/api/v1/alerts")).Data.GetRawText());
        Assert.Equal("""{"activeAlertmanagers":[],"droppedAlertmanagers":[]}""", (await _world.Get("/api/v1/alertmanagers")).Data.GetRawText());
    }
}
