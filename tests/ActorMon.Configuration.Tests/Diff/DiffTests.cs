using System.Text;
using ActorMon.Configuration.Diff;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Targets;

namespace ActorMon.Configuration.Tests.Diff;

public sealed class DiffTests
{
    private const string Two = """
        scrape_configs:
          - job_name: a
            relabel_configs: [{source_labels: [x], regex: "a.*", target_label: y}]
            static_configs: [{targets: [t1]}]
          - job_name: b
            consul_sd_configs: [{services: [s], node_meta: {k: v}}]
        """;

    [Fact]
    public void The_same_text_loaded_twice_differs_in_nothing()
    {
        var diff = ConfigDiff.Between(TestConfig.Good(Two), TestConfig.Good("# a comment\n" + Two));
        Assert.True(diff.IsEmpty);
        Assert.Equal(["a", "b"], diff.Unchanged.Select(j => j.Job.Name));
    }

    [Fact]
    public void A_new_password_in_a_url_is_a_change() =>
        Assert.True(ConfigDiff.Between(TestConfig.Good("remote_write: [{url: 'http://u:a@h'}]"), TestConfig.Good("remote_write: [{url: 'http://u:b@h'}]")).RemoteWriteChanged);

    [Fact]
    public void Equal_records_have_equal_hashes() =>
        Assert.Equal(ContentComparer.Instance.GetHashCode(TestConfig.Good(Two).Jobs[1].Discovery), ContentComparer.Instance.GetHashCode(TestConfig.Good(Two).Jobs[1].Discovery));

    [Fact]
    public void Jobs_are_added_removed_and_changed()
    {
        var next = TestConfig.Good(Two.Replace("job_name: b", "job_name: c", StringComparison.Ordinal).Replace("a.*", "b.*", StringComparison.Ordinal));
        var diff = ConfigDiff.Between(TestConfig.Good(Two), next);
        Assert.Equal(["c"], diff.Added.Select(j => j.Job.Name));
        Assert.Equal(["b"], diff.Removed.Select(j => j.Job.Name));
        var change = Assert.Single(diff.Changed);
        Assert.True(change is { ScrapingChanged: true, DiscoveryChanged: false });
        Assert.False(diff.RemoteWriteChanged);
    }

    [Theory]
    [InlineData("t1", "t2")]
    [InlineData("k: v", "k: w")]
    [InlineData("[s]", "[s, s2]")]
    public void A_change_of_discovery_alone_is_told_apart(string from, string to)
    {
        var change = Assert.Single(ConfigDiff.Between(TestConfig.Good(Two), TestConfig.Good(Two.Replace(from, to, StringComparison.Ordinal))).Changed);
        Assert.True(change is { ScrapingChanged: false, DiscoveryChanged: true });
    }

    [Theory]
    [InlineData("remote_write: [{url: http://a}]")]
    [InlineData("remote_read: [{url: http://a}]")]
    [InlineData("rule_files: [a]")]
    [InlineData("otlp: {promote_scope_metadata: true}")]
    [InlineData("storage: {exemplars: {max_exemplars: 1}}")]
    [InlineData("tracing: {endpoint: e}")]
    [InlineData("alerting: {alertmanagers: [{scheme: https}]}")]
    [InlineData("global: {evaluation_interval: 5s}")]
    public void Other_sections_are_noticed(string section)
    {
        var diff = ConfigDiff.Between(TestConfig.Good(""), TestConfig.Good(section));
        Assert.False(diff.IsEmpty);
        Assert.False(diff.JobsChanged);
    }

    [Fact]
    public void A_bundle_holds_every_file_and_loads_by_itself()
    {
        var files = Files();
        var bundle = ConfigBundle.Collect(TestConfig.Main, files);
        Assert.Equal(["", "jobs.yml", "r/1.yml"], bundle.Files.Select(f => f.Path));
        // On a node that keeps its files elsewhere.
        var result = PrometheusConfigLoader.Load("/opt/other.yml", bundle.AsFiles("/opt/other.yml"), _ => null);
        Assert.Equal("x", Assert.Single(result.Config!.Jobs).Job.Name);
        Assert.Equal(bundle.Hash, ConfigBundle.Of(bundle.Files).Hash);
    }

    [Fact]
    public void A_bundle_comes_back_from_its_bytes_and_damaged_bytes_are_refused()
    {
        var files = Files();
        files.Write(TestConfig.Main, "rule_files: [/abs/r.yml, ../up/*.yml]\n");
        files.Write("/abs/r.yml", new string('r', 100_000));
        files.Write("/etc/up/u.yml", [0, 255, 1]);
        var bundle = ConfigBundle.Collect(TestConfig.Main, files);
        Assert.Equal(["", "../up/u.yml", "/abs/r.yml"], bundle.Files.Select(f => f.Path));
        var packed = BundleFormat.Encode(bundle).Packed!;
        Assert.InRange(packed.Length, 1, 1000);
        var back = BundleFormat.Decode(packed).Bundle!;
        Assert.Equal(bundle.Hash, back.Hash);
        Assert.Equal(bundle.Files.Select(f => f.Content), back.Files.Select(f => f.Content));
        for (var cut = 0; cut < packed.Length; cut++)
            Assert.False(BundleFormat.Decode(packed.AsSpan(0, cut)).Bundle is { } part && part.Hash != bundle.Hash && part.Files.Count >= bundle.Files.Count);
        packed[0]++;
        Assert.Equal("the configuration was bundled by a newer version", BundleFormat.Decode(packed).Error);
    }

