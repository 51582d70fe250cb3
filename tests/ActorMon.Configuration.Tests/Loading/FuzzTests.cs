using System.Text;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Loading;
using ActorMon.Configuration.Printing;
using ActorMon.Configuration.Targets;
using ActorMon.Configuration.Web;

namespace ActorMon.Configuration.Tests.Loading;

/// <summary>Whatever is done to a file, loading gives a configuration or errors and never throws.</summary>
public sealed class FuzzTests
{
    private const string Base = """
        global:
          scrape_interval: 15s
          external_labels: {a: $HOME, b: "x${Y}"}
          body_size_limit: 15MB
        rule_files: ["r/*.yml"]
        scrape_configs:
          - &one
            job_name: one
            params: {m: [a, b]}
            basic_auth: {username: u, password: "p\n1"}
            tls_config: {ca_file: c, insecure_skip_verify: true}
            http_headers: {X-A: {values: [a], secrets: [b], files: [f]}}
            relabel_configs:
              - {source_labels: [__address__], regex: "(.*):\\d+", target_label: x, replacement: "$1"}
              - {action: hashmod, modulus: 8, target_label: y, source_labels: [a]}
            static_configs: [{targets: ["a:1", "b:2"], labels: {k: v}}]
            file_sd_configs: [{files: ["t/*.json"], refresh_interval: 5m}]
            kubernetes_sd_configs:
              - role: pod
                selectors: [{role: pod, label: "a in (b,c),!d", field: "x=y"}]
            dns_sd_configs: [{names: [a.b], type: A, port: 9}]
          - <<: *one
            job_name: two
            oauth2: {client_id: a, token_url: "http://t", claims: {x: [1, 2.5, true, null]}}
            basic_auth:
            ec2_sd_configs: [{region: r, filters: [{name: n, values: [v]}]}]
        alerting:
          alertmanagers: [{path_prefix: /x, static_configs: [{targets: [am]}]}]
        remote_write:
          - url: http://u:p@h/w
            queue_config: {capacity: 5, min_backoff: 1s}
            azuread: {oauth: {client_id: 00000000-0000-0000-0000-000000000000, client_secret: s, tenant_id: t}}
        remote_read: [{url: "http://r", required_matchers: {a: b}}]
        otlp: {promote_resource_attributes: [a, b]}
        storage: {tsdb: {retention: {size: 1GB, percentage: 5.5}}}
        tracing: {endpoint: "e", headers: {a: b}}
        """;

    private static readonly string[] Splinters =
    [
        ":", "- ", "? ", "[", "]", "{", "}", "&a ", "*a", "!!binary ", "!!null ", "<<: ", "\n", "\n  ", "'", "\"", "|\n", ">-\n", "#", "\t", "~", "null", "0x", "1e999", "-1", "$",
        "${", "\\", "%YAML 1.2\n---\n", "---\n", "...\n", "\u0000", "\uFEFF", "é", "99999999999999999999", "300y", "9EB", "(?", "!<tag:x> ", "@", "`", "\r",
    ];

    [Fact]
    public void Mutated_configurations_load_or_give_errors()
    {
        var random = new Random(20_261_122);
        var loaded = 0;
        for (var i = 0; i < 800; i++)
        {
            var content = Mutate(random, Base);
            var files = new MemoryConfigFiles();
            files.Write("/c/p.yml", content);
            var result = Try(() => PrometheusConfigLoader.Load("/c/p.yml", files, name => name == "Y" ? "y" : null), content);
            Assert.Equal(result.IsLoaded, result.Errors.Count == 0);
            if (!result.IsLoaded)
                continue;
            loaded++;
            var printed = ConfigPrinter.Print(result.Config);
            files.Write("/c/p.yml", printed);
            var again = Try(() => PrometheusConfigLoader.Load("/c/p.yml", files, _ => null), content);
            Assert.True(again.IsLoaded, $"{again.ErrorText}\nprinted:\n{printed}");
        }
        Assert.True(loaded > 40, $"only {loaded} mutations loaded: the mutations are too wild to test anything");
    }

    [Fact]
    public void Mutated_target_and_web_files_are_read_or_refused()
    {
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            var content = Mutate(random, Base);
            var files = new MemoryConfigFiles();
            files.Write("/w.yml", content);
            Try(() => TargetGroupFile.Read("/t.yml", content), content);
            var web = Try(() => WebConfigLoader.Load("/w.yml", files), content);
            Assert.Equal(web.Config is null, web.Errors.Count > 0);
        }
    }

    internal static T Try<T>(Func<T> body, byte[] content)
    {
        try
        {
            return body();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message} for:\n{Encoding.UTF8.GetString(content)}", e);
        }
    }

    /// <summary>The text after a few changes of lines and characters.</summary>
    internal static byte[] Mutate(Random random, string original)
    {
        var lines = original.Split('\n').ToList();
        for (var n = random.Next(0, 3); n > 0; n--)
        {
            var (from, to) = (random.Next(lines.Count), random.Next(lines.Count));
            switch (random.Next(4))
            {
                case 0: lines.RemoveAt(from); break;
                case 1: lines.Insert(to, lines[from]); break;
                case 2: (lines[from], lines[to]) = (lines[to], lines[from]); break;
                default: lines[from] = new string(' ', random.Next(4)) + lines[from]; break;
            }
        }
        var text = string.Join('\n', lines);
        for (var n = random.Next(0, 4); n > 0; n--)
        {
            var at = random.Next(text.Length);
            text = random.Next(3) switch
            {
                0 => text.Insert(at, Splinters[random.Next(Splinters.Length)]),
                1 => text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at)),
                _ => text[..at] + Splinters[random.Next(Splinters.Length)] + text[Math.Min(at + 3, text.Length)..],
            };
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        if (random.Next(20) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }
}
