using ActorMon.Model.Labels;
using ActorMon.Protocol.Facts;
using Google.Protobuf;

namespace ActorMon.Protocol.Tests.Facts;

/// <summary>The wire format of what nodes tell each other of themselves.</summary>
public sealed class FactMessagesTests
{
    private static readonly ByteString A = ByteString.CopyFromUtf8("a");
    private static readonly ByteString Z = ByteString.CopyFrom(0xff);
    private static readonly WireLabels Labels = new() { Texts = { A, Z } };
    private static readonly WireSelector Selector = new() { Matchers = { new WireMatcher { Operator = 3, Name = A, Value = Z } } };

    /// <summary>One of each kind with its bytes. Extend only: a line here never changes.</summary>
    private static readonly (IMessage Message, string Bytes)[] Golden =
    [
        (new NoQuestion(), ""),
        (Labels, "0A01610A01FF"),
        (Selector, "0A0808031201611A01FF"),
        (new WireMatcher { Operator = 1, Name = A, Value = Z }, "08011201611A01FF"),
        (new TargetsOfNode { Active = { Target() }, Dropped = { new DroppedRow { Job = A, Discovered = Labels } }, DroppedCounts = { new DroppedCount { Job = A, Count = 300 } } }, "0A260A016112060A01610A01FF1A060A01610A01FF2201612A01FF32016138014002480250035804120B0A016112060A01610A01FF1A060A016110AC02"),
        (Target(), "0A016112060A01610A01FF1A060A01610A01FF2201612A01FF32016138014002480250035804"),
        (new DroppedRow { Job = A, Discovered = Labels }, "0A016112060A01610A01FF"),
        (new DroppedCount { Job = A, Count = 300 }, "0A016110AC02"),
        (new FamiliesOfNode { Targets = { new FamiliesOfTarget { Job = A, Labels = Labels, Families = { Family() } } } }, "0A180A016112060A01610A01FF1A0B0A016110011A01FF220161"),
        (new FamiliesOfTarget { Job = A, Labels = Labels, Families = { Family() } }, "0A016112060A01610A01FF1A0B0A016110011A01FF220161"),
        (Family(), "0A016110011A01FF220161"),
        (new QueriesOfNode { Node = A, Incarnation = 0x0102030405060708, Queries = { Query() } }, "0A01611108070605040302011A19080112016118012002280330043809400C48075201615A01FF"),
        (Query(), "080112016118012002280330043809400C48075201615A01FF"),
        (new KillQuestion { Incarnation = 0x0102030405060708, Number = 9 }, "0908070605040302011009"),
        (new KillReply { Found = true }, "0801"),
        (new HeadQuestion { Selectors = { Selector }, Min = -1, Max = 2, Narrowed = true }, "0A0A0A0808031201611A01FF100118042001"),
        (new HeadOfPartitions { Series = 1, Chunks = 2, MinTime = -3, MaxTime = 4, Labels = { new ValuesOfLabel { Name = A, Values = { Z, A }, Series = { 1, 300 } } } }, "08011002180520082A0E0A01611201FF1201611A0301AC02"),
        (new ValuesOfLabel { Name = A, Values = { Z, A }, Series = { 1, 300 } }, "0A01611201FF1201611A0301AC02"),
        (new PartsOfPartitions { Parts = { Part() } }, "0A0E0801100218052008280530063807"),
        (Part(), "0801100218052008280530063807"),
        (new SeriesOfTargets { Targets = { new TargetSeries { Job = A, Instance = Z, Series = 5 } } }, "0A080A01611201FF1805"),
        (new TargetSeries { Job = A, Instance = Z, Series = 5 }, "0A01611201FF1805"),
        (new AccountsOfNode { Rates = { Rate() }, Churn = { new ChurnOfHour { Start = 1, Jobs = { Churn() } } }, Limits = { Limit() }, Refused = { Refusal() } }, "0A0F0A01611201FF19000000000000F83F120D080112090A01611001180220031A0E0A0173120174180120022803300422200A017312060A01610A01FF1A0174200128023003380440054A060A01610A01FF"),
        (Rate(), "0A01611201FF19000000000000F83F"),
        (new ChurnOfHour { Start = 1, Jobs = { Churn() } }, "080112090A0161100118022003"),
        (Churn(), "0A0161100118022003"),
        (Limit(), "0A01731201741801200228033004"),
        (Refusal(), "0A017312060A01610A01FF1A0174200128023003380440054A060A01610A01FF"),
        (new CleanQuestion(), ""),
        (new SnapshotQuestion { SkipHead = true, Time = 2, Random = 3 }, "08011002190300000000000000"),
        (new AdminReply { Changed = 1, Error = "e", Failed = true, Name = "n" }, "0801120165180122016E"),
        (new DeletionsOfNode { Deletions = { Deletion() } }, "0A1708011201611A0A0A0808031201611A01FF200128043003"),
        (Deletion(), "08011201611A0A0A0808031201611A01FF200128043003"),
        (new DeletionScope { Selectors = { Selector }, Min = -1, Max = 2 }, "0A0A0A0808031201611A01FF10011804"),
        (new DeletionTimes { Oldest = -1, Newest = 2, Entries = 3 }, "080110041803"),
        (new FollowQuestion { MapVersion = 300 }, "08AC02"),
        (new FollowReply { Error = "e", Failed = true }, "0A01651001"),
        (new RulesOfNode { Groups = { Group() } }, "0A5B0A01611201FF1A01612001280230033807424808011201611A01FF22060A01610A01FF2A060A01610A01FF3001380240034802520161580460096A1F0A060A01610A01FF12060A01610A01FF18032001280431000000000000F83F"),
        (Group(), "0A01611201FF1A01612001280230033807424808011201611A01FF22060A01610A01FF2A060A01610A01FF3001380240034802520161580460096A1F0A060A01610A01FF12060A01610A01FF18032001280431000000000000F83F"),
        (Rule(), "08011201611A01FF22060A01610A01FF2A060A01610A01FF3001380240034802520161580460096A1F0A060A01610A01FF12060A01610A01FF18032001280431000000000000F83F"),
        (Alert(), "0A060A01610A01FF12060A01610A01FF18032001280431000000000000F83F"),
        (new HistoryQuestion { From = -1, To = 2 }, "08011004"),
        (new HistoryOfNode { Transitions = { Transition() } }, "0A2B0A01611201FF1A016120022A060A01610A01FF32060A01610A01FF39000000000000F83F400148045201FF"),
        (Transition(), "0A01611201FF1A016120022A060A01610A01FF32060A01610A01FF39000000000000F83F400148045201FF"),
        (new AlertGroupsQuestion { Filter = { Selector.Matchers }, Labels = Labels }, "0A0808031201611A01FF12060A01610A01FF"),
        (new AlertGroupsOfNode { Settling = true }, "1801"),
        (new AlertGroupsOfNode { Shards = { 1, 300 }, Groups = { AlertGroup() } }, "0A0301AC0212510A016112060A01610A01FF18012003280332210A060A01610A01FF12060A01610A01FF18012004280630013A01614201614A01FF3A1B0A016110011803220803000000000000002A080400000000000000"),
        (AlertGroup(), "0A016112060A01610A01FF18012003280332210A060A01610A01FF12060A01610A01FF18012004280630013A01614201614A01FF3A1B0A016110011803220803000000000000002A080400000000000000"),
        (GroupAlert(), "0A060A01610A01FF12060A01610A01FF18012004280630013A01614201614A01FF"),
        (Told(), "0A016110011803220803000000000000002A080400000000000000"),
        (new AlertEventsQuestion { Filter = { Selector.Matchers }, From = -1, To = 2, Kinds = { 1, 300 }, Limit = 3 }, "0A0808031201611A01FF10011804220301AC022803"),
        (new AlertEventsOfNode { Events = { AlertEvent() } }, "0A1E080110021A060A01610A01FF2201612A01FF3201613A01FF4201614A01FF"),
        (AlertEvent(), "080110021A060A01610A01FF2201612A01FF3201613A01FF4201614A01FF"),
    ];

