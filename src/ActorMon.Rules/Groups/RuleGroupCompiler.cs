using ActorMon.Model.Labels;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Printing;
using ActorMon.Rules.Evaluation;
using ActorMon.Rules.Files;
using ActorMon.Rules.Templating;

namespace ActorMon.Rules.Groups;

/// <summary>Turns a checked rule file into groups ready to run.</summary>
public static class RuleGroupCompiler
{
    /// <param name="file">Without errors by <see cref="RuleFileChecker"/>; what that refuses is an exception here.</param>
    /// <param name="interval">Of groups that name none.</param>
    public static IReadOnlyList<RuleGroup> Compile(RuleFile file, TimeSpan interval, RuleChecks checks)
    {
        var groups = new List<RuleGroup>(file.Groups.Count);
        foreach (var section in file.Groups)
        {
            var rules = new List<Rule>(section.Rules.Count);
            foreach (var rule in section.Rules)
                rules.Add(Compile(section, rule, checks));
            groups.Add(new RuleGroup
            {
                File = file.Path,
                Name = section.Name,
                Interval = section.Interval > TimeSpan.Zero ? section.Interval : interval,
                QueryOffset = section.QueryOffset,
                Limit = section.Limit,
                Rules = rules,
                Stages = RuleStages.Of(rules),
            });
        }
        return groups;
    }

    private static Rule Compile(RuleGroupSection group, RuleSection rule, RuleChecks checks)
    {
        var parsed = PromQLParser.Parse(rule.Expression, checks.Parser);
        if (!parsed.Success)
            throw new ArgumentException($"rule {rule.Name} of group {group.Name} was not checked: {parsed.ErrorText}", nameof(rule));
        var text = ExprPrinter.Print(parsed.Expr);
        var labels = RuleLabels.Of(group, rule);
        if (rule.Alert.Length == 0)
            return new RecordingRule { Name = rule.Record, Expression = parsed.Expr, ExpressionText = text, Labels = labels };
        var annotations = RuleLabels.Texts(rule.Annotations);
        var labelTexts = Texts(rule.Alert, labels, checks.Templates);
        var annotationTexts = Texts(rule.Alert, annotations, checks.Templates);
        return new AlertingRule
        {
            Name = rule.Alert,
            Expression = parsed.Expr,
            ExpressionText = text,
            Labels = labels,
            For = rule.For,
            KeepFiringFor = rule.KeepFiringFor,
            Annotations = annotations,
            LabelTexts = labelTexts,
            AnnotationTexts = annotationTexts,
            HasPlainLabels = Array.TrueForAll(labelTexts, t => t.IsPlain),
            HasPlainAnnotations = Array.TrueForAll(annotationTexts, t => t.IsPlain),
            SurvivesMissingData = MissingData.OnlyRemovesSeries(parsed.Expr),
        };
    }

    private static TemplatedText[] Texts(string alert, LabelSet texts, IRuleTemplates templates)
    {
        var compiled = new TemplatedText[texts.Count];
        for (var i = 0; i < compiled.Length; i++)
            compiled[i] = TemplatedText.Of(alert, texts[i].Value, templates);
        return compiled;
    }
}
