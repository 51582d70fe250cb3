using ActorMon.Configuration.Schema;
using ActorMon.Http.Options;
using ActorMon.RemoteWrite.Options;

namespace ActorMon.Configuration.Sections;

/// <summary>Authentication by the clouds' own schemes: sigv4, azuread and google_iam.</summary>
internal static class CloudAuthSection
{
    private static readonly string[] Names = ["sigv4", "azuread", "google_iam"];
    private static readonly string[] AzureMethods = ["managed_identity", "workload_identity", "oauth", "sdk", "certificate"];

    public static readonly SectionSchema SigV4 = new("sigv4.plain",
        Key.Text("region"), Key.Text("access_key"), Key.Secret("secret_key"), Key.Text("profile"), Key.Text("role_arn"), Key.Text("external_id"),
        Key.Bool("use_fips_sts_endpoint"), Key.Text("service_name"))
    {
        PrintEmpty = true,
        Check = (s, context) =>
        {
            if (s.Has("access_key") != s.Has("secret_key"))
                context.Error(s, s.Has("access_key") ? "secret_key" : "access_key", "must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config");
        },
    };

    public static readonly SectionSchema GoogleIam = new("googleiam.Config", Key.Path("credentials_file")) { PrintEmpty = true };

    public static readonly SectionSchema Azure = new("azuread.plain",
        Key.Section("managed_identity", Part("azuread.ManagedIdentityConfig", Key.Text("client_id"))),
        Key.Section("workload_identity", Part("azuread.WorkloadIdentityConfig", Key.Text("client_id"), Key.Text("tenant_id"), Key.Text("token_file_path"))),
        Key.Section("oauth", Part("azuread.OAuthConfig", Key.Text("client_id"), Key.Secret("client_secret"), Key.Text("tenant_id"))),
        Key.Section("sdk", Part("azuread.SDKConfig", Key.Text("tenant_id"))),
        Key.Section("certificate", Part("azuread.CertificateConfig", Key.Text("client_id"), Key.Text("tenant_id"), Key.Text("certificate_path"),
            Key.Text("certificate_key_path"), Key.Secret("certificate_password"), Key.Bool("send_certificate_chain"))),
        Key.Text("cloud"), Key.Text("scope"))
    {
        Check = CheckAzure,
        PrintEmpty = true,
    };

    public static CloudAuthOptions? Build(ConfigSection owner)
    {
        foreach (var name in Names)
            if (owner.Schema.TryIndex(name, out var index) && owner[index] is ConfigSection section)
                return new CloudAuthOptions(name, SectionValues.ToDictionary(section));
        return null;
    }

    public static SigV4Options? BuildSigV4(ConfigSection? s) => s is null ? null : new SigV4Options
    {
        Region = s.Text("region"),
        AccessKey = s.Text("access_key"),
        SecretKey = s.Text("secret_key"),
        Profile = s.Text("profile"),
        RoleArn = s.Text("role_arn"),
        ExternalId = s.Text("external_id"),
        UseFipsStsEndpoint = s.Bool("use_fips_sts_endpoint"),
        ServiceName = s.Text("service_name") is { Length: > 0 } service ? service : SigV4Options.DefaultService,
    };

    private static SectionSchema Part(string typeName, params KeySpec[] keys) => new(typeName, keys) { PrintEmpty = true };

    private static void CheckAzure(ConfigSection s, ReadContext context)
    {
        if (!s.Has("cloud"))
            s["cloud"] = "AzurePublic";
        if (s.Text("cloud") is not ("AzurePublic" or "AzureChina" or "AzureGovernment"))
            context.Error(s, "cloud", "must provide a cloud in the Azure AD config");
        var methods = AzureMethods.Where(m => s.Section(m) is not null).ToList();
        if (methods.Count == 0)
            context.Error(s, "managed_identity",
                "must provide an Azure Managed Identity, Azure Workload Identity, Azure OAuth, Azure Certificate or Azure SDK in the Azure AD config");
        if (methods.Count > 1)
            context.Error(s, methods[1], "cannot provide multiple authentication methods in the Azure AD config");
        if (s.Section("managed_identity") is { } managed && managed.Has("client_id"))
            Guid(managed, "client_id", "Azure Managed Identity", context);
        Required(s.Section("workload_identity"), "Azure Workload Identity", context, ["client_id", "tenant_id"], ["client_id", "tenant_id"]);
        if (s.Section("workload_identity") is { } workload && !workload.Has("token_file_path"))
            workload["token_file_path"] = context.Environment("AZURE_FEDERATED_TOKEN_FILE") is { Length: > 0 } file ? file : "/var/run/secrets/azure/tokens/azure-identity-token";
        Required(s.Section("oauth"), "Azure OAuth", context, ["client_id", "client_secret", "tenant_id"], ["client_id"]);
        Required(s.Section("certificate"), "Azure Certificate", context, ["client_id", "tenant_id", "certificate_path"], ["client_id"]);
        foreach (var c in s.Text("scope"))
        {
            if (char.IsAsciiLetterOrDigit(c) || char.IsWhiteSpace(c) || c is '_' or ':' or '/' or '.' or '-')
                continue;
            context.Error(s, "scope", "the provided scope contains invalid characters");
            break;
        }
    }

    private static void Required(ConfigSection? part, string name, ReadContext context, ReadOnlySpan<string> keys, ReadOnlySpan<string> guids)
    {
        if (part is null)
            return;
        foreach (var key in keys)
            if (!part.Has(key))
                context.Error(part, key, $"must provide an {name} {key} in the Azure AD config");
        foreach (var key in guids)
            if (part.Has(key))
                Guid(part, key, name, context);
    }

    private static void Guid(ConfigSection part, string key, string name, ReadContext context)
    {
        if (!System.Guid.TryParse(part.Text(key), out _))
            context.Error(part, key, $"the provided {name} {key} is invalid");
    }
}
