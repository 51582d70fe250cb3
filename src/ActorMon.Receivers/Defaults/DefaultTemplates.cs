using ActorMon.Templates.Notifications;

namespace ActorMon.Receivers.Defaults;

/// <summary>The templates that every configuration has, under the names people know from the original.</summary>
public static class DefaultTemplates
{
    private static readonly Lazy<NotificationTemplates> Loaded = new(Load);

    /// <summary>default.tmpl and email.tmpl of this room.</summary>
    public static NotificationTemplates Templates => Loaded.Value;

    private static NotificationTemplates Load()
    {
        var templates = NotificationTemplates.Empty;
        foreach (var name in new[] { "default.tmpl", "email.tmpl" })
        {
            using var reader = new StreamReader(typeof(DefaultTemplates).Assembly.GetManifestResourceStream(name)!);
            if (!templates.TryAddFile(name, reader.ReadToEnd(), out var more, out var error))
                throw new InvalidOperationException($"{name}: {error.Message}");
            templates = more;
        }
        return templates;
    }
}
