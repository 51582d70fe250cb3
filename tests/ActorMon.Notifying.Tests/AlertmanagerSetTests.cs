using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Names;
using ActorMon.Model.Relabelling;
using ActorMon.Notifying.Alertmanagers;
using ActorMon.Notifying.Options;

namespace ActorMon.Notifying.Tests;

public sealed class AlertmanagerSetTests
{
    [Theory]
    [InlineData("", "http://am:9093/api/v2/alerts")]
    [InlineData("/alerts/", "http://am:9093/alerts/api/v2/alerts")]
    [InlineData("a//b/../c", "http://am:9093/a/c/api/v2/alerts")]
    public void The_prefix_goes_before_the_path(string prefix, string url) =>
        Assert.Equal([url], Build(new AlertmanagerOptions { PathPrefix = prefix }, Source("am:9093")).Active);

    [Fact]
    public void Relabelling_may_change_address_scheme_and_path()
    {
        var options = new AlertmanagerOptions
        {
            RelabelRules =
            [
                Replace("__scheme__", "https"), Replace("__alerts_path__", "/in/x"),
                new RelabelRule { SourceLabels = ["__address__"], Regex = AnchoredRegex.Parse("(.*):1"), TargetLabel = "__address__", Replacement = "$1:2" },
            ],
        };
        Assert.Equal(["https://am:2/in/x"], Build(options, Source("am:1")).Active);
    }

    [Fact]
    public void What_relabelling_drops_is_known_as_it_was()
    {
        var options = new AlertmanagerOptions { Scheme = "https", RelabelRules = [new RelabelRule { Action = RelabelAction.Drop, SourceLabels = ["__address__"], Regex = AnchoredRegex.Parse("b.*") }] };
        var set = Build(options, Source("a:1", "b:1"));
        Assert.Equal(["https://a:1/api/v2/alerts"], set.Active);
        Assert.Equal(["https://b:1/api/v2/alerts"], set.Dropped);
    }

    [Fact]
    public void Labels_of_the_source_count_where_a_target_has_none_and_beat_what_is_configured()
    {
        var source = new AlertmanagerSource(
            LabelSet.Of("__scheme__", "https", "zone", "1"), [LabelSet.Of("__address__", "a:1", "zone", "2"), LabelSet.Of("__address__", "b:1")]);
        var keep = new AlertmanagerOptions { RelabelRules = [new RelabelRule { Action = RelabelAction.Keep, SourceLabels = ["zone"], Regex = AnchoredRegex.Parse("1") }] };
        var set = Build(keep, source);
        Assert.Equal(["https://b:1/api/v2/alerts"], set.Active);
        Assert.Equal(["https://a:1/api/v2/alerts"], set.Dropped);
    }

    [Fact]
    public void One_that_is_found_twice_is_told_once() =>
        Assert.Equal(["http://a:1/api/v2/alerts", "http://b:1/api/v2/alerts"], Build(new AlertmanagerOptions(), Source("a:1", "b:1"), Source("a:1")).Active);

    [Fact]
    public void An_address_with_a_path_spoils_its_source_alone()
    {
        var set = Build(new AlertmanagerOptions(), Source("a:1", "http://b/"), Source("c:1"));
        Assert.Equal(["http://c:1/api/v2/alerts"], set.Active);
        Assert.Equal(["\"http://b/\" is not a valid hostname"], set.Errors);
    }

    private static AlertmanagerSet Build(AlertmanagerOptions options, params AlertmanagerSource[] sources) => AlertmanagerSet.Build(options, NameValidation.Utf8, sources);

    private static AlertmanagerSource Source(params string[] addresses) => new(LabelSet.Empty, [.. addresses.Select(a => LabelSet.Of("__address__", a))]);

    private static RelabelRule Replace(string label, string value) => new() { TargetLabel = label, Replacement = value };
}
