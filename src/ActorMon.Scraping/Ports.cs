// temporary
namespace ActorMon.Model.Relabelling
{
    using ActorMon.Model.Labels;
    public static class Relabeller { public static bool Apply(LabelSetBuilder b, IReadOnlyList<RelabelRule> rules) { foreach (var r in rules) if (r.Action == RelabelAction.Drop && r.Regex.IsMatch(string.Join(r.Separator, r.SourceLabels.Select(b.Get)))) return false; return true; } }
}
namespace ActorMon.Model.Time
{
    public static class PrometheusDuration {
        public static string Format(TimeSpan t) => t.TotalSeconds + "s";
        public static bool TryParse(string s, out TimeSpan v, out string e) { e = ""; v = TimeSpan.FromSeconds(double.Parse(s.TrimEnd('s'))); return true; } }
}
