using System.Runtime.Serialization;
using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Control;
using ActorMon.Protocol.Query;
using ActorMon.Protocol.Scraping;
using ActorMon.Protocol.Serialization;
using ActorMon.Protocol.Series;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Xunit.Abstractions;

namespace ActorMon.Protocol.Tests.Serialization;

/// <summary>The wire format of control messages, by the bindings of the real hocon/actormon.conf.</summary>
public sealed class ControlSerializerTests : TestKit
{
    private readonly ITestOutputHelper _output;

    public ControlSerializerTests(ITestOutputHelper output) : base(LocalConfig(), "protocol", output) => _output = output;

    private static readonly ReplicaId Replica = new(new PartitionId(5), 1);

    /// <summary>One of each kind with its manifest and its bytes. Extend only: a line here never changes.</summary>
    private static readonly (object Message, string Manifest, string Bytes)[] Golden =
    [
        (new SeriesProtocol.Touch(Replica), "tr", "08051001"),
        (new SeriesProtocol.ReplicaFailed(Replica, "disk full"), "rf", "080510011A096469736B2066756C6C"),
        (new ScrapingProtocol.TouchShard(3), "ts", "0803"),
        (new ScrapingProtocol.ShardState(3, new(0x0102030405060708, 9), 4), "ss", "0803110807060504030201" + "18092004"),
        (new ScrapingProtocol.AssignTargets(1, new(1, 2), 3, [new("j", LabelSet.Of("a", "b"))], [new("j", "e")]), "at",
            "0801" + "110100000000000000" + "1802" + "2003" + "2A0B0A016A12060A0161120162" + "32060A016A120165"),
        (new ControlProtocol.ConfigurationInstalled(300), "ci", "08AC02"),
        (ControlProtocol.GetControlState.Instance, "gs", ""),
        (new ControlProtocol.ControlState(1, 2, 3, 4, "x"), "cs", "08011002180320042A0178"),
        (new ControlProtocol.ControlState(1, 2, 3, 4, null), "cs", "0801100218032004"),
    ];

    [Fact]
    public void Every_message_has_its_manifest_and_its_bytes()
    {
        foreach (var (message, manifest, bytes) in Golden)
        {
            var serializer = Assert.IsType<ControlSerializer>(Sys.Serialization.FindSerializerFor(message));
            Assert.Equal(manifest, serializer.Manifest(message));
            Assert.Equal(bytes, Convert.ToHexString(serializer.ToBinary(message)));
        }
    }

    [Fact]
    public void Every_message_comes_back_from_its_golden_bytes_as_it_was()
    {
        foreach (var (message, manifest, bytes) in Golden)
        {
            var back = Sys.Serialization.Deserialize(Convert.FromHexString(bytes), ControlSerializer.Id, manifest);
            if (message is ScrapingProtocol.AssignTargets expected)
                AssertSame(expected, Assert.IsType<ScrapingProtocol.AssignTargets>(back));
            else
                Assert.Equal(message, back);
        }
    }

    [Fact]
    public void A_serving_replica_is_named_by_its_path_and_comes_back_as_the_same_actor()
    {
        var message = new SeriesProtocol.ReplicaServing(Replica, TestActor, 7);
        var serializer = (ControlSerializer)Sys.Serialization.FindSerializerFor(message);
        var path = Akka.Serialization.Serialization.SerializedActorPath(TestActor);
        var bytes = serializer.ToBinary(message);

        Assert.Equal("rs", serializer.Manifest(message));
        Assert.Equal($"080510011A{path.Length:X2}{Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(path))}210700000000000000", Convert.ToHexString(bytes));
        Assert.Equal(message, serializer.FromBinary(bytes, "rs"));
    }

    [Fact]
    public void Every_message_that_may_cross_nodes_is_bound_to_the_control_serializer_and_tested_above()
    {
        var crossing = MessagesOf(typeof(SeriesProtocol), typeof(ScrapingProtocol), typeof(ControlProtocol), typeof(QueryProtocol))
            .Where(type => !typeof(INoSerializationVerificationNeeded).IsAssignableFrom(type)).ToList();

        foreach (var type in crossing)
            Assert.True(Sys.Serialization.FindSerializerForType(type) is ControlSerializer, $"{type} has no binding in hocon/actormon.conf");
        Assert.Equal(
            crossing.Select(t => t.Name).Order(),
            Golden.Select(g => g.Message.GetType().Name).Append(nameof(SeriesProtocol.ReplicaServing)).Distinct().Order());
    }

    [Fact]
    public void Every_binding_names_a_type_that_exists()
    {
        var bindings = ConfigurationFactory.ParseString(HoconText()).GetConfig("akka.actor.serialization-bindings");

        foreach (var (name, _) in bindings.AsEnumerable())
            Assert.NotNull(Type.GetType(name.Trim('"')));
    }

