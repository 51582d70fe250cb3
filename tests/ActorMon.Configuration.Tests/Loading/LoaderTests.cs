using ActorMon.Discovery;
using ActorMon.Model.Labels;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Configuration.Tests.Loading;

public sealed class LoaderTests
{
    [Fact]
    public void Every_error_is_reported_with_its_line_and_key()
    {
        var errors = TestConfig.Errors("""
            global:
              scrape_interval: 5
              no_such_key: 1
              scrape_interval: 10s
            scrape_configs:
              - job_name: a
                honor_labels: maybe
                sample_limit: -1
                static_configs:
                  - targets: x
              -
              - job_name: b
                relabel_configs:
                  - action: jump
                  - {regex: "a(", target_label: x}
            """);
        Assert.Equal(
        [
            "2 global.scrape_interval: not a valid duration string: \"5\"",
            "3 global.no_such_key: field no_such_key not found in type config.plain",
            "4 global.scrape_interval: field scrape_interval already set in type config.plain",
            "7 scrape_configs[0].honor_labels: cannot unmarshal !!str `maybe` into bool",
            "8 scrape_configs[0].sample_limit: cannot unmarshal !!int `-1` into uint",
            "10 scrape_configs[0].static_configs[0].targets: cannot unmarshal !!str `x` into []string",
            "11 scrape_configs[1]: empty or null scrape config section",
            "14 scrape_configs[2].relabel_configs[0].action: unknown relabel action \"jump\"",
        ], errors.Where(e => !e.Contains("regexp", StringComparison.Ordinal)));
        Assert.Contains(errors, e => e.StartsWith("15 scrape_configs[2].relabel_configs[1].regex: error parsing regexp", StringComparison.Ordinal));
    }

    [Fact]
    public void An_error_reads_file_line_key_text() =>
        Assert.Equal("/etc/p/prometheus.yml:1: bogus: field bogus not found in type config.plain", TestConfig.Load("bogus: 1\n").Errors[0].ToString());

    [Fact]
    public void A_missing_file_is_an_error()
    {
        var result = ActorMon.Configuration.Loading.PrometheusConfigLoader.Load("/nowhere.yml", new ActorMon.Configuration.Files.MemoryConfigFiles(), _ => null);
        Assert.Equal("open /nowhere.yml: no such file or directory", Assert.Single(result.Errors).Text);
    }

    [Fact]
    public void Jobs_take_over_global_values_unless_they_have_their_own()
    {
        var config = TestConfig.Good("""
            global:
              scrape_interval: 30s
              scrape_timeout: 20s
              body_size_limit: 1MB
              label_limit: 5
              scrape_native_histograms: true
              scrape_failure_log_file: fail.log
            scrape_configs:
              - job_name: a
              - job_name: b
                scrape_interval: 10s
                body_size_limit: 2MB
                scrape_native_histograms: false
            """);
        var (a, b) = (config.Jobs[0].Job, config.Jobs[1].Job);
        Assert.Equal((30d, 20d, 1L << 20, 5), (a.Interval.TotalSeconds, a.Timeout.TotalSeconds, a.BodySizeLimit, a.LabelLimit));
        Assert.Equal((10d, 10d, 2L << 20, 5), (b.Interval.TotalSeconds, b.Timeout.TotalSeconds, b.BodySizeLimit, b.LabelLimit));
        Assert.Equal(ScrapeProtocol.PrometheusProto, a.Protocols[0]);
        Assert.Equal(ScrapeProtocol.OpenMetricsText1_0_0, b.Protocols[0]);
        Assert.Equal("/etc/p/fail.log", a.FailureLogFile);
    }

    [Fact]
    public void Paths_are_joined_to_the_folder_of_the_file_that_holds_them()
    {
        var config = TestConfig.Good("""
            rule_files: [rules/*.yml, /abs/x.yml]
            scrape_config_files: [jobs/*.yml]
            """, files => files.Write("/etc/p/jobs/one.yml", """
            scrape_configs:
              - job_name: a
                tls_config: {ca_file: ../ca.pem}
                file_sd_configs: [{files: [t/*.json]}]
            """));
        Assert.Equal(["/etc/p/rules/*.yml", "/abs/x.yml"], config.RuleFiles);
        var job = Assert.Single(config.Jobs);
        Assert.Equal("/etc/p/jobs/one.yml", job.File);
        Assert.Equal("/etc/p/ca.pem", job.Job.Http.Tls.Ca.File);
        Assert.Equal(["/etc/p/jobs/t/*.json"], Assert.IsType<FileSdConfig>(Assert.Single(job.Discovery)).Files);
    }

