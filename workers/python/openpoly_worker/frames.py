"""Frames to bytes and back, without I/O: the "Frame" section of docs/worker-protocol.md."""

from _struct import Struct

LOAD, CALL, CANCEL, DRAIN, REPLY, MORE = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
HELLO, LOADED, RESULT, ERROR, LOG, NESTED, CHUNK = 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47

FRAME_BYTES_MAX = 64 * 1024 * 1024  # of `length`
FRAME_BYTES_MIN = 5  # kind and id
LENGTH_BYTES = 4

_LENGTH = Struct("<I")
_PREFIX = Struct("<IBI")  # length, kind, id
_ENVELOPE = Struct("<IBII")  # and header_length


class ProtocolError(Exception):
    """Bytes that are not frames: the connection cannot go on."""


class FrameTooLarge(Exception):
    """A frame that the receiver would refuse; the sender must say something shorter."""


def encode(kind, id, header=b"", body=b"", bytes_max=FRAME_BYTES_MAX):
    """One frame; `header` is JSON text in UTF-8, empty for {}."""
    length = FRAME_BYTES_MIN + 4 + len(header) + len(body)
    if length > bytes_max:
        raise FrameTooLarge(f"it takes a frame of {length} bytes and at most {bytes_max} fit")
    return _ENVELOPE.pack(length, kind, id, len(header)) + header + body


class FrameReader:
    """Collects chunks of bytes as they arrive and hands out whole frames."""

    def __init__(self, bytes_max=FRAME_BYTES_MAX):
        self._bytes_max = bytes_max
        self._kept = bytearray()  # a frame that is not complete
        self._wanted_bytes = 0  # nothing can be read before this many are kept

    @property
    def is_between_frames(self):
        return not self._kept

    def push(self, chunk):
        """The frames that `chunk` completes, as (kind, id, header, body) with bytes for the last two."""
        if self._kept:
            self._kept += chunk
            if len(self._kept) < self._wanted_bytes:
                return []
            chunk = bytes(self._kept)
            self._kept.clear()
        frames = []
        start, available = 0, len(chunk)
        while True:
            self._wanted_bytes = LENGTH_BYTES
            if available - start >= LENGTH_BYTES:
                self._wanted_bytes += self._checked(_LENGTH.unpack_from(chunk, start)[0])
            end = start + self._wanted_bytes
            if end > available:
                break
            frames.append(_parse(chunk, start, end))
            start = end
        if start < available:
            self._kept += chunk[start:]
        return frames

    def _checked(self, length):
        if not FRAME_BYTES_MIN <= length <= self._bytes_max:
            raise ProtocolError(f"frame length {length} is outside {FRAME_BYTES_MIN}..{self._bytes_max}")
        return length


def _parse(chunk, start, end):
    _, kind, id = _PREFIX.unpack_from(chunk, start)
    message = start + _PREFIX.size
    if message == end:
        return kind, id, b"", b""
    header_start = message + 4
    if header_start > end:
        raise ProtocolError(f"frame of kind {kind} ends inside header_length")
    header_end = header_start + _LENGTH.unpack_from(chunk, message)[0]
    if header_end > end:
        raise ProtocolError(f"header of a frame of kind {kind} passes the end of the frame")
    return kind, id, chunk[header_start:header_end], chunk[header_end:end]
