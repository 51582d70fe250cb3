namespace ActorMon.Api.OpenApi;

/// <summary>
/// Schemas of the description, in a notation of its own: <c>{name:type,name?:type}</c> an object (? optional), <c>[type]</c> a list, <c>&lt;type&gt;</c> a map,
/// <c>a|b</c> one of several, <c>str(a|b)</c> one of several texts; str, int, num, bool, null, date, obj, any, instant, duration; any other word is a schema by name.
/// An output body's notation is that of its data.
/// </summary>
internal static class OpenApiSchemas
{
    private const string Page = "match[]?:[str],search[]?:[str],fuzz_threshold?:int,fuzz_alg?:str(subsequence|jarowinkler),case_sensitive?:bool,sort_by?:str(alpha|score),"
        + "sort_dir?:str(asc|dsc),include_score?:bool,start?:str,end?:str,limit?:int,batch_size?:int";

    /// <summary>Answers: {status, data, warnings, infos}; "" has no data.</summary>
    public static readonly IReadOnlyList<(string Name, string Data)> Answers =
    [
        ("QueryOutputBody", "QueryData"), ("QueryRangeOutputBody", "QueryData"), ("QueryExemplarsOutputBody", "any"), ("FormatQueryOutputBody", "str"), ("ParseQueryOutputBody", "any"),
        ("LabelsOutputBody", "[str]"), ("LabelValuesOutputBody", "[str]"), ("SeriesOutputBody", "[Labels]"), ("MetadataOutputBody", "<[Metadata]>"), ("TargetsOutputBody", "TargetDiscovery"),
        ("TargetMetadataOutputBody", "[MetricMetadata]"), ("ScrapePoolsOutputBody", "ScrapePoolsDiscovery"), ("ScrapePoolConfigOutputBody", "ScrapePoolConfigData"),
        ("TargetRelabelStepsOutputBody", "RelabelStepsResponse"), ("RulesOutputBody", "RuleDiscovery"), ("AlertsOutputBody", "AlertDiscovery"), ("AlertsHistoryOutputBody", "{transitions:[AlertTransition]}"), ("AlertmanagersOutputBody", "AlertmanagerDiscovery"),
        ("AlertExplainOutputBody", "{labels:Labels,fingerprint:str,alert:AlertDetail|null,state:str(unknown|unprocessed|active|suppressed),silencedBy:[SilenceSummary],inhibitedBy:[str],route:RouteStep,groups:[AlertGroupState],events:[AlertEvent]}"),
        ("AlertEventsOutputBody", "{events:[AlertEvent]}"), ("AlertingLintOutputBody", "{warnings:[{line:int,path:str,text:str}]}"),
        ("SilencePreviewOutputBody", "{now:[HeldAlert],past:[{labels:Labels,first:date,last:date}],idleMatchers:[str]}"),
        ("SilencesExpiringOutputBody", "{silences:[{silence:SilenceSummary,releases:[HeldAlert]}]}"),
        ("StatusConfigOutputBody", "StatusConfigData"), ("StatusRuntimeInfoOutputBody", "RuntimeInfo"), ("StatusBuildInfoOutputBody", "PrometheusVersion"), ("StatusFlagsOutputBody", "<str>"), ("StatusClusterOutputBody", "ClusterStatus"),
        ("StatusTSDBOutputBody", "TSDBStatus"), ("StatusTSDBBlocksOutputBody", "StatusTSDBBlocksData"), ("StatusWALReplayOutputBody", "StatusWALReplayData"), ("StatusSelfMetricsOutputBody", "any"),
        ("DeletionsOutputBody", "{deletions:[Deletion]}"), ("DeleteSeriesOutputBody", ""), ("CleanTombstonesOutputBody", ""), ("SnapshotOutputBody", "DataStruct"), ("NotificationsOutputBody", "[Notification]"), ("FeaturesOutputBody", "any"),
        ("QueryExplainOutputBody", "{plan:PlanPart,text:str,totals?:PlanTotals}"), ("StatusQueriesOutputBody", "{queries:[RunningQuery]}"),
        ("CardinalityMetricsOutputBody", "{series:int,metrics:[{name:str,series:int}]}"),
        ("CardinalityLabelsOutputBody", "{series:int,labels:[{name:str,values:int,series:int,memoryInBytes:int}]}"),
        ("CardinalityPairsOutputBody", "{series:int,pairs:[{name:str,value:str,series:int}]}"),
        ("CardinalityJobsOutputBody", "{jobs:[{job:str,series:int,targets:int,samplesPerSecond:num|null}]}"),
        ("CardinalityTargetsOutputBody", "{targets:[{job:str,instance:str,series:int,samplesPerSecond:num|null}]}"),
        ("CardinalityChurnOutputBody", "{hours:[{start:date,created:int,ended:int,dropped:int,jobs:[{job:str,created:int,ended:int,dropped:int}]}]}"),
        ("CardinalityLimitsOutputBody", "{limits:[SeriesLimit],refused:[RefusedSeries]}"),
    ];

