using ActorMon.Alerting.Configuration;
using ActorMon.Http.Options;
using ActorMon.Templates.Notifications;

namespace ActorMon.Receivers.Building;

/// <summary>What an integration is made of.</summary>
internal sealed record IntegrationParts(
    IntegrationSettings Settings, SettingsReader Reader, HttpClientOptions Http, NotificationTemplates Templates, ReceiverContext Context);
