using ActorMon.Configuration.Printing;

namespace ActorMon.Configuration.Tests.Printing;

public sealed class ConfigPrinterTests
{
    [Fact]
    public void An_empty_configuration_prints_the_defaults_the_peers_show() => Assert.Equal("""
        global:
          scrape_interval: 1m
          scrape_timeout: 10s
          evaluation_interval: 1m
          metric_name_validation_scheme: utf8
          metric_name_escaping_scheme: allow-utf-8
          scrape_native_histograms: false
          extra_scrape_metrics: false
        runtime:
          gogc: 75
        storage:
          tsdb:
            outofordertimewindow: 0
            retention: {}
        otlp:
          translation_strategy: UnderscoreEscapingWithSuffixes
          label_name_underscore_sanitization: true
          label_name_preserve_multiple_underscores: true

        """, ConfigPrinter.Print(TestConfig.Good("")));

    [Fact]
    public void A_job_prints_resolved_in_the_order_of_the_peers()
    {
        var text = ConfigPrinter.Print(TestConfig.Good("""
            scrape_configs:
              - static_configs: [{targets: ["a:1"], labels: {x: "1"}}]
                job_name: "yes"
                params: {q: ['*', "a: b"]}
                bearer_token: geheim
                metric_relabel_configs: [{source_labels: [a, b], regex: "x.*", action: DROP}]
                body_size_limit: 10MB
            """));
        Assert.Contains("""
            scrape_configs:
            - job_name: "yes"
              honor_timestamps: true
              track_timestamps_staleness: false
              params:
                q:
                - '*'
                - 'a: b'
              scrape_interval: 1m
              scrape_timeout: 10s
              scrape_protocols:
              - OpenMetricsText1.0.0
              - OpenMetricsText0.0.1
              - PrometheusText1.0.0
              - PrometheusText0.0.4
              scrape_native_histograms: false
              always_scrape_classic_histograms: false
              convert_classic_histograms_to_nhcb: false
              metrics_path: /metrics
              scheme: http
              enable_compression: true
              body_size_limit: 10MiB
              metric_name_validation_scheme: utf8
              metric_name_escaping_scheme: allow-utf-8
              extra_scrape_metrics: false
              authorization:
                type: Bearer
                credentials: <secret>
              follow_redirects: true
              enable_http2: true
              metric_relabel_configs:
              - source_labels: [a, b]
                separator: ;
                regex: x.*
                replacement: $1
                action: drop
              static_configs:
              - targets:
                - a:1
                labels:
                  x: "1"

            """, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_and_passwords_in_urls_do_not_appear()
    {
        var text = ConfigPrinter.Print(TestConfig.Good("""
            remote_write:
              - url: http://u:geheim1@h/w
                basic_auth: {username: u, password: geheim2}
                proxy_url: http://p:geheim3@h
                proxy_connect_header: {A: [geheim4]}
                http_headers: {B: {secrets: [geheim5]}}
                tls_config: {cert: c, key: geheim6}
            scrape_configs:
              - job_name: a
                openstack_sd_configs: [{role: instance, region: r, password: geheim7, application_credential_secret: geheim8}]
                http_sd_configs: [{url: "http://u:geheim9@h"}]
            """));
        Assert.DoesNotContain("geheim", text, StringComparison.Ordinal);
        Assert.Contains("url: http://u:xxxxx@h/w", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_printed_loads_to_the_same()
    {
        var first = ConfigPrinter.Print(TestConfig.Good("""
            global: {external_labels: {"a b": "multi\nline", empty: "", n: "1", "q": "it's #1"}}
            storage: {tsdb: {out_of_order_time_window: 30m, retention: {time: 1d}}, exemplars: {max_exemplars: 5}}
            scrape_configs:
              - job_name: ": odd"
                kubernetes_sd_configs: [{role: pod, namespaces: {own_namespace: true}}]
                relabel_configs: [{regex: "", target_label: x, replacement: " lead"}, {source_labels: ["a,b", c], target_label: y}]
            """));
        Assert.Equal(first, ConfigPrinter.Print(TestConfig.Good(first)));
    }
}
