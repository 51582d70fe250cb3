using ActorMon.Model.Labels;
using ActorMon.Model.Names;
using ActorMon.Model.Text;
using ActorMon.PromQL.Parsing;

namespace ActorMon.Rules.Files;

/// <summary>Finds everything wrong with the values of a rule file. Rules and texts follow Prometheus' rulefmt.</summary>
public static class RuleFileChecker
{
    /// <returns>All errors in the order of the file; none: the file is valid.</returns>
    public static IReadOnlyList<RuleFileError> Check(RuleFile file, RuleChecks checks)
    {
        var errors = new List<RuleFileError>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in file.Groups)
        {
            if (group.Name.Length == 0)
                errors.Add(new RuleFileError(file.Path, "Groupname must not be empty") { Place = group.Place });
            if (!names.Add(group.Name))
                errors.Add(new RuleFileError(file.Path, $"groupname: \"{group.Name}\" is repeated in the same file") { Place = group.Place });
            foreach (var problem in LabelProblems(group.Labels, checks.Names))
                errors.Add(new RuleFileError(file.Path, problem));
            for (var i = 0; i < group.Rules.Count; i++)
                new OneRule(file.Path, group, i, checks, errors).Check();
        }
        return errors;
    }

    private static IEnumerable<string> LabelProblems(IReadOnlyDictionary<string, string> labels, NameValidation names)
    {
        foreach (var (name, value) in labels)
        {
            if (!NameValidator.IsValidLabelName(name, names) || name == LabelNames.MetricName)
                yield return $"invalid label name: {name}";
            if (!NameValidator.IsValidLabelValue(value))
                yield return $"invalid label value: {value}";
        }
    }

    private sealed class OneRule(string file, RuleGroupSection group, int index, RuleChecks checks, List<RuleFileError> errors)
    {
        private readonly RuleSection _rule = group.Rules[index];

        public void Check()
        {
            Kind();
            Expression();
            if (_rule.Record.Length > 0)
                Recording();
            foreach (var problem in LabelProblems(_rule.Labels, checks.Names))
                Add(problem);
            foreach (var name in _rule.Annotations.Keys)
                if (!NameValidator.IsValidLabelName(name, checks.Names))
                    Add($"invalid annotation name: {name}");
            if (_rule.Alert.Length == 0)
                return;
            Templates("label", _rule.Labels);
            Templates("annotation", _rule.Annotations);
        }

        private void Kind()
        {
            if (_rule.Record.Length > 0 && _rule.Alert.Length > 0)
                Add("only one of 'record' and 'alert' must be set", _rule.RecordPlace, _rule.AlertPlace);
            if (_rule.Record.Length == 0 && _rule.Alert.Length == 0)
                Add("one of 'record' or 'alert' must be set", _rule.RecordPlace, _rule.AlertPlace);
        }

        private void Expression()
        {
            if (_rule.Expression.Length == 0)
                Add("field 'expr' must be set in rule", _rule.ExpressionPlace);
            else if (PromQLParser.Parse(_rule.Expression, checks.Parser).ErrorText is { } problem)
                Add($"could not parse expression: {problem}", _rule.ExpressionPlace);
        }

        private void Recording()
        {
            if (_rule.Annotations.Count > 0)
                Add("invalid field 'annotations' in recording rule", _rule.RecordPlace);
            if (_rule.For != TimeSpan.Zero)
                Add("invalid field 'for' in recording rule", _rule.RecordPlace);
            if (_rule.KeepFiringFor != TimeSpan.Zero)
                Add("invalid field 'keep_firing_for' in recording rule", _rule.RecordPlace);
            if (!NameValidator.IsValidMetricName(_rule.Record, checks.Names))
                Add($"invalid recording rule name: {_rule.Record}", _rule.RecordPlace);
            // Valid as UTF-8, but always an expression that slipped into the name.
            if (_rule.Record.AsSpan().ContainsAny('{', '}'))
                Add($"braces present in the recording rule name; should it be in expr?: {_rule.Record}", _rule.RecordPlace);
        }

        private void Templates(string kind, IReadOnlyDictionary<string, string> texts)
        {
            // A check at load leaves out what a run would begin its error with.
            var head = $"error parsing template __alert_{_rule.Alert}: ";
            foreach (var (name, text) in texts)
                if (checks.Templates.Compile(_rule.Alert, text).Error is { } problem)
                    Add($"{kind} {GoQuote.Quote(name)}: {(problem.StartsWith(head, StringComparison.Ordinal) ? problem[head.Length..] : problem)}");
        }

        private void Add(string text, FilePlace? place = null, FilePlace? other = null) => errors.Add(
            new RuleFileError(file, text) { Place = place, OtherPlace = other, Group = group.Name, Rule = index + 1, RuleName = _rule.Name });
    }
}
