using System.Diagnostics.CodeAnalysis;
using ActorMon.Templates.Execution;
using ActorMon.Templates.Functions;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Notifications;

/// <summary>
/// A configuration's template files, and the texts of receivers that run among them. Immutable. Texts of receivers are to be compiled once, when the
/// configuration is loaded.
/// </summary>
public sealed class NotificationTemplates
{
    private readonly TemplateSet _files;

    private NotificationTemplates(TemplateSet files) => _files = files;

    /// <summary>Without any file.</summary>
    public static NotificationTemplates Empty { get; } = new(TemplateSet.Empty(AlertmanagerFunctions.Notifications));

    /// <summary>Adds a file; its definitions replace those of the files before it.</summary>
    /// <param name="name">The file's name, as messages show it.</param>
    /// <param name="error">The original's text when false.</param>
    public bool TryAddFile(string name, string text, [NotNullWhen(true)] out NotificationTemplates? templates, [NotNullWhen(false)] out TemplateError? error)
    {
        templates = _files.TryAdd(name, text, out var files, out error) ? new NotificationTemplates(files) : null;
        return templates is not null;
    }

    /// <summary>Compiles a receiver's text.</summary>
    public bool TryCompile(string text, [NotNullWhen(true)] out NotificationTemplate? template, [NotNullWhen(false)] out TemplateError? error)
    {
        template = _files.TryAdd("", text, out var set, out error) ? new NotificationTemplate(set, this) : null;
        return template is not null;
    }
}

/// <summary>A receiver's text, compiled. Runs of any number of threads share it.</summary>
public sealed class NotificationTemplate
{
    private readonly TemplateSet _set;
    private readonly NotificationTemplates _files;

    internal NotificationTemplate(TemplateSet set, NotificationTemplates files)
    {
        _set = set;
        _files = files;
    }

    /// <summary>Runs over a notification's data (<see cref="NotificationData.ToValue"/>) or any other value.</summary>
    /// <param name="data">Dot. Its RouteLabels, when it has some, are what <c>routeLabels</c> gives.</param>
    /// <param name="environment">The time and whether the output is HTML.</param>
    /// <param name="renderedRouteLabels">The route labels are final; otherwise each is a template over the same data.</param>
    /// <param name="cancellation">The run's deadline.</param>
    /// <exception cref="OperationCanceledException">The deadline passed.</exception>
    public TemplateResult Run(TemplateValue data, TemplateEnvironment environment, bool renderedRouteLabels, CancellationToken cancellation)
    {
        if (data is not ObjectValue value || value.Field("RouteLabels") is not MapValue labels)
            return RunWith(data, environment, cancellation);
        var resolver = new RouteLabelResolver(_files, labels, data, environment, renderedRouteLabels, cancellation);
        return RunWith(data, resolver.Environment, cancellation);
    }

    /// <summary>Runs in an environment that has its route labels.</summary>
    internal TemplateResult RunWith(TemplateValue data, TemplateEnvironment environment, CancellationToken cancellation) => _set.Run("", data, environment, cancellation);
}
