using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Text;
using static ActorMon.Configuration.Mechanisms.MechanismKeys;

namespace ActorMon.Configuration.Mechanisms;

/// <summary>The services of AWS: aws with a role, and each service by its own name.</summary>
internal static class AwsMechanisms
{
    private static readonly KeySpec[] Credentials =
        [Key.Text("access_key"), Key.Secret("secret_key"), Key.Text("profile"), Key.Text("role_arn"), Key.Text("external_id")];

    private static readonly KeySpec[] Place = [Key.Text("endpoint", always: true), Key.Text("region", always: true)];

    public static readonly (string Name, SectionSchema Schema)[] All =
    [
        ("ec2", WithHttp("aws.plain", Ec2, [.. Place, .. Credentials, Refresh(60), Port(80), Filters])),
        ("lightsail", WithHttp("aws.plain", null, [.. Place, .. Credentials, Refresh(60), Port(80)])),
        ("ecs", Clustered(20)),
        ("elasticache", Clustered(10)),
        ("msk", Clustered(10)),
        ("rds", Clustered(10, Filters)),
        ("aws", WithHttp("aws.plain", Aws, [Key.Text("role", always: true), Key.Text("region"), Key.Text("endpoint"), .. Credentials, Refresh(0), Key.Integer("port"),
            Filters with { Always = false }, Key.TextList("clusters")])),
    ];

    private static SectionSchema Clustered(int concurrency, params KeySpec[] more) => WithHttp("aws.plain", null,
        [Place[1], Place[0], .. Credentials, Key.TextList("clusters"), Port(80), Refresh(60), .. more, Key.Integer("request_concurrency", concurrency)]);

    private static void Ec2(ConfigSection s, ReadContext c)
    {
        foreach (var filter in s.Sections("filters"))
            if (filter.List("values").Count == 0)
                c.Error(filter, "values", "EC2 SD configuration filter values cannot be empty");
    }

    private static void Aws(ConfigSection s, ReadContext c)
    {
        if (s.Text("role") is not ("ec2" or "ecs" or "elasticache" or "lightsail" or "msk" or "rds"))
            c.Error(s, "role", $"unknown AWS SD role {GoQuote.Quote(s.Text("role"))}");
    }
}
