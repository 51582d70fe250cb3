using System.Net;
using ActorMon.Receivers.Composing;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace ActorMon.Receivers.Mail;

/// <summary>Takes the first of the server's mechanisms that the settings have a secret for: CRAM-MD5, PLAIN or LOGIN.</summary>
internal static class MailAuthentication
{
    /// <summary>Null: believed, or nothing to prove; else why not.</summary>
    public static async Task<string?> AuthenticateAsync(SmtpClient client, MailCredentials credentials, string host, Composer composer, CancellationToken cancellation)
    {
        if (credentials.User.Length == 0 || client.AuthenticationMechanisms.Count == 0)
            return null;
        var refusals = new List<string>();
        foreach (var name in client.AuthenticationMechanisms)
        {
            var mechanism = Mechanism(name, client, credentials, host, composer, refusals);
            if (composer.Failure is { } failure)
                return "find auth mechanism: " + failure;
            if (mechanism is null)
                continue;
            try
            {
                await client.AuthenticateAsync(mechanism, cancellation).ConfigureAwait(false);
                return null;
            }
            catch (Exception e) when (e is AuthenticationException or SaslException)
            {
                return $"{name} auth: {e.Message}";
            }
        }
        return "find auth mechanism: " + string.Join('\n', refusals);
    }

    private static SaslMechanism? Mechanism(string name, SmtpClient client, MailCredentials credentials, string host, Composer composer, List<string> refusals)
    {
        if (name is not ("CRAM-MD5" or "PLAIN" or "LOGIN"))
        {
            refusals.Add("unknown auth mechanism: " + name);
            return null;
        }
        var source = name == "CRAM-MD5" ? credentials.Secret : credentials.Password;
        var secret = composer.Secret(source, $"could not read {source.File}");
        if (secret.Length == 0)
        {
            refusals.Add($"missing {(name == "CRAM-MD5" ? "secret" : "password")} for {name} auth mechanism");
            return null;
        }
        var login = new NetworkCredential(credentials.User, secret);
        switch (name)
        {
            case "CRAM-MD5":
                return new SaslMechanismCramMd5(login);
            case "LOGIN":
                return new SaslMechanismLogin(login);
            default:
                // A password in the clear is for this machine only.
                if (!client.IsSecure && host is not ("localhost" or "127.0.0.1" or "::1"))
                {
                    composer.Fail("PLAIN auth: unencrypted connection");
                    return null;
                }
                return new SaslMechanismPlain(login) { AuthorizationId = credentials.Identity };
        }
    }
}
