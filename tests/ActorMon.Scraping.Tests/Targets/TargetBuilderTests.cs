using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Relabelling;
using ActorMon.Scraping.Jobs;
using ActorMon.Scraping.Targets;

namespace ActorMon.Scraping.Tests.Targets;

public sealed class TargetBuilderTests
{
    private static readonly ScrapeJob Job = new() { Name = "j" };

    private static ScrapeTarget Built(ScrapeJob job, params string[] labels)
    {
        var result = TargetBuilder.Build(job, LabelSet.Of(labels));
        Assert.Equal("", result.Error);
        return result.Target!;
    }

    private static string Error(params string[] labels) => TargetBuilder.Build(Job, LabelSet.Of(labels)).Error;

    [Fact]
    public void Public_labels_are_those_without_underscores_in_front()
    {
        var target = Built(Job, "__address__", "h:1", "__meta_x", "m", "__tmp", "t", "zone", "a");
        Assert.Equal(LabelSet.Of("instance", "h:1", "job", "j", "zone", "a"), target.Labels);
        Assert.Equal("", target.AllLabels.Get("__meta_x"));
        Assert.Equal("t", target.AllLabels.Get("__tmp"));
        Assert.Equal("m", target.DiscoveredLabels.Get("__meta_x"));
        Assert.Equal(TimeSpan.FromMinutes(1), target.Interval);
        Assert.Equal(TimeSpan.FromSeconds(10), target.Timeout);
    }

    [Fact]
    public void A_parameter_label_overrides_the_first_value_only()
    {
        var job = Job with { Params = new Dictionary<string, IReadOnlyList<string>> { ["m"] = ["a b", "c&d"], ["empty"] = [] }, Scheme = "https", MetricsPath = "probe é" };
        var target = Built(job with { RelabelRules = [Set("__param_m", "x/y"), Set("__param_z", "1")] }, "__address__", "h:1");
        Assert.Equal("https://h:1/probe%20%C3%A9?m=x%2Fy&m=c%26d&z=1", target.UrlText);
        Assert.Equal("https://h:1/probe%20%C3%A9?m=a+b&m=c%26d", Built(job, "__address__", "h:1").UrlText);
    }

    [Fact]
    public void The_identity_depends_on_labels_and_parameters_and_on_nothing_else()
    {
        var target = Built(Job, "__address__", "h:1");
        Assert.Equal(target.Hash, Built(Job, "__address__", "h:1").Hash);
        Assert.NotEqual(target.Hash, Built(Job, "__address__", "h:2").Hash);
        Assert.NotEqual(target.Hash, Built(Job, "__address__", "h:1", "zone", "a").Hash);
        // Golden: identities decide places in the interval, which must not move with a new version.
        Assert.Equal(Golden, target.Hash);
    }

    private const ulong Golden = 378782194716098377;

    [Theory]
    [InlineData("a/b", "\"a/b\" is not a valid hostname")]
    [InlineData("", "no address")]
    public void A_bad_address_is_an_error(string address, string error) => Assert.Equal(error, Error("__address__", address));

    [Theory]
    [InlineData("__convert_classic_histograms_to_nhcb__", "error parsing convert classic histograms to nhcb: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [InlineData("__always_scrape_classic_histograms__", "error parsing always scrape classic histograms: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [InlineData("__scrape_native_histograms__", "error parsing scrape native histograms: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    public void A_switch_must_be_a_boolean(string label, string error) => Assert.Equal(error, Error("__address__", "h:1", label, "maybe"));

    [Fact]
    public void A_unix_socket_needs_no_address()
    {
        var target = Built(Job, "__unix_socket__", "/run/x.sock");
        Assert.Equal("http://localhost/metrics", target.UrlText);
        Assert.Equal("/run/x.sock", target.UnixSocket);
    }

    [Fact]
    public void An_address_that_makes_no_url_is_a_target_without_one() => Assert.Null(Built(Job, "__address__", "h h:1").Url);

    [Fact]
    public void Equal_targets_of_several_groups_are_one_and_bad_ones_do_not_stop_the_rest()
    {
        var set = TargetSet.Build(Job,
        [
            new DiscoveredGroup("a", LabelSet.Of("zone", "1"), [LabelSet.Of("__address__", "h:1"), LabelSet.Of("__address__", "h/2"), LabelSet.Of("__address__", "h:3", "zone", "2")]),
            new DiscoveredGroup("b", LabelSet.Of("zone", "1"), [LabelSet.Of("__address__", "h:1")]),
        ]);
        Assert.Equal(["1", "2"], set.Active.Select(t => t.Labels.Get("zone")));
        Assert.Equal(["instance 1 in group a: \"h/2\" is not a valid hostname"], set.Errors);
    }

    [Fact]
    public void Dropped_targets_are_counted_exactly_and_remembered_up_to_the_cap()
    {
        var drop = new RelabelRule { Action = RelabelAction.Drop, SourceLabels = ["__address__"], Regex = AnchoredRegex.Parse("d.*") };
        var targets = Enumerable.Range(0, 5).Select(i => LabelSet.Of("__address__", $"d{i}:1")).Append(LabelSet.Of("__address__", "k:1")).ToArray();
        var set = TargetSet.Build(Job with { RelabelRules = [drop], KeepDroppedTargets = 2 }, [new DiscoveredGroup("", LabelSet.Empty, targets)]);
        Assert.Equal((1, 2, 5), (set.Active.Count, set.Dropped.Count, set.DroppedCount));
        Assert.Equal("d0:1", set.Dropped[0].Get("__address__"));
    }

    [Fact]
    public void More_targets_than_the_limit_are_an_error_of_all()
    {
        var targets = new[] { LabelSet.Of("__address__", "a:1"), LabelSet.Of("__address__", "b:1") };
        Assert.Equal("", TargetSet.Build(Job with { TargetLimit = 2 }, [new DiscoveredGroup("", LabelSet.Empty, targets)]).LimitError);
        Assert.Equal("target_limit exceeded (number of targets: 2, limit: 1)", TargetSet.Build(Job with { TargetLimit = 1 }, [new DiscoveredGroup("", LabelSet.Empty, targets)]).LimitError);
    }

    private static RelabelRule Set(string label, string value) => new() { TargetLabel = label, Replacement = value };
}