    [Fact]
    public void An_unknown_manifest_is_refused_by_name()
    {
        var error = Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize([], ControlSerializer.Id, "zz"));

        Assert.Contains("unknown control message manifest \"zz\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_control_message_is_refused_by_type()
    {
        var serializer = (ControlSerializer)Sys.Serialization.FindSerializerFor(Golden[0].Message);

        Assert.Contains("System.String", Assert.Throws<ArgumentException>(() => serializer.Manifest("text")).Message, StringComparison.Ordinal);
        Assert.Contains("System.String", Assert.Throws<ArgumentException>(() => serializer.ToBinary("text")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_of_a_newer_version_are_passed_over()
    {
        // TouchShard with a field 15 that this version does not know.
        Assert.Equal(new ScrapingProtocol.TouchShard(3), Sys.Serialization.Deserialize(Convert.FromHexString("08037A0178"), ControlSerializer.Id, "ts"));
    }

    [Fact]
    public void Discovered_labels_with_empty_values_come_back_empty_and_present()
    {
        var labels = LabelSet.FromSortedUnchecked([new Label("__meta_tag", ""), new Label("job", "ü")]);
        var message = new ScrapingProtocol.AssignTargets(0, ScrapingProtocol.AssignmentVersion.None, 1, [new("j", labels)], []);

        AssertSame(message, RoundTrip(message));
    }

    [Fact]
    public void A_thousand_targets_of_fifteen_labels_fit_into_a_frame()
    {
        var targets = Enumerable.Range(0, 1_000).Select(i => new ScrapingProtocol.AssignedTarget("node", LabelSet.Of(
            "__address__", $"10.1.{i / 256}.{i % 256}:9100", "__metrics_path__", "/metrics", "__scheme__", "http", "__scrape_interval__", "15s", "__scrape_timeout__", "10s",
            "__meta_filepath", "/etc/prometheus/targets/nodes-a.json", "__scrape_native_histograms__", "false", "__always_scrape_classic_histograms__", "false",
            "__convert_classic_histograms_to_nhcb__", "false", "job", "node", "env", "production", "region", "eu-west-1", "rack", $"r{i % 40}", "team", "platform", "os", "linux"))).ToList();
        var message = new ScrapingProtocol.AssignTargets(7, new(ulong.MaxValue, 1), 12, targets, []);
        var bytes = Sys.Serialization.FindSerializerFor(message).ToBinary(message);

        _output.WriteLine($"{bytes.Length} bytes");
        AssertSame(message, RoundTrip(message));
        // More than Akka's default frame of 128,000 bytes, so the setting in hocon/actormon.conf must stay; far less than that setting.
        Assert.InRange(bytes.Length, 128_000, 800_000);
        Assert.InRange(ConfigurationFactory.ParseString(HoconText()).GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size") ?? 0, 40L * bytes.Length, int.MaxValue);
    }

    private ScrapingProtocol.AssignTargets RoundTrip(ScrapingProtocol.AssignTargets message) =>
        (ScrapingProtocol.AssignTargets)Sys.Serialization.Deserialize(Sys.Serialization.FindSerializerFor(message).ToBinary(message), ControlSerializer.Id, "at");

    private static void AssertSame(ScrapingProtocol.AssignTargets expected, ScrapingProtocol.AssignTargets actual)
    {
        Assert.Equal((expected.Shard, expected.Version, expected.ConfigurationVersion), (actual.Shard, actual.Version, actual.ConfigurationVersion));
        Assert.Equal(expected.Targets, actual.Targets);
        Assert.Equal(expected.JobErrors, actual.JobErrors);
    }

    /// <summary>Nested records that are no part of another nested record.</summary>
    private static IEnumerable<Type> MessagesOf(params Type[] protocols)
    {
        var nested = protocols.SelectMany(p => p.GetNestedTypes()).Where(t => t is { IsClass: true }).ToList();
        var parts = nested.SelectMany(t => t.GetProperties()).SelectMany(p => p.PropertyType.GenericTypeArguments.Append(p.PropertyType))
            .Where(t => t.DeclaringType is not null).ToHashSet();
        return nested.Where(t => !parts.Contains(t));
    }

    private static Config LocalConfig() =>
        ConfigurationFactory.ParseString("akka { actor.provider = local, loggers = [\"Akka.TestKit.TestEventListener, Akka.TestKit\"] }")
            .WithFallback(ConfigurationFactory.ParseString(HoconText()));

    private static string HoconText()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorMon.sln")))
            folder = folder.Parent!;
        return File.ReadAllText(Path.Combine(folder.FullName, "hocon", "actormon.conf"));
    }
}
