namespace ActorMon.Scraping.Jobs;

/// <summary>The job's name rules in the terms of the model room.</summary>
internal static class JobNames
{
    public static Model.Names.NameValidation ModelNames(this ScrapeJob job) =>
        job.NameValidation == NameValidation.Legacy ? Model.Names.NameValidation.Legacy : Model.Names.NameValidation.Utf8;
}