    [Fact]
    public void Every_message_has_its_bytes_and_comes_back_from_them()
    {
        var bytes = string.Join('\n', Golden.Select(g => $"{g.Message.GetType().Name} {Convert.ToHexString(g.Message.ToByteArray())}"));
        Assert.Equal(string.Join('\n', Golden.Select(g => $"{g.Message.GetType().Name} {g.Bytes}")), bytes);
        foreach (var (message, hex) in Golden)
            Assert.Equal(message, message.Descriptor.Parser.ParseFrom(Convert.FromHexString(hex)));
    }

    [Fact]
    public void Every_message_is_tested_above() => Assert.Equal(
        FactsReflection.Descriptor.MessageTypes.Select(t => t.Name).Order(), Golden.Select(g => g.Message.Descriptor.Name).Distinct().Order());

    [Fact]
    public void Labels_of_any_bytes_come_back_also_with_empty_values()
    {
        var labels = LabelSet.FromSortedUnchecked([new Label("a", ""), new Label("b", "x\udcff"), new Label("ü", "€")]);
        Assert.Equal(labels.ToArray(), labels.ToWire().FromWire().ToArray());
        Assert.Same(LabelSet.Empty, ((WireLabels?)null).FromWire());
        Assert.Throws<FormatException>(() => new WireLabels { Texts = { A } }.FromWire());
    }

