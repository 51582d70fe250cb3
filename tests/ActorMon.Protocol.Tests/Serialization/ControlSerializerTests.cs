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
        (new ScrapingProtocol.AssignTargets(1, new(1, 2), 3, [], []) { Chunk = 4, Chunks = 5 }, "at", "0801" + "110100000000000000" + "1802" + "2003" + "3804" + "4005"),
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

    /// <summary>What every control message stays below, so that one of them never holds up the heartbeats on its connection.</summary>
    private const int LargestMessage = 64 * 1024;

    [Fact]
    public void Twenty_thousand_targets_and_five_thousand_errors_go_in_pieces_and_come_together_again()
    {
        var targets = Enumerable.Range(0, 20_000).Select(i => new ScrapingProtocol.AssignedTarget("node", LabelSet.Of(
            "__address__", $"10.1.{i / 256}.{i % 256}:9100", "__metrics_path__", "/metrics", "__scheme__", "http", "__scrape_interval__", "15s", "__scrape_timeout__", "10s",
            "__meta_filepath", "/etc/prometheus/targets/nodes-ä.json", "__scrape_native_histograms__", "false", "__always_scrape_classic_histograms__", "false",
            "__convert_classic_histograms_to_nhcb__", "false", "job", "node", "env", "production", "region", "eu-west-1", "rack", $"r{i % 40}", "team", "platform", "os", "linux"))).ToList();
        var errors = Enumerable.Range(0, 5_000).Select(i => new ScrapingProtocol.JobError($"job-{i}", $"target_limit exceeded (number of targets: {i}, limit: 10)")).ToList();
        var whole = new ScrapingProtocol.AssignTargets(7, new(ulong.MaxValue, 1), 12, targets, errors);
        var assembly = new AssignmentAssembly();
        ScrapingProtocol.AssignTargets? gathered = null;

        var pieces = AssignmentChunks.Split(whole);
        foreach (var piece in pieces)
        {
            Assert.Null(gathered);
            var bytes = Bytes(piece);
            Assert.InRange(bytes.Length, 1, AssignmentChunks.MaxBytes);
            gathered = assembly.Add((ScrapingProtocol.AssignTargets)Sys.Serialization.Deserialize(bytes, ControlSerializer.Id, "at"));
        }

        _output.WriteLine($"{pieces.Count} pieces");
        // Nor are they so small that a set becomes a flood of messages.
        Assert.InRange(pieces.Count, 2, pieces.Sum(p => Bytes(p).Length) * 3 / 2 / AssignmentChunks.MaxBytes);
        AssertSame(whole, Assert.IsType<ScrapingProtocol.AssignTargets>(gathered));
    }

    [Fact]
    public void A_target_that_is_longer_than_a_piece_goes_alone_and_fits_into_a_frame()
    {
        var labels = LabelSet.Of("__address__", "h:1", "__meta_annotation", new string('x', 300_000));
        var whole = new ScrapingProtocol.AssignTargets(0, new(1, 1), 1, [new("a", LabelSet.Of("job", "a")), new("b", labels), new("c", LabelSet.Of("job", "c"))], []);

        var pieces = AssignmentChunks.Split(whole);

        Assert.Equal([1, 1, 1], pieces.Select(p => p.Targets.Count));
        Assert.InRange(Bytes(pieces[1]).Length, 300_000, ConfigurationFactory.ParseString(HoconText()).GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size") / 2 ?? 0);
    }

    [Fact]
    public void A_small_set_goes_in_one_piece_as_it_is()
    {
        var whole = new ScrapingProtocol.AssignTargets(0, new(1, 1), 1, [new("a", LabelSet.Of("job", "a"))], []);

        Assert.Same(whole, Assert.Single(AssignmentChunks.Split(whole)));
    }

    [Fact]
    public void Every_message_of_whatever_content_stays_small()
    {
        var error = "😀" + string.Concat(Enumerable.Repeat("ü😀", 500_000));
        var replica = new ReplicaId(new PartitionId(int.MaxValue), int.MaxValue);
        var version = new ScrapingProtocol.AssignmentVersion(ulong.MaxValue, long.MaxValue);
        object[] largest =
        [
            new SeriesProtocol.Touch(replica), new SeriesProtocol.ReplicaServing(replica, TestActor, long.MaxValue), new SeriesProtocol.ReplicaFailed(replica, error),
            new ScrapingProtocol.TouchShard(int.MaxValue), new ScrapingProtocol.ShardState(int.MaxValue, version, int.MaxValue),
            .. AssignmentChunks.Split(new ScrapingProtocol.AssignTargets(
                int.MaxValue, version, long.MaxValue, [.. Enumerable.Range(0, 3000).Select(i => new ScrapingProtocol.AssignedTarget("j", LabelSet.Of("__address__", $"h{i}:1")))],
                [.. Enumerable.Range(0, 3000).Select(i => new ScrapingProtocol.JobError($"{i}", "limit"))])),
            new ControlProtocol.ConfigurationInstalled(long.MaxValue), ControlProtocol.GetControlState.Instance,
            new ControlProtocol.ControlState(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, error),
        ];

        foreach (var message in largest)
            Assert.InRange(Bytes(message).Length, 0, LargestMessage);
        Assert.Equal(Golden.Select(g => g.Message.GetType()).Append(typeof(SeriesProtocol.ReplicaServing)).ToHashSet(), largest.Select(m => m.GetType()).ToHashSet());
        var back = (SeriesProtocol.ReplicaFailed)Sys.Serialization.Deserialize(Bytes(largest[2]), ControlSerializer.Id, "rf");
        Assert.StartsWith(back.Error[..^1], error, StringComparison.Ordinal);
        Assert.EndsWith("…", back.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', back.Error);
    }

    private byte[] Bytes(object message) => Sys.Serialization.FindSerializerFor(message).ToBinary(message);

    private ScrapingProtocol.AssignTargets RoundTrip(ScrapingProtocol.AssignTargets message) =>
        (ScrapingProtocol.AssignTargets)Sys.Serialization.Deserialize(Sys.Serialization.FindSerializerFor(message).ToBinary(message), ControlSerializer.Id, "at");

    private static void AssertSame(ScrapingProtocol.AssignTargets expected, ScrapingProtocol.AssignTargets actual)
    {
        Assert.Equal(
            (expected.Shard, expected.Version, expected.ConfigurationVersion, expected.Chunk, expected.Chunks),
            (actual.Shard, actual.Version, actual.ConfigurationVersion, actual.Chunk, actual.Chunks));
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

    internal static Config LocalConfig() =>
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
