using ActorMon.Model.Names;
using NameValidation = ActorMon.Scraping.Jobs.NameValidation;

namespace ActorMon.Configuration.Sections;

/// <summary>The model's name rules, asked with a job's validation scheme.</summary>
internal static class NameRules
{
    public static bool IsLabelName(string name, NameValidation scheme) =>
        NameValidator.IsValidLabelName(name, scheme == NameValidation.Legacy ? ActorMon.Model.Names.NameValidation.Legacy : ActorMon.Model.Names.NameValidation.Utf8);
}
