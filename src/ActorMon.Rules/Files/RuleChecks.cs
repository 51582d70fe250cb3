using ActorMon.Model.Names;
using ActorMon.PromQL.Parsing;
using ActorMon.Rules.Templating;

namespace ActorMon.Rules.Files;

/// <summary>By what a rule file is checked.</summary>
/// <param name="Names">Which names are valid.</param>
/// <param name="Parser">Which parts of PromQL are on.</param>
/// <param name="Templates">The language of labels and annotations.</param>
public sealed record RuleChecks(NameValidation Names, ParserOptions Parser, IRuleTemplates Templates);
