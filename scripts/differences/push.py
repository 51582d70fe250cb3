"""Series written to a server by remote write 1.0: protobuf by hand, in snappy's block format without any compression."""
import struct
import urllib.request

STALE = struct.pack("<Q", 0x7FF0000000000002)  # the marker that ends a series
PIECE = 65536  # bytes of one literal
REQUEST = 20_000  # samples in a request, about


def _varint(number):
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _field(tag, body):
    return bytes([tag << 3 | 2]) + _varint(len(body)) + body


def encoded_series(labels, samples):
    """One TimeSeries. samples: (milliseconds, float, or None for a staleness marker)."""
    out = [_field(1, _field(1, name.encode()) + _field(2, value.encode())) for name, value in sorted(labels.items())]
    for time, value in samples:
        out.append(_field(2, b"\x09" + (STALE if value is None else struct.pack("<d", value)) + b"\x10" + _varint(time)))
    return b"".join(out)


def snappy(body):
    out = [_varint(len(body))]
    for at in range(0, len(body), PIECE):
        piece = body[at:at + PIECE]
        out += [b"\xf4" + struct.pack("<H", len(piece) - 1), piece]
    return b"".join(out)


def push(base, series):
    """series: (labels with __name__, samples in ascending order of time)."""
    request, count = [], 0
    for labels, samples in series:
        request.append(_field(1, encoded_series(labels, samples)))
        count += len(samples)
        if count >= REQUEST:
            _post(base, request)
            request, count = [], 0
    if request:
        _post(base, request)


def _post(base, request):
    headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy", "X-Prometheus-Remote-Write-Version": "0.1.0"}
    with urllib.request.urlopen(urllib.request.Request(base + "/api/v1/write", snappy(b"".join(request)), headers), timeout=60) as answer:
        answer.read()
