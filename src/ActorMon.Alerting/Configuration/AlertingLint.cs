using ActorMon.Alerting.Inhibition;
using ActorMon.Alerting.Matchers;
using ActorMon.Alerting.Routing;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;

namespace ActorMon.Alerting.Configuration;

/// <summary>Something that loads but probably is not what its author meant.</summary>
/// <param name="Line">From 1; 0 when unknown.</param>
public sealed record AlertingWarning(int Line, string Path, string Text);

/// <summary>Finds routes no alert can reach, receivers no route uses, and inhibition rules that hold back more than they seem to.</summary>
public static class AlertingLint
{
    public static IReadOnlyList<AlertingWarning> Check(AlertingConfig config)
    {
        var warnings = new List<AlertingWarning>();
        var tree = new RoutingTree(config.Route);
        var unreachable = new HashSet<Route>();
        foreach (var route in tree.Walk())
            Unreachable(route, unreachable, warnings);
        var used = tree.Walk().Where(route => !unreachable.Contains(route) && Takes(route)).Select(route => route.Options.Receiver).ToHashSet(StringComparer.Ordinal);
        foreach (var receiver in config.Receivers)
            if (!used.Contains(receiver.Name))
                warnings.Add(new AlertingWarning(receiver.Line, receiver.Path, $"receiver \"{receiver.Name}\" is used by no route that an alert can reach"));
        foreach (var rule in config.InhibitRules)
            Inhibition(rule, warnings);
        return warnings;
    }

    /// <summary>What the alerts that are here show: rules that hold one back by a label that neither it nor the source has.</summary>
    public static IReadOnlyList<AlertingWarning> Check(AlertingConfig config, IReadOnlyCollection<LabelSet> alerts)
    {
        var warnings = new List<AlertingWarning>();
        foreach (var rule in config.InhibitRules)
            foreach (var label in rule.Equal)
                if (alerts.FirstOrDefault(a => !a.Has(label) && rule.Source.Matches(a)) is { } source
                    && alerts.FirstOrDefault(a => !a.Has(label) && rule.Target.Matches(a) && !a.Equals(source)) is { } target)
                    warnings.Add(new AlertingWarning(
                        rule.Line, rule.Path, $"{NameOf(rule)}: label \"{label}\" is absent in {source} and in {target}, and absent labels are equal: the one may hold back the other"));
        return warnings;
    }

    /// <summary>False: its children take all that it matches.</summary>
    private static bool Takes(Route route) => !route.Routes.Any(child => child.Matchers.Matchers.All(m => route.Matchers.Matchers.Contains(m)));

    private static void Unreachable(Route route, HashSet<Route> unreachable, List<AlertingWarning> warnings)
    {
        if (route.Parent is { } parent && unreachable.Contains(parent))
            unreachable.Add(route);
        else if (Contradicting(route) is { } pair && unreachable.Add(route))
            warnings.Add(new AlertingWarning(route.Spec.Line, route.Spec.Path, $"route {route.Matchers} is never reached: {pair.Own} contradicts {pair.Other}"));
        for (var i = 0; i < route.Routes.Count; i++)
        {
            var child = route.Routes[i];
            for (var before = 0; before < i; before++)
            {
                var sibling = route.Routes[before];
                if (sibling.Continue || !sibling.Matchers.Matchers.All(m => child.Matchers.Matchers.Contains(m)))
                    continue;
                unreachable.Add(child);
                var text = sibling.Matchers.IsEmpty ? "matches every alert" : $"matches all that {child.Matchers} does";
                warnings.Add(new AlertingWarning(child.Spec.Line, child.Spec.Path, $"route {child.Matchers} is never reached: {sibling.Matchers} before it {text} and does not continue"));
                break;
            }
        }
    }

    /// <summary>Two matchers, of the route or of one above it, that demand different values of one label.</summary>
    private static (AlertMatcher Own, AlertMatcher Other)? Contradicting(Route route)
    {
        foreach (var own in route.Matchers.Matchers)
            for (var above = route; own.Operator == MatchOperator.Equal && above is not null; above = above.Parent)
                foreach (var other in above.Matchers.Matchers)
                    if (other.Operator == MatchOperator.Equal && other.Name == own.Name && other.Value != own.Value)
                        return (own, other);
        return null;
    }

    private static string NameOf(InhibitRule rule) => rule.Name.Length > 0 ? $"inhibition rule \"{rule.Name}\"" : "inhibition rule";

    private static void Inhibition(InhibitRule rule, List<AlertingWarning> warnings)
    {
        var name = NameOf(rule);
        if (rule.Source.IsEmpty)
            warnings.Add(new AlertingWarning(rule.Line, rule.Path, name + " has no source matchers: every firing alert is a source"));
        if (rule.Target.IsEmpty)
            warnings.Add(new AlertingWarning(rule.Line, rule.Path, name + " has no target matchers: every alert is a target"));
        if (rule.Equal.Count == 0)
            warnings.Add(new AlertingWarning(rule.Line, rule.Path, name + " has no equal labels: one source holds back all targets"));
        foreach (var label in rule.Equal)
            if (IsAbsent(rule.Source, label) && IsAbsent(rule.Target, label))
                warnings.Add(new AlertingWarning(rule.Line, rule.Path, $"{name}: label \"{label}\" is absent on both sides, and absent labels are equal"));
            else if (DemandedValue(rule.Source, label) is { } source && DemandedValue(rule.Target, label) is { } target && source != target)
                warnings.Add(new AlertingWarning(rule.Line, rule.Path, $"{name} never holds anything back: label \"{label}\" is \"{source}\" in its sources and \"{target}\" in its targets"));
    }

    private static bool IsAbsent(MatcherSet set, string label) => DemandedValue(set, label) == "";

    private static string? DemandedValue(MatcherSet set, string label) =>
        set.Matchers.FirstOrDefault(m => m.Name == label && m.Operator == MatchOperator.Equal)?.Value;
}
