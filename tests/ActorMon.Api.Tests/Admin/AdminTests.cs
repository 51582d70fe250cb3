using ActorMon.Api.Ports;
using ActorMon.Api.Tests.Support;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;

namespace ActorMon.Api.Tests.Admin;

public class AdminTests
{
    private readonly FakeStorageAdmin _admin = new();
    private readonly ApiWorld _world;

    public AdminTests() => _world = new ApiWorld(s => s with { EnableAdmin = true }, _admin);

    [Theory]
    [InlineData("POST", "/api/v1/admin/tsdb/delete_series?match[]=up")]
    [InlineData("PUT", "/api/v1/admin/tsdb/clean_tombstones")]
    [InlineData("POST", "/api/v1/admin/tsdb/snapshot")]
    [InlineData("GET", "/api/v1/admin/tsdb/deletions")]
    [InlineData("POST", "/api/v1/admin/tsdb/undelete_series")]
    public async Task Without_the_flag_every_admin_endpoint_says_that_it_is_off(string method, string target)
    {
        var reply = await new ApiWorld(admin: _admin).Send(method, target);
        Assert.Equal("500 unavailable: admin APIs disabled", reply.Failure);
        Assert.Empty(_admin.Calls);
    }

    [Theory]
    [InlineData("delete_series")]
    [InlineData("clean_tombstones")]
    [InlineData("snapshot")]
    public async Task Changes_are_not_made_by_GET(string endpoint) => Assert.Equal(405, (await _world.Get($"/api/v1/admin/tsdb/{endpoint}?match[]=up")).Status);

