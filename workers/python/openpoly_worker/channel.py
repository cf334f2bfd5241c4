"""The socket to the host: one thread reads, one thread writes.

A thread that has something to say queues it, which does not give up the interpreter. What is queued
leaves in one write: by the thread that said it when it is about to wait anyway (`flush`), else by the
writer as soon as it gets a turn (`flush_soon`).
"""

import os
from _thread import allocate_lock, start_new_thread
from collections import deque

from . import frames

READ_BYTES = 256 * 1024
# Lines of log are left out while this much of them waits for the host to read.
LOG_BACKLOG_BYTES_MAX = 8 * 1024 * 1024
KIND_OFFSET = frames.LENGTH_BYTES


class Channel:
    def __init__(self, descriptor, frame_bytes_max):
        self._descriptor = descriptor
        self._frame_bytes_max = frame_bytes_max
        self._reader = frames.FrameReader(frame_bytes_max)
        self._outbox = deque()  # frames; its operations are atomic
        self._writing = allocate_lock()  # held by whoever writes
        self._writer_turn = allocate_lock()  # free while the writer has something to do
        self._writer_turn.acquire()
        self._exits_when_written = False
        self._log_backlog_bytes = 0
        self._log_backlog_lock = allocate_lock()
        start_new_thread(self._write_all, ())

    def serve(self, on_frame, on_end_of_batch):
        """Hands over every frame, and says when all that was readable has been handled."""
        while chunk := self._read():
            for frame in self._reader.push(chunk):
                on_frame(*frame)
            on_end_of_batch()
        if not self._reader.is_between_frames:
            raise frames.ProtocolError("the socket ended inside a frame")

    def send(self, kind, id, header=b"", body=b""):
        """Queues a frame; a flush must follow. Raises FrameTooLarge, and then nothing is sent."""
        self._outbox.append(frames.encode(kind, id, header, body, self._frame_bytes_max))

    def send_log(self, id, header, body):
        """False when the host reads too slowly to be sent more."""
        frame = frames.encode(frames.LOG, id, header, body, self._frame_bytes_max)
        with self._log_backlog_lock:
            if self._log_backlog_bytes > LOG_BACKLOG_BYTES_MAX:
                return False
            self._log_backlog_bytes += len(frame)
        self._outbox.append(frame)
        self.flush_soon()
        return True

    def flush(self):
        """Writes what is queued, unless another thread is at it: that one will see it too."""
        while self._outbox and self._writing.acquire(False):
            try:
                self._write_queued()
            finally:
                self._writing.release()
        if self._exits_when_written and not self._outbox and self._writing.acquire(False):
            os._exit(0)

    def flush_soon(self):
        try:
            self._writer_turn.release()
        except RuntimeError:
            pass  # the writer has been told already

    def exit_when_written(self):
        """Ends the process, successfully, once everything said so far is in the socket."""
        self._exits_when_written = True
        self.flush_soon()

    def _read(self):
        try:
            return os.read(self._descriptor, READ_BYTES)
        except ConnectionError:
            return b""

    def _write_all(self):
        while True:
            self._writer_turn.acquire()
            self.flush()

    def _write_queued(self):
        batch = []
        while self._outbox:
            batch.append(self._outbox.popleft())
        self._write(b"".join(batch))
        self._forget_logs(batch)

    def _write(self, data):
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._descriptor, view) :]
            except ConnectionError:
                os._exit(0)  # the host is gone

    def _forget_logs(self, batch):
        if not self._log_backlog_bytes:
            return
        written = sum(len(frame) for frame in batch if frame[KIND_OFFSET] == frames.LOG)
        with self._log_backlog_lock:
            self._log_backlog_bytes -= written
