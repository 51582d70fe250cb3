using System.Globalization;
using ActorMon.Alerting.Configuration;
using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Receivers.Chat;
using ActorMon.Receivers.Defaults;
using ActorMon.Receivers.Mail;
using ActorMon.Receivers.Paging;
using ActorMon.Receivers.Tickets;
using ActorMon.Receivers.Topics;
using ActorMon.Receivers.Webhooks;
using ActorMon.Templates.Notifications;

namespace ActorMon.Receivers.Building;

/// <summary>Makes the integrations of a configuration. A template file that cannot be read or is wrong refuses all of it.</summary>
public static class ReceiverFactory
{
    /// <summary>By type, in the order in which the original tells the integrations of a receiver.</summary>
    private static readonly (string Type, Func<IntegrationParts, IIntegration> Make)[] Types =
    [
        ("webhook", static parts => new Webhook(parts)),
        ("email", static parts => new Email(parts)),
        ("pagerduty", static parts => new Pagerduty(parts)),
        ("opsgenie", static parts => new Opsgenie(parts)),
        ("wechat", static parts => new Wechat(parts)),
        ("slack", static parts => new Slack(parts)),
        ("victorops", static parts => new Victorops(parts)),
        ("pushover", static parts => new Pushover(parts)),
        ("sns", static parts => new Sns(parts)),
        ("telegram", static parts => new Telegram(parts)),
        ("discord", static parts => new Discord(parts)),
        ("webex", static parts => new Webex(parts)),
        ("msteams", static parts => new MsTeams(parts)),
        ("msteamsv2", static parts => new MsTeamsV2(parts)),
        ("jira", static parts => new Jira(parts)),
        ("incidentio", static parts => new Incidentio(parts)),
        ("rocketchat", static parts => new Rocketchat(parts)),
        ("mattermost", static parts => new Mattermost(parts)),
    ];

    /// <summary>How the names of settings end that may hold a secret.</summary>
    private static readonly string[] SecretKeys = ["_key", "token", "token_id", "secret", "password"];

    /// <param name="config">Checked, with defaults and globals filled in.</param>
    /// <param name="httpOf">The HTTP options of an integration of a receiver; for email its TLS, for sns also its signature.</param>
    /// <param name="files">What the patterns of the configuration's templates found, in their order.</param>
    /// <param name="context">Clock, files, names.</param>
    public static ReceiverBuild Build(
        AlertingConfig config, Func<ReceiverSettings, IntegrationSettings, HttpClientOptions> httpOf, IReadOnlyList<TemplateFile> files, ReceiverContext context)
    {
        var errors = new List<ReceiverProblem>();
        var warnings = new List<ReceiverProblem>();
        var templates = Templates(files, errors);
        if (errors.Count > 0)
            return new ReceiverBuild(null, errors, warnings);
        var receivers = new Dictionary<string, IReadOnlyList<IIntegration>>(StringComparer.Ordinal);
        foreach (var receiver in config.Receivers)
        {
            var made = new List<IIntegration>(receiver.Integrations.Count);
            foreach (var (type, make) in Types)
                foreach (var settings in receiver.Integrations.Where(settings => settings.Type == type))
                    made.Add(make(Parts(receiver, settings)));
            receivers[receiver.Name] = made;
        }
        return new ReceiverBuild(new ReceiverSet(receivers, templates, context), [], warnings);

        IntegrationParts Parts(ReceiverSettings receiver, IntegrationSettings settings)
        {
            var path = FormattableString.Invariant($"{receiver.Path}.{settings.Type}_configs[{settings.Index}]");
            var reader = new SettingsReader(settings.Settings, templates, path, (key, text) => warnings.Add(new ReceiverProblem("", receiver.Line, key, text)));
            if (context.Rehearsal is { } rehearsal)
                foreach (var (key, value) in settings.Settings)
                    if (value is string text && SecretKeys.Any(end => key.EndsWith(end, StringComparison.Ordinal)))
                        rehearsal.Hide(text);
            return new IntegrationParts(settings, reader, httpOf(receiver, settings), templates, context);
        }
    }

    /// <summary>The default templates with a configuration's own; later definitions of a name replace earlier ones.</summary>
    private static NotificationTemplates Templates(IReadOnlyList<TemplateFile> files, List<ReceiverProblem> errors)
    {
        var templates = DefaultTemplates.Templates;
        foreach (var file in files)
        {
            if (file.Text is null)
                errors.Add(new ReceiverProblem(file.Path, 0, "templates", file.Problem));
            else if (templates.TryAddFile(Path.GetFileName(file.Path), file.Text, out var more, out var error))
                templates = more;
            else
                errors.Add(new ReceiverProblem(file.Path, LineOf(error.Message), "templates", error.Message));
        }
        return templates;
    }

    /// <summary>Out of <c>template: NAME:LINE: ...</c>; a name may hold colons, a line is the first number after one.</summary>
    private static int LineOf(string message)
    {
        foreach (var part in message.Split(':').Skip(1))
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var line))
                return line;
        return 0;
    }
}