    private static ScrapedTarget Target() => new()
    {
        Job = A,
        Discovered = Labels,
        Labels = Labels,
        Url = A,
        GlobalUrl = Z,
        LastError = A,
        LastScrape = 1,
        LastDuration = 2,
        Health = 2,
        Interval = 3,
        Timeout = 4,
    };

    private static FamilyRow Family() => new() { Family = A, Type = 1, Help = Z, Unit = A };

    private static QueryRow Query() => new()
    {
        Number = 1,
        Text = A,
        Running = true,
        Started = 2,
        Age = 3,
        Timeout = 4,
        Start = -5,
        End = 6,
        Step = 7,
        Client = A,
        Path = Z,
    };

    private static PartRow Part() => new() { Partition = 1, Sequence = 2, MinTime = -3, MaxTime = 4, Samples = 5, Series = 6, Level = 7 };

    private static TargetRate Rate() => new() { Job = A, Instance = Z, SamplesPerSecond = 1.5 };

    private static ChurnOfJob Churn() => new() { Job = A, Created = 1, Ended = 2, Dropped = 3 };

    private static LimitOfNode Limit() => new() { Scope = "s", Setting = "t", Limit = 1, Keys = 2, Most = 3, Refused = 4 };

    private static RefusalOfNode Refusal() => new() { Scope = "s", Of = Labels, Setting = "t", Limit = 1, Series = 2, Refused = 3, Since = 4, Last = 5, Examples = { Labels } };

    private static DeletionRow Deletion() => new() { Partition = 1, Id = A, Selectors = { Selector }, Min = -1, Max = 2, Created = 3 };

    private static AlertRow Alert() => new() { Labels = Labels, Annotations = Labels, State = 3, ActiveAt = -1, KeepFiringSince = 2, Value = 1.5 };

    private static RuleRow Rule() => new()
    {
        Alerting = true,
        Name = A,
        Query = Z,
        Labels = Labels,
        Annotations = Labels,
        Hold = 1,
        KeepFiringFor = 2,
        State = 3,
        Health = 2,
        LastError = A,
        EvaluationTime = 4,
        LastEvaluation = -5,
        Alerts = { Alert() },
    };

    private static GroupRow Group() => new() { Id = A, File = Z, Name = A, Interval = 1, Limit = 2, EvaluationTime = 3, LastEvaluation = -4, Rules = { Rule() } };

    private static TransitionRow Transition() => new()
    {
        File = A,
        Group = Z,
        Rule = A,
        Change = 2,
        Labels = Labels,
        Annotations = Labels,
        Value = 1.5,
        ActiveAt = -1,
        At = 2,
        Node = Z,
    };

    private static ToldRow Told() => new() { Type = A, Index = 1, At = -2, Firing = { 3 }, Resolved = { 4 } };

    private static GroupAlertRow GroupAlert() => new()
    {
        Labels = Labels,
        Annotations = Labels,
        StartsAt = -1,
        EndsAt = 2,
        UpdatedAt = 3,
        EndsByTimeout = true,
        GeneratorUrl = A,
        SilencedBy = { A },
        InhibitedBy = { Z },
    };

    private static AlertGroupRow AlertGroup() => new() { Route = A, Labels = Labels, Count = 1, NextFlush = -2, Flushes = 3, Alerts = { GroupAlert() }, Told = { Told() } };

    private static AlertEventRow AlertEvent() => new()
    {
        At = -1,
        Kind = 2,
        Labels = Labels,
        Group = A,
        Receiver = Z,
        Integration = A,
        By = { Z },
        Detail = A,
        Node = Z,
    };
}