    [Fact]
    public async Task Delete_hands_over_all_selectors_and_the_times_and_answers_204_with_the_id()
    {
        var reply = await _world.Send("PUT", "/api/v1/admin/tsdb/delete_series?match[]=up&match[]={job=~\"a|b\",x!=\"1\"}&start=12.5&end=2023-11-14T22:13:20Z");
        Assert.Equal((204, ""), (reply.Status, reply.Text));
        var deletion = Assert.Single(_admin.Deleted);
        Assert.Equal(deletion.Id.ToString(), reply.Headers["X-ActorMon-Deletion-Id"].ToString());
        Assert.Equal([[Matcher.MetricNamed("up")], [new Matcher(MatchOperator.Regex, "job", "a|b"), new Matcher(MatchOperator.NotEqual, "x", "1")]], deletion.Selectors.Select(s => s.ToArray()));
        Assert.Equal((12_500L, 1_700_000_000_000L), (deletion.Min.Value, deletion.Max.Value));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task Parameters_may_come_as_a_form_and_absent_times_mean_all_of_time(string method)
    {
        var reply = await _world.Send(method, "/api/v1/admin/tsdb/delete_series", "match%5B%5D=up"u8.ToArray(), "application/x-www-form-urlencoded");
        Assert.Equal(204, reply.Status);
        Assert.Equal((TimestampMs.Min, TimestampMs.Max), (_admin.Deleted[0].Min, _admin.Deleted[0].Max));
    }

    [Theory]
    [InlineData("", "400 bad_data: no match[] parameter provided")]
    [InlineData("?match[]=up&start=x", "400 bad_data: invalid parameter \"start\": invalid time value for 'start': cannot parse \"x\" to a valid timestamp")]
    [InlineData("?match[]=up&end=x", "400 bad_data: invalid parameter \"end\": invalid time value for 'end': cannot parse \"x\" to a valid timestamp")]
    [InlineData("?match[]=up&match[]={a", "400 bad_data: invalid parameter \"match[]\": 1:3: parse error: unexpected end of input inside braces")]
    public async Task Wrong_parameters_delete_nothing(string query, string failure)
    {
        Assert.Equal(failure, (await _world.Send("POST", "/api/v1/admin/tsdb/delete_series" + query)).Failure);
        Assert.Empty(_admin.Calls);
    }

    [Fact]
    public async Task A_selector_without_matchers_deletes_nothing()
    {
        Assert.Equal(204, (await _world.Send("POST", "/api/v1/admin/tsdb/delete_series?match[]={}")).Status);
        Assert.Empty(_admin.Calls);
    }

    [Fact]
    public async Task What_the_storage_could_not_do_is_an_internal_error()
    {
        _admin.Error = "partition 3: the disk is full";
        Assert.Equal("500 internal: partition 3: the disk is full", (await _world.Send("POST", "/api/v1/admin/tsdb/delete_series?match[]=up")).Failure);
        Assert.Equal("500 internal: partition 3: the disk is full", (await _world.Send("POST", "/api/v1/admin/tsdb/clean_tombstones")).Failure);
        Assert.Equal("500 internal: create snapshot: partition 3: the disk is full", (await _world.Send("POST", "/api/v1/admin/tsdb/snapshot")).Failure);
    }

    [Fact]
    public async Task Clean_answers_204() => Assert.Equal((204, ""), await _world.Send("POST", "/api/v1/admin/tsdb/clean_tombstones") is var r ? (r.Status, r.Text) : default);

    [Theory]
    [InlineData("", false)]
    [InlineData("?skip_head=t", true)]
    [InlineData("?skip_head=false", false)]
    public async Task Snapshot_answers_the_name_of_the_directory(string query, bool skipHead)
    {
        var reply = await _world.Send("POST", "/api/v1/admin/tsdb/snapshot" + query);
        Assert.Equal("{\"status\":\"success\",\"data\":{\"name\":\"20231114T221320Z-5\"}}", reply.Text);
        Assert.Equal([$"snapshot {skipHead}"], _admin.Calls);
    }

    [Fact]
    public async Task A_skip_head_that_is_no_boolean_is_refused() => Assert.StartsWith(
        "400 bad_data: invalid parameter \"skip_head\": unable to parse boolean", (await _world.Send("POST", "/api/v1/admin/tsdb/snapshot?skip_head=maybe")).Failure, StringComparison.Ordinal);

    [Fact]
    public async Task Pending_deletions_are_listed_with_their_selectors()
    {
        var id = Guid.NewGuid();
        _admin.Pending.Add(new PendingDeletion(id, [[Matcher.MetricNamed("up"), new Matcher(MatchOperator.Regex, "näme", "a\"b")]], new TimestampMs(1), new TimestampMs(2), _world.Time.GetUtcNow(), 4));
        var reply = await _world.Get("/api/v1/admin/tsdb/deletions");
        Assert.Equal(
            $$$"""{"deletions":[{"id":"{{{id}}}","match":["{__name__=\"up\",\"näme\"=~\"a\\\"b\"}"],"minTime":1,"maxTime":2,"created":"2023-11-14T22:13:20Z","partitions":4}]}""",
            reply.Data.GetRawText());
    }

    [Fact]
    public async Task Undelete_takes_the_id_and_says_when_there_is_nothing_to_undo()
    {
        var id = Guid.NewGuid();
        _admin.Pending.Add(new PendingDeletion(id, [], default, default, default, 1));
        Assert.Equal(204, (await _world.Send("POST", $"/api/v1/admin/tsdb/undelete_series?id={id}")).Status);
        Assert.StartsWith($"404 not_found: no deletion {id} is pending", (await _world.Send("POST", $"/api/v1/admin/tsdb/undelete_series?id={id}")).Failure, StringComparison.Ordinal);
        Assert.Equal("400 bad_data: no id parameter provided", (await _world.Send("POST", "/api/v1/admin/tsdb/undelete_series")).Failure);
        Assert.Equal("400 bad_data: invalid parameter \"id\": \"7\" is not the id of a deletion", (await _world.Send("POST", "/api/v1/admin/tsdb/undelete_series?id=7")).Failure);
    }
}
