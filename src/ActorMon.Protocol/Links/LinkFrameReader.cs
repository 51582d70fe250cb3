using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using ActorMon.Model.Bytes;
using ActorMon.Model.Text;

namespace ActorMon.Protocol.Links;

/// <summary>One frame; its content is valid until the next is read.</summary>
/// <param name="Padded">The content and <see cref="ByteReader.Padding"/> bytes of any value behind it.</param>
public readonly record struct LinkFrame(byte Kind, ReadOnlyMemory<byte> Padded)
{
    public ReadOnlyMemory<byte> Content => Padded[..^ByteReader.Padding];

    public ByteReader Reader() => new(Padded.Span);
}

/// <summary>
/// Takes the frames of a body one after the other. Holds one frame at a time, at most <paramref name="maxFrameBytes"/>, and grows only as bytes arrive, so a length that
/// lies costs nothing. One reader at a time.
/// </summary>
/// <param name="peer">Whose body it is, for messages.</param>
/// <param name="deadline">After it no read goes on.</param>
public sealed class LinkFrameReader(PipeReader from, string peer, int maxFrameBytes = LinkFrames.DefaultMaxBytes, CancellationToken deadline = default)
{
    private const int FirstBuffer = 4096;

    private readonly byte[] _head = new byte[LinkFrames.HeaderBytes];
    private byte[] _frame = [];
    private int _headFilled;
    private int _length;
    private int _filled;

    /// <summary>True when the end frame has been read: nothing is missing.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>True when a read has found the body cut off, damaged, late or given up.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Bytes taken from the body.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The next frame, or null behind the last one.</summary>
    /// <exception cref="LinkBrokenException">The body is cut off, damaged or too late, or the other side gave it up.</exception>
    public async ValueTask<LinkFrame?> ReadAsync(CancellationToken cancellation = default)
    {
        if (IsComplete)
            return null;
        using var both = cancellation.CanBeCanceled && deadline.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline) : null;
        var either = both?.Token ?? (deadline.CanBeCanceled ? deadline : cancellation);
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(either).ConfigureAwait(false);
                var rest = read.Buffer;
                var isWhole = TryTake(ref rest);
                from.AdvanceTo(rest.Start);
                if (isWhole)
                    return Finish();
                if (read.IsCompleted)
                    ThrowCutOff();
            }
        }
        catch (LinkBrokenException)
        {
            IsBroken = true;
            throw;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            IsBroken = true;
            throw new LinkBrokenException($"{peer} did not go on in time", e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            IsBroken = true;
            throw new LinkBrokenException($"the connection with {peer} broke: {e.Message}", e);
        }
    }

    /// <summary>Takes what belongs to the frame; true when it is all there.</summary>
    private bool TryTake(ref ReadOnlySequence<byte> bytes)
    {
        if (_headFilled < LinkFrames.HeaderBytes)
        {
            _headFilled += Take(ref bytes, _head.AsSpan(_headFilled));
            if (_headFilled < LinkFrames.HeaderBytes)
                return false;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(_head);
            if (length == 0 || length > (uint)maxFrameBytes)
                ThrowLength(length);
            (_length, _filled) = ((int)length, 0);
        }
        while (_filled < _length && !bytes.IsEmpty)
        {
            if (_filled + ByteReader.Padding >= _frame.Length)
                Array.Resize(ref _frame, Math.Max(FirstBuffer, Math.Min(_frame.Length * 2, maxFrameBytes + ByteReader.Padding)));
            var room = Math.Min(_length - _filled, _frame.Length - ByteReader.Padding - _filled);
            _filled += Take(ref bytes, _frame.AsSpan(_filled, room));
        }
        return _filled == _length;
    }

    private int Take(ref ReadOnlySequence<byte> bytes, Span<byte> into)
    {
        var taken = (int)Math.Min(into.Length, bytes.Length);
        bytes.Slice(0, taken).CopyTo(into);
        bytes = bytes.Slice(taken);
        BytesRead += taken;
        return taken;
    }

    private LinkFrame? Finish()
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(_head.AsSpan(4)) != Crc32C.Of(_head.AsSpan(0, 4), _frame.AsSpan(0, _length)))
            ThrowChecksum();
        _headFilled = 0;
        var frame = new LinkFrame(_frame[0], _frame.AsMemory(1, _length - 1 + ByteReader.Padding));
        if (frame.Kind == LinkFrames.Error)
            throw new LinkBrokenException($"{peer}: {ByteText.Decode(frame.Content.Span)}");
        IsComplete = frame.Kind == LinkFrames.End;
        return IsComplete ? null : frame;
    }

    [DoesNotReturn]
    private void ThrowLength(uint length) =>
        throw new LinkBrokenException($"a frame of {length} bytes before byte {BytesRead} from {peer}; 1..{maxFrameBytes} are allowed");

    [DoesNotReturn]
    private void ThrowChecksum() => throw new LinkBrokenException($"the frame before byte {BytesRead} from {peer} has a wrong checksum");

    [DoesNotReturn]
    private void ThrowCutOff() => throw new LinkBrokenException($"the body from {peer} ends at byte {BytesRead} without its end frame");
}