    [Fact]
    public void Errors_of_an_included_file_carry_its_name()
    {
        var result = TestConfig.Load("scrape_config_files: [x.yml]\nscrape_configs: [{job_name: a}]\n",
            files => files.Write("/etc/p/x.yml", "scrape_configs:\n  - job_name: a\n  - job_name: b\n    nope: 1\n"));
        Assert.Equal(
        [
            "/etc/p/x.yml:2: scrape_configs[0].job_name: found multiple scrape configs with job name \"a\", first found in /etc/p/prometheus.yml",
            "/etc/p/x.yml:4: scrape_configs[1].nope: field nope not found in type config.ScrapeConfig",
        ], result.Errors.Select(e => e.ToString()));
    }

    [Fact]
    public void Only_external_labels_see_the_environment()
    {
        var result = TestConfig.Load("global: {external_labels: {a: '$V', b: '${W}'}}\nscrape_configs: [{job_name: $V}]\n", environment: new() { ["V"] = "x" });
        Assert.Equal(LabelSet.Of("a", "x"), result.Config!.Global.ExternalLabels);
        Assert.Equal("$V", result.Config.Jobs[0].Job.Name);
        Assert.Contains("\"W\"", Assert.Single(result.Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_scalar_is_the_zero_of_its_type()
    {
        var job = TestConfig.GoodJob("honor_timestamps:\nscrape_interval:\nparams:\nstatic_configs:").Job;
        Assert.False(job.HonorTimestamps);
        Assert.Equal(TimeSpan.FromMinutes(1), job.Interval);
    }

    [Fact]
    public void Static_groups_of_a_job_are_numbered()
    {
        var job = TestConfig.GoodJob("static_configs:\n  - targets: [a:1, b:2]\n    labels: {x: y}\n  - targets: [c:3]");
        var groups = Assert.IsType<StaticSdConfig>(Assert.Single(job.Discovery)).Groups;
        Assert.Equal(["0", "1"], groups.Select(g => g.Source));
        Assert.Equal(LabelSet.Of("x", "y"), groups[0].Labels);
        Assert.Equal("b:2", groups[0].Targets[1].Get(LabelNames.Address));
    }

    [Fact]
    public void Urls_are_no_targets_unless_relabelling_may_change_them()
    {
        Assert.Contains("\"http://x\" is not a valid hostname", Assert.Single(TestConfig.JobErrors("static_configs: [{targets: ['http://x']}]")), StringComparison.Ordinal);
        TestConfig.GoodJob("static_configs: [{targets: ['http://x']}]\nrelabel_configs: [{target_label: a}]");
    }

    [Theory]
    [InlineData("scrape_protocols: []", "scrape_protocols cannot be empty for scrape config with job name \"a\"")]
    [InlineData("metric_name_escaping_scheme: odd", "unknown scrape config name escaping method specified")]
    [InlineData("params: {a: b}", "cannot unmarshal !!str `b` into []string")]
    [InlineData("native_histogram_min_bucket_factor: x", "cannot unmarshal !!str `x` into float64")]
    [InlineData("basic_auth: {username: a, username_file: b}", "at most one of basic_auth username, username_file & username_ref must be configured")]
    [InlineData("basic_auth: {password: a, password_ref: b}", "at most one of basic_auth password, password_file & password_ref must be configured")]
    [InlineData("authorization: {type: ' Basic '}", "authorization type cannot be set to \"basic\", use \"basic_auth\" instead")]
    [InlineData("authorization: {credentials: a, credentials_file: b}", "at most one of authorization credentials & credentials_file must be configured")]
    [InlineData("authorization: {}\nbearer_token: x", "authorization is not compatible with bearer_token & bearer_token_file")]
    [InlineData("oauth2: {client_id: a}", "oauth2 token_url must be configured")]
    [InlineData("oauth2: {token_url: http://a}", "oauth2 client_id must be configured")]
    [InlineData("oauth2: {client_id: a, token_url: b, client_secret: c, client_secret_file: d}", "at most one of oauth2 client_secret, client_secret_file & client_secret_ref")]
    [InlineData("oauth2: {client_id: a, token_url: b, grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', signature_algorithm: X}", "valid signature algorithms are RS256, RS384 and RS512")]
    [InlineData("tls_config: {ca: a, ca_file: b}", "at most one of ca, ca_file & ca_ref must be configured")]
    [InlineData("tls_config: {cert_file: b}", "exactly one of key or key_file must be configured when a client certificate is configured")]
    [InlineData("tls_config: {key: b}", "exactly one of cert or cert_file must be configured when a client key is configured")]
    [InlineData("tls_config: {min_version: TLS9}", "unknown TLS version: TLS9")]
    [InlineData("no_proxy: a", "if no_proxy is configured, proxy_url must also be configured")]
    [InlineData("proxy_from_environment: true\nproxy_url: http://p", "if proxy_from_environment is configured, proxy_url must not be configured")]
    [InlineData("proxy_from_environment: true\nno_proxy: a", "if proxy_from_environment is configured, no_proxy must not be configured")]
    [InlineData("proxy_connect_header: {a: [b]}", "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured")]
    [InlineData("proxy_url: 'http://a b'", "invalid character \" \" in host name")]
    [InlineData("http_headers: {accept-encoding: {values: [x]}}", "setting header \"Accept-Encoding\" is not allowed")]
    [InlineData("relabel_configs: [{source_labels: ['']}]", "\"\" is not a valid label name")]
    [InlineData("relabel_configs: [{target_label: 'a-b', action: lowercase}]\nmetric_name_validation_scheme: legacy", "\"a-b\" is invalid 'target_label' for lowercase action")]
    [InlineData("relabel_configs: [{target_label: 'a${}', regex: x}]\nmetric_name_validation_scheme: legacy", "is invalid 'target_label' for replace action")]
    [InlineData("metric_relabel_configs: [{action: hashmod, target_label: x}]", "relabel configuration for hashmod requires non-zero modulus")]
    public void Bad_settings_of_a_job_are_refused(string lines, string text) =>
        Assert.Contains(TestConfig.JobErrors(lines), e => e.Contains(text, StringComparison.Ordinal));

    [Fact]
    public void Deprecated_bearer_keys_become_authorization()
    {
        var authorization = TestConfig.GoodJob("bearer_token_file: t").Job.Http.Authorization!;
        Assert.Equal(("Bearer", "/etc/p/t"), (authorization.Type, authorization.Credentials.File));
    }

    [Fact]
    public void Names_of_remote_endpoints_may_be_absent_but_not_repeated()
    {
        TestConfig.Good("remote_write: [{url: http://a}, {url: http://b}]\n");
        Assert.Equal("1 remote_read[1].name: found multiple remote read configs with job name \"x\"",
            Assert.Single(TestConfig.Errors("remote_read: [{url: http://a, name: x}, {url: http://b, name: x}]\n")));
    }

    [Theory]
    [InlineData("azuread: {}", "must provide an Azure Managed Identity")]
    [InlineData("azuread: {oauth: {client_id: x, client_secret: y, tenant_id: z}}", "the provided Azure OAuth client_id is invalid")]
    [InlineData("azuread: {cloud: Moon, sdk: {}}", "must provide a cloud in the Azure AD config")]
    [InlineData("azuread: {sdk: {}, managed_identity: {}}", "cannot provide multiple authentication methods")]
    [InlineData("sigv4: {access_key: a}", "must provide a AWS SigV4 Access key and Secret Key")]
    [InlineData("sigv4: {}, basic_auth: {}", "Currently configured: [basic_auth sigv4]")]
    public void Cloud_authentication_is_checked(string keys, string text) =>
        Assert.Contains(TestConfig.Errors($"remote_write: [{{url: 'http://a', {keys}}}]\n"), e => e.Contains(text, StringComparison.Ordinal));

    [Fact]
    public void Agent_mode_names_everything_it_refuses() =>
        Assert.Equal(
        [
            "1 rule_files: field rule_files is not allowed in agent mode", "2 remote_read: field remote_read is not allowed in agent mode",
            "3 alerting: field alerting is not allowed in agent mode",
        ], TestConfig.Errors("rule_files: [a]\nremote_read: [{url: http://a}]\nalerting: {alertmanagers: [{scheme: http}]}\n", agent: true));

    [Fact]
    public void Keys_without_effect_are_mentioned()
    {
        var result = TestConfig.Load("runtime: {gogc: 50}\nscrape_configs: [{job_name: a, vultr_sd_configs: [{}]}]\n");
        Assert.Equal(["runtime.gogc", "vultr_sd_configs"], result.Warnings.Select(w => w.Key));
    }

    [Fact]
    public void A_second_document_is_not_read_silently() =>
        Assert.Contains("more than one YAML document", Assert.Single(TestConfig.Load("global: {}\n---\nbogus: 1\n").Warnings).Text, StringComparison.Ordinal);

    [Fact]
    public void Anchors_and_merge_keys_work()
    {
        var config = TestConfig.Good("""
            scrape_configs:
              - &base
                job_name: a
                scrape_interval: 7s
              - <<: *base
                job_name: b
            """);
        Assert.Equal(TimeSpan.FromSeconds(7), config.Jobs[1].Job.Interval);
    }
}