    [Fact]
    public void Files_with_secrets_that_cannot_be_read_are_named_with_their_keys()
    {
        var files = new MemoryConfigFiles();
        files.Write(TestConfig.Main, """
            scrape_configs:
              - job_name: a
                basic_auth: {username: u, password_file: pw}
                tls_config: {ca_file: ca.pem}
              - job_name: b
                authorization: {credentials_file: token}
            """);
        files.Write("/etc/p/token", "t");
        var config = PrometheusConfigLoader.Load(TestConfig.Main, files, _ => null).Config!;
        Assert.Equal(
            [$"{TestConfig.Main}:2: basic_auth.password_file: open /etc/p/pw: no such file or directory", $"{TestConfig.Main}:2: tls_config.ca_file: open /etc/p/ca.pem: no such file or directory"],
            SecretFiles.Unreadable(config, files).Select(e => e.ToString()));
    }

    [Fact]
    public void The_hash_follows_every_file()
    {
        var files = Files();
        var hashes = new HashSet<string>();
        Assert.True(hashes.Add(ConfigBundle.Collect(TestConfig.Main, files).Hash));
        Assert.False(hashes.Add(ConfigBundle.Collect(TestConfig.Main, files).Hash));
        files.Write("/etc/p/r/1.yml", "changed");
        Assert.True(hashes.Add(ConfigBundle.Collect(TestConfig.Main, files).Hash));
        files.Write("/etc/p/r/2.yml", "");
        Assert.True(hashes.Add(ConfigBundle.Collect(TestConfig.Main, files).Hash));
        files.Delete("/etc/p/jobs.yml");
        Assert.True(hashes.Add(ConfigBundle.Collect(TestConfig.Main, files).Hash));
        files.Write(TestConfig.Main, ": broken [");
        Assert.True(hashes.Add(ConfigBundle.Collect(TestConfig.Main, files).Hash));
        files.Delete(TestConfig.Main);
        Assert.True(hashes.Add(ConfigBundle.Collect(TestConfig.Main, files).Hash));
    }

    [Fact]
    public void Referenced_files_must_exist_for_a_check_though_not_for_a_load()
    {
        var files = new MemoryConfigFiles();
        files.Write(TestConfig.Main, """
            rule_files: [none.yml, none/*.yml]
            scrape_configs:
              - job_name: a
                authorization: {credentials_file: token}
                tls_config: {cert_file: c, key_file: k}
                file_sd_configs: [{files: [none.json, bad.yml]}]
            """);
        files.Write("/etc/p/bad.yml", "- targets: [a]\n-\n");
        files.Write("/etc/p/k", "key");
        var config = PrometheusConfigLoader.Load(TestConfig.Main, files, _ => null).Config!;
        var (errors, warnings) = ReferencedFiles.Check(config, files);
        Assert.Equal(
        [
            "\"/etc/p/none.yml\" does not point to an existing file",
            "error checking authorization credentials or bearer token file \"/etc/p/token\": stat /etc/p/token: no such file or directory",
            "error checking client cert file \"/etc/p/c\": stat /etc/p/c: no such file or directory", "nil target group item found (index 1)",
        ], errors.Select(e => e.Text));
        Assert.Equal("file \"/etc/p/none.json\" for file_sd in scrape job \"a\" does not exist", Assert.Single(warnings).Text);
    }

    [Fact]
    public void Target_files_read_as_yaml_and_json()
    {
        var yaml = TargetGroupFile.Read("/t.yml", "- targets: [a, b]\n  labels: {x: y}\n- targets: [c]\n"u8);
        Assert.Equal(["/t.yml:0", "/t.yml:1"], yaml.Groups.Select(g => g.Source));
        var json = TargetGroupFile.Read("/t.yml", Encoding.UTF8.GetBytes("""[{"targets":["a","b"],"labels":{"x":"y"}},{"targets":["c"]}]"""));
        Assert.True(ContentComparer.Instance.Equals(yaml.Groups, json.Groups));
        Assert.Equal("field bad not found in type", Assert.Single(TargetGroupFile.Read("/t.yml", "- {targets: [a], bad: 1}"u8).Errors).Text[..27]);
    }

    private static MemoryConfigFiles Files()
    {
        var files = new MemoryConfigFiles();
        files.Write(TestConfig.Main, "rule_files: [r/*.yml]\nscrape_config_files: [jobs.yml]\n");
        files.Write("/etc/p/jobs.yml", "scrape_configs: [{job_name: x}]\n");
        files.Write("/etc/p/r/1.yml", "groups: []\n");
        files.Write("/etc/p/other.yml", "not part of it");
        return files;
    }
}
