using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;

namespace ActorMon.Api.Http;

/// <summary>Compression of answers by Accept-Encoding: gzip and deflate, as the original offers them.</summary>
public static class ApiCompression
{
    public static IServiceCollection AddApiCompression(this IServiceCollection services) => services
        .AddResponseCompression(compression =>
        {
            compression.Providers.Add<GzipCompressionProvider>();
            compression.Providers.Add<DeflateProvider>();
            compression.MimeTypes = ["application/json", "text/plain", "text/html", "application/openmetrics-text", "application/vnd.google.protobuf"];
        })
        .Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);

    /// <summary>HTTP's deflate is the zlib format.</summary>
    private sealed class DeflateProvider : ICompressionProvider
    {
        public string EncodingName => "deflate";

        public bool SupportsFlush => true;

        public Stream CreateStream(Stream outputStream) => new ZLibStream(outputStream, CompressionLevel.Fastest, leaveOpen: true);
    }
}
