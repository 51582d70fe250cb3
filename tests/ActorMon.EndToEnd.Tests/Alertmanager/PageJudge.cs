namespace ActorMon.EndToEnd.Tests.Alertmanager;

/// <summary>Whether the pages are those that there had to be: each beginning and each end once, no end before its beginning, nothing that is held back.</summary>
public static class PageJudge
{
    /// <returns>What is missing so far: the run has to wait for it.</returns>
    public static List<string> Missing(IEnumerable<OnStretch> stretches, IReadOnlyList<Page> pages)
    {
        var told = pages.Where(p => p.Name == "Flapping").Select(p => (p.Instance, p.StartsAt, p.IsFiring)).ToHashSet();
        var missing = new List<string>();
        foreach (var stretch in stretches)
            foreach (var isFiring in (bool[])[true, false])
                if (!told.Contains((FormattableString.Invariant($"{stretch.Alert}"), Truncated(stretch.Start), isFiring)))
                    missing.Add(FormattableString.Invariant($"alert {stretch.Alert} {(isFiring ? "beginning" : "ending")} {(isFiring ? stretch.Start : stretch.End):O}"));
        return missing;
    }

    /// <summary>The nodes' own rule fires in the first half of every period of Unix time: of each half that lies in the run, beginning and end have to be told, of one alert.</summary>
    /// <returns>What is missing so far.</returns>
    public static List<string> MissingOfRule(DateTimeOffset from, DateTimeOffset to, TimeSpan period, IReadOnlyList<Page> pages)
    {
        var missing = new List<string>();
        var seconds = (long)period.TotalSeconds;
        for (var cycle = (from.ToUnixTimeSeconds() / seconds) + 1; (cycle * seconds) + (seconds / 2) <= to.ToUnixTimeSeconds(); cycle++)
        {
            var told = pages.Where(p => p.Name == "Ruled" && p.StartsAt.ToUnixTimeSeconds() / seconds == cycle).ToList();
            Assert.True(told.Select(p => p.StartsAt).Distinct().Count() <= 1, $"the rule's alert began twice within one time of firing: {string.Join("; ", told)}");
            foreach (var isFiring in (bool[])[true, false])
                if (!told.Any(p => p.IsFiring == isFiring))
                    missing.Add($"the rule's {(isFiring ? "beginning" : "ending")} of {DateTimeOffset.FromUnixTimeSeconds(cycle * seconds):O}");
        }
        return missing;
    }

    /// <returns>How many were told twice.</returns>
    public static int Judge(IReadOnlyList<Page> pages)
    {
        Assert.DoesNotContain(pages, p => p.Name is "Target" or "Silenced");
        var doubled = 0;
        foreach (var alert in pages.GroupBy(p => (p.Name, p.Instance)))
        {
            var begun = new HashSet<DateTimeOffset>();
            var ended = new HashSet<DateTimeOffset>();
            foreach (var page in alert.OrderBy(p => p.At))
            {
                if (page.IsFiring)
                    Assert.False(ended.Contains(page.StartsAt), $"{page} came after the end had been told");
                else
                    Assert.True(begun.Contains(page.StartsAt), $"{page} came before the beginning had been told");
                if (!(page.IsFiring ? begun : ended).Add(page.StartsAt))
                    doubled++;
            }
        }
        return doubled;
    }

    /// <summary>Pages that were told twice, with what lay between: the same key means that the same notification was sent again.</summary>
    /// <param name="underAnotherKey">Those alone that were told as something new.</param>
    public static IEnumerable<string> Doubled(IReadOnlyList<Page> pages, bool underAnotherKey) =>
        from same in pages.GroupBy(p => (p.Name, p.Instance, p.IsFiring, p.StartsAt))
        where same.Count() > 1 && (!underAnotherKey || same.Select(p => p.Key).Distinct().Count() > 1)
        let times = same.Select(p => p.At).Order().ToList()
        select FormattableString.Invariant($"{same.Key} at {times[0]:HH:mm:ss.fff}, again after {(times[1] - times[0]).TotalSeconds:F1} s {(same.Select(p => p.Key).Distinct().Count() == 1 ? "under the same key" : "under another key")}");

    private static DateTimeOffset Truncated(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
