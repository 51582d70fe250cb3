using System.Buffers;
using System.IO.Pipelines;
using ActorMon.Protocol.Links;

namespace ActorMon.Protocol.Tests.Links;

public sealed class LinkFrameTests
{
    [Fact]
    public void The_bytes_of_a_frame_never_change()
    {
        var body = new ArrayBufferWriter<byte>();
        LinkFrames.Write(body, 7, "abc"u8);
        LinkFrames.WriteEnd(body);
        Assert.Equal("04000000E0141AE207616263" + "010000009919637D00", Convert.ToHexString(body.WrittenSpan));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    [InlineData(1_000_000)]
    public async Task Frames_come_back_however_the_bytes_are_cut(int piece)
    {
        var random = new Random(1);
        var sizes = new[] { 0, 1, 7, 100, 5000, 70_000, 0 };
        var sent = sizes.Select(size => { var bytes = new byte[size]; random.NextBytes(bytes); return bytes; }).ToArray();
        var body = new ArrayBufferWriter<byte>();
        foreach (var bytes in sent)
            LinkFrames.Write(body, 9, bytes);
        LinkFrames.WriteEnd(body);

        var reader = new LinkFrameReader(Pieces(body.WrittenMemory, piece), "p");
        foreach (var bytes in sent)
        {
            var frame = await reader.ReadAsync();
            Assert.Equal(9, frame!.Value.Kind);
            Assert.Equal(bytes, frame.Value.Content.ToArray());
        }
        Assert.Null(await reader.ReadAsync());
        Assert.True(reader.IsComplete);
        Assert.Null(await reader.ReadAsync());
        Assert.Equal(body.WrittenCount, reader.BytesRead);
    }

    [Fact]
    public async Task Every_damaged_byte_is_found_and_every_shortened_body_too()
    {
        var body = new ArrayBufferWriter<byte>();
        LinkFrames.Write(body, 9, "some content"u8);
        LinkFrames.WriteEnd(body);
        for (var at = 0; at < body.WrittenCount; at++)
        {
            var damaged = body.WrittenSpan.ToArray();
            damaged[at] ^= 0x41;
            await Assert.ThrowsAsync<LinkBrokenException>(() => ReadAllAsync(damaged));
            await Assert.ThrowsAsync<LinkBrokenException>(() => ReadAllAsync(body.WrittenSpan[..at].ToArray()));
        }
    }

    [Fact]
    public async Task A_length_beyond_the_limit_is_refused_before_its_bytes_are_waited_for()
    {
        var body = new ArrayBufferWriter<byte>();
        LinkFrames.Write(body, 9, new byte[1000]);
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(body.WrittenMemory[..LinkFrames.HeaderBytes]);
        var reader = new LinkFrameReader(pipe.Reader, "node b", maxFrameBytes: 1000);
        var broken = await Assert.ThrowsAsync<LinkBrokenException>(async () => await reader.ReadAsync());
        Assert.Equal("a frame of 1001 bytes before byte 8 from node b; 1..1000 are allowed", broken.Message);
        Assert.True(reader.IsBroken);
    }

    [Fact]
    public async Task A_body_that_was_given_up_says_why()
    {
        var body = new ArrayBufferWriter<byte>();
        LinkFrames.WriteError(body, "the disk is gone");
        var broken = await Assert.ThrowsAsync<LinkBrokenException>(() => ReadAllAsync(body.WrittenSpan.ToArray()));
        Assert.Equal("p: the disk is gone", broken.Message);
    }

    [Fact]
    public async Task After_the_deadline_a_body_that_does_not_go_on_is_broken()
    {
        using var deadline = new CancellationTokenSource();
        var reader = new LinkFrameReader(new Pipe().Reader, "p", deadline: deadline.Token);
        var read = reader.ReadAsync().AsTask();
        await deadline.CancelAsync();
        Assert.Equal("p did not go on in time", (await Assert.ThrowsAsync<LinkBrokenException>(() => read)).Message);
    }

    private static async Task ReadAllAsync(byte[] body)
    {
        var reader = new LinkFrameReader(PipeReader.Create(new ReadOnlySequence<byte>(body)), "p");
        while (await reader.ReadAsync() is not null)
        {
        }
    }

    private static PipeReader Pieces(ReadOnlyMemory<byte> bytes, int piece)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        _ = WriteAsync();
        return pipe.Reader;

        async Task WriteAsync()
        {
            for (var at = 0; at < bytes.Length; at += piece)
            {
                await pipe.Writer.WriteAsync(bytes.Slice(at, Math.Min(piece, bytes.Length - at)));
                if (piece < 100)
                    await Task.Yield();
            }
            await pipe.Writer.CompleteAsync();
        }
    }
}