    public static readonly IReadOnlyList<(string Name, string Notation)> Others =
    [
        ("Error", "{status:str(success|error),errorType:str,error:str}"),
        ("Labels", "<str>"),
        ("QueryPostInputBody", "{query:str,time?:str,limit?:int,timeout?:str,lookback_delta?:str,stats?:str}"),
        ("QueryRangePostInputBody", "{query:str,start:str,end:str,step:str,limit?:int,timeout?:str,lookback_delta?:str,stats?:str}"),
        ("QueryExemplarsPostInputBody", "{query:str,start?:str,end?:str}"),
        ("FormatQueryPostInputBody", "{query:str}"),
        ("ParseQueryPostInputBody", "{query:str}"),
        ("LabelsPostInputBody", "{start?:str,end?:str,match[]?:[str],limit?:int}"),
        ("SeriesPostInputBody", "{start?:str,end?:str,match[]:[str],limit?:int}"),
        ("SearchMetricNamesPostInputBody", "{" + Page + ",include_metadata?:bool}"),
        ("SearchLabelNamesPostInputBody", "{" + Page + "}"),
        ("SearchLabelValuesPostInputBody", "{label:str," + Page + "}"),
        ("QueryData", "{resultType:str(vector),result:[FloatSample|HistogramSample],stats?:QueryStats}|{resultType:str(matrix),result:[FloatSeries|HistogramSeries],stats?:QueryStats}"
            + "|{resultType:str(scalar|string),result:[num|str],stats?:QueryStats}"),
        ("QueryStats", "{timings?:{evalTotalTime?:num,resultSortTime?:num,queryPreparationTime?:num,innerEvalTime?:num,execQueueTime?:num,execTotalTime?:num},"
            + "samples?:{totalQueryableSamples?:int,peakSamples?:int,totalQueryableSamplesPerStep?:[[num]],samplesRead?:int,samplesReadPerStep?:[[num]]}}"),
        ("FloatSample", "{metric:Labels,value:[num|str]}"),
        ("HistogramSample", "{metric:Labels,histogram:[num|HistogramValue]}"),
        ("FloatSeries", "{metric:Labels,values:[[num|str]]}"),
        ("HistogramSeries", "{metric:Labels,histograms:[[num|HistogramValue]]}"),
        ("HistogramValue", "{count:str,sum:str,buckets?:[[num|str]]}"),
        ("Metadata", "{type:str,unit:str,help:str}"),
        ("MetricMetadata", "{target:Labels,metric?:str,type:str,help:str,unit:str}"),
        ("Target", "{discoveredLabels:Labels,labels:Labels,scrapePool:str,scrapeUrl:str,globalUrl:str,lastError:str,lastScrape:date,lastScrapeDuration:num,health:str,scrapeInterval:str,scrapeTimeout:str}"),
        ("DroppedTarget", "{discoveredLabels:Labels,scrapePool:str}"),
        ("TargetDiscovery", "{activeTargets:[Target],droppedTargets:[DroppedTarget],droppedTargetCounts:<int>}"),
        ("ScrapePoolsDiscovery", "{scrapePools:[str]}"),
        ("ScrapePoolConfigData", "{yaml:str}"),
        ("Config", "{source_labels?:[str],separator?:str,regex?:str,modulus?:int,target_label?:str,replacement?:str,action?:str}"),
        ("RelabelStep", "{rule:Config,output:Labels,keep:bool}"),
        ("RelabelStepsResponse", "{steps:[RelabelStep]}"),
        ("RuleGroup", "{name:str,file:str,rules:[obj],interval:num,limit:int,evaluationTime:num,lastEvaluation:date}"),
        ("RuleDiscovery", "{groups:[RuleGroup],groupNextToken?:str}"),
        ("Alert", "{labels:Labels,annotations:Labels,state:str,value:str,activeAt?:date,keepFiringSince?:date}"),
        ("AlertDiscovery", "{alerts:[Alert]}"),
        ("AlertTransition", "{evaluation:date,change:str,state:str,labels:Labels,annotations:Labels,activeAt:date,value:str,rule:str,group:str,file:str,node:str}"),
        ("AlertmanagerTarget", "{url:str}"),
        ("AlertmanagerDiscovery", "{activeAlertmanagers:[AlertmanagerTarget],droppedAlertmanagers:[AlertmanagerTarget]}"),
        ("StatusConfigData", "{yaml:str}"),
        ("ClusterStatus", "{cluster:str,self:str,confirmed:bool,mapVersion:int,control:ClusterControl|null,partitions:int,replicas:int,replicasInForce:int,nodes:[ClusterNode],underReplicated:[UnderReplicated],moves:[CopyMove],configuration:ClusterConfiguration}"),
        ("ClusterControl", "{mapVersion:int,journalBehind:int,journalError:str|null,frozen:str|null}"),
        ("ClusterNode", "{id:str,incarnation:str,state:str,zone:str|null,weight:int,address:str|null,linkAddress:str|null,mapVersion?:int,copies:int,inSync:int,toHandOver?:int}"),
        ("UnderReplicated", "{partition:int,inSync:int,wanted:int,complete:bool,reason:str|null}"),
        ("CopyMove", "{partition:int,slot:int,node:str|null,state:str}"),
        ("ClusterConfiguration", "{version:int,hash:str|null,origin:str|null,differs:bool,problem:str|null,inForce?:int,frozen:str|null,nodes:[NodeConfiguration]}"),
        ("NodeConfiguration", "{id:str,version:int,differs:bool,problem:str|null}"),
        ("RuntimeInfo", "{startTime:date,CWD:str,hostname:str,serverTime:date,reloadConfigSuccess:bool,lastConfigTime:date,corruptionCount:int,goroutineCount:int,GOMAXPROCS:int,GOMEMLIMIT:int,GOGC:str,GODEBUG:str,storageRetention:str}"),
        ("PrometheusVersion", "{version:str,revision:str,branch:str,buildUser:str,buildDate:str,goVersion:str}"),
        ("HeadStats", "{numSeries:int,numLabelPairs:int,chunkCount:int,minTime:int,maxTime:int}"),
        ("TSDBStat", "{name:str,value:int}"),
        ("TSDBStatus", "{headStats:HeadStats,seriesCountByMetricName:[TSDBStat],labelValueCountByLabelName:[TSDBStat],memoryInBytesByLabelName:[TSDBStat],seriesCountByLabelValuePair:[TSDBStat]}"),
        ("BlockDesc", "{ulid:str,minTime:int,maxTime:int}"),
        ("BlockStats", "{numSamples?:int,numSeries?:int,numChunks?:int,numTombstones?:int,numFloatSamples?:int,numHistogramSamples?:int}"),
        ("BlockMetaCompaction", "{level:int,sources?:[str],parents?:[BlockDesc],failed?:bool,deletable?:bool,hints?:[str]}"),
        ("BlockMeta", "{ulid:str,minTime:int,maxTime:int,stats?:BlockStats,compaction:BlockMetaCompaction,version:int}"),
        ("StatusTSDBBlocksData", "{blocks:[BlockMeta]}"),
        ("StatusWALReplayData", "{min:int,max:int,current:int}"),
        ("DataStruct", "{name:str}"),
        ("Deletion", "{id:str,match:[str],minTime:int,maxTime:int,created:date,partitions:int}"),
        ("QueryExplainPostInputBody", "{query:str,time?:str,start?:str,end?:str,step?:str,timeout?:str,lookback_delta?:str,analyze?:str,format?:str}"),
        ("PlanPart", "{operation:str,cost?:{timeSeconds:num,ownTimeSeconds:num,series:int,samples:int,bytes:int},children:[PlanPart]}"),
        ("PlanTotals", "{planningSeconds:num,selectingSeconds:num,evaluatingSeconds:num,queuedSeconds:num,samples:int,samplesRead:int,peakSamples:int,peakBytes:int}"),
        ("RunningQuery", "{id:str,node:str,query:str,state:str(running|waiting),started:date,ageSeconds:num,timeoutSeconds:num,start:num,end:num,stepSeconds:num,client?:str,path?:str}"),
        ("CardinalityPostInputBody", "{match[]?:[str],start?:str,end?:str,limit?:int}"),
        ("SeriesLimit", "{scope:str,setting:str,limit:int,keys:int,mostSeries:int,refused:int}"),
        ("RefusedSeries", "{scope:str,of:Labels,setting:str,limit:int,series:int,refusing:bool,refused:int,since:date,last:date,examples:[Labels]}"),
        ("AlertDetail", "{annotations:Labels,startsAt:date,endsAt:date,updatedAt:date,generatorURL:str}"),
        ("SilenceSummary", "{id:str,matchers:[str],startsAt:date,endsAt:date,createdBy:str,comment:str}"),
        ("HeldAlert", "{labels:Labels,fingerprint:str,startsAt:date,receivers:[str],silencedBy:[str],inhibitedBy:[str]}"),
        ("RouteStep", "{matchers:str,receiver:str,continue:bool,line:int,outcome:str(refused|notReached|takenByChildren|chosen),refusing:[str],stoppedBy:str,routes:[RouteStep]}"),
        ("AlertGroupState", "{key:str,receiver:str,labels:Labels,groupWait:str,groupInterval:str,repeatInterval:str,exists:bool,alerts:int,flushes:int,waitsFor:str(none|groupWait|groupInterval),nextFlush:date,mutedBy:[str],integrations:[IntegrationState]}"),
        ("IntegrationState", "{integration:str,lastSent:date,firing:int,resolved:int,repeatsAfter:date,error:str,retryAt:date}"),
        ("AlertEvent", "{time:date,event:str,labels:Labels,fingerprint:str,group:str,receiver:str,integration:str,by:[str],detail:str,node:str}"),
        ("Notification", "{text:str,date:date,active:bool}"),
    ];
}
