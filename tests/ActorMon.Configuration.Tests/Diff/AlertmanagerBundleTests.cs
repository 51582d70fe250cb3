using ActorMon.Configuration.Alertmanager;
using ActorMon.Configuration.Diff;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Printing;

namespace ActorMon.Configuration.Tests.Diff;

public class AlertmanagerBundleTests
{
    private const string Path = "/etc/am/alertmanager.yml";

    [Fact]
    public void A_bundle_brings_the_Alertmanagers_file_and_its_templates_to_a_node_that_keeps_them_elsewhere()
    {
        var bundle = ConfigBundle.Collect(TestConfig.Main, Files(), Path);
        Assert.True(bundle.HasAlertmanager);
        Assert.Equal([("", BundleFileKind.Main), ("", BundleFileKind.Alertmanager), ("t/a.tmpl", BundleFileKind.Template)], bundle.Files.Select(f => (f.Path, f.Kind)));
        var back = BundleFormat.Decode(BundleFormat.Encode(bundle).Packed!).Bundle!;
        Assert.Equal(bundle.Hash, back.Hash);
        var files = back.AlertmanagerAsFiles("/opt/x/am.yml");
        var config = AlertmanagerConfigLoader.Load("/opt/x/am.yml", files).Config!;
        Assert.Equal(["/opt/x/t/a.tmpl"], config.Alerting.Templates.SelectMany(files.Glob));
        // What belongs to one of the two is not seen by the other.
        Assert.False(back.AsFiles(TestConfig.Main).Exists(Path));
    }

    [Fact]
    public void The_hash_follows_the_Alertmanagers_files_and_whether_there_are_any()
    {
        var files = Files();
        var hashes = new HashSet<string>();
        Assert.True(hashes.Add(ConfigBundle.Collect(TestConfig.Main, files).Hash));
        Assert.True(hashes.Add(ConfigBundle.Collect(TestConfig.Main, files, Path).Hash));
        files.Write("/etc/am/t/a.tmpl", "changed");
        Assert.True(hashes.Add(ConfigBundle.Collect(TestConfig.Main, files, Path).Hash));
        files.Delete(Path);
        Assert.True(hashes.Add(ConfigBundle.Collect(TestConfig.Main, files, Path).Hash));
    }

    [Fact]
    public void The_Alertmanagers_configuration_is_shown_without_its_secrets()
    {
        var text = ConfigPrinter.Print(AlertmanagerConfigLoader.Load(Path, Files()).Config!);
        Assert.Contains("receiver: page", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_shown_of_a_plain_configuration_is_read_by_tools_of_earlier_releases()
    {
        var files = new MemoryConfigFiles();
        files.Write(Path, "route: {receiver: hook}\nreceivers: [{name: hook, webhook_configs: [{url: 'http://hook/hush'}]}, {name: b, labels: {team: x}}]\n");
        var text = ConfigPrinter.Print(AlertmanagerConfigLoader.Load(Path, files).Config!);
        Assert.Contains("    url: http://<secret>\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("slack_app_url", text, StringComparison.Ordinal);
        Assert.DoesNotContain("rocketchat_api_url", text, StringComparison.Ordinal);
        Assert.Contains("- name: hook\n  webhook_configs:", text, StringComparison.Ordinal);
        Assert.Contains("- name: b\n  labels:\n    name: b\n    team: x\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_with_secrets_of_receivers_are_named_with_their_keys()
    {
        var files = Files();
        Assert.Equal(
            ["receivers[0].slack_configs[0].api_url_file", "receivers[0].webhook_configs[0].http_config.authorization.credentials_file"],
            SecretFiles.Unreadable(AlertmanagerConfigLoader.Load(Path, files).Config!, files).Select(e => e.Key).Order(StringComparer.Ordinal));
    }

    private static MemoryConfigFiles Files()
    {
        var files = new MemoryConfigFiles();
        files.Write(TestConfig.Main, "scrape_configs: []\n");
        files.Write("/etc/am/t/a.tmpl", "{{ define \"a\" }}a{{ end }}");
        files.Write(Path, """
            route: {receiver: page}
            templates: [t/*.tmpl]
            receivers:
              - name: page
                slack_configs: [{channel: c, api_url_file: slack-url}]
                webhook_configs:
                  - url: http://a/
                    http_config: {authorization: {credentials_file: token}}
                  - url: http://b/
                    http_config: {authorization: {credentials: hush}}
            """);
        return files;
    }
}
