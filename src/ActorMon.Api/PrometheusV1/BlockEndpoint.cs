using ActorMon.Api.Http;
using ActorMon.Api.Json;
using ActorMon.Api.Ports;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.PrometheusV1;

/// <summary>/api/v1/status/tsdb/blocks: the finished files of the storage in the words of the original, which has blocks.</summary>
public sealed class BlockEndpoint(IStoragePort storage)
{
    public Task HandleAsync(HttpContext context, string _)
    {
        var blocks = storage.Blocks();
        return ApiResponse.StreamAsync(
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
            context.RequestAborted);
    }

    /// <summary>The end of a block's time is exclusive, and its level begins at 1.</summary>
    private static void Write(JsonOut json, StoredBlock block)
    {
        json.Raw("{\"ulid\":"u8);
        json.String(block.Name);
        json.Raw(",\"minTime\":"u8);
        json.Number(block.MinTime);
        json.Raw(",\"maxTime\":"u8);
        json.Number(block.MaxTime + 1);
        json.Raw(",\"stats\":{\"numSamples\":"u8);
        json.Number(block.Samples);
        json.Raw(",\"numSeries\":"u8);
        json.Number((long)block.Series);
        json.Raw("},\"compaction\":{\"level\":"u8);
        json.Number((long)block.Level + 1);
        json.Raw(",\"sources\":["u8);
        json.String(block.Name);
        json.Raw("]},\"version\":1}"u8);
    }
}
