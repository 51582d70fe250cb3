using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/status/tsdb/blocks: the finished files of the storage in the words of the original, which has blocks.</summary>
public sealed class BlockEndpoint(IStoragePort storage, ApiSettings settings)
{
    public Task HandleAsync(HttpContext context, string _) => ClusterAnswer.WriteAsync<IReadOnlyList<StoredBlock>>(
        context, settings, _ => storage.BlocksAsync,
        (blocks, missing) => ApiResponse.StreamAsync(
            context,
            async (json, flush) =>
            {
                json.Raw("{\"blocks\":["u8);
                for (var i = 0; i < blocks.Count; i++)
                {
                    if (i > 0)
                        json.Raw((byte)',');
                    Write(json, blocks[i]);
                    await flush();
                }
                json.Raw("]}"u8);
            },
            context.RequestAborted, missing));

    /// <summary>The end of a block's time is exclusive, and its level begins at 1.</summary>
    private static void Write(JsonOut json, StoredBlock block) => JsonObject.Begin(json)
        .Field("ulid", block.Name).Field("minTime", block.MinTime).Field("maxTime", block.MaxTime + 1)
        .Field("stats", block, static (json, block) => JsonObject.Begin(json).Field("numSamples", block.Samples).Field("numSeries", block.Series).End())
        .Field("compaction", block, static (json, block) => JsonObject.Begin(json)
            .Field("level", block.Level + 1).List("sources", [block.Name], static (json, name) => json.String(name)).End())
        .Field("version", 1).End();
}
