package io.openpoly.worker;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the worker says to the host. Frames are queued, and what is queued leaves in one write: by the thread that
 * said it when it is about to wait anyway ({@link #flush}), else by the writer ({@link #flushSoon}). The thread that
 * reads never writes.
 */
public final class Channel {
    private static final byte[] NOTHING = {};
    private static final int WRITE_BYTES = 64 * 1024; // a longer array is copied as a whole by the JDK
    private static final long LOG_BACKLOG_BYTES_MAX = 8 * 1024 * 1024;

    private final OutputStream output;
    private final int frameBytesMax;
    private final ConcurrentLinkedQueue<byte[]> outbox = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writing = new ReentrantLock();
    private final Semaphore writerTurn = new Semaphore(0);
    private final AtomicLong logBacklogBytes = new AtomicLong();
    private final byte[] batch = new byte[WRITE_BYTES]; // small frames on their way; guarded by `writing`
    private int batchBytes;
    private volatile boolean endsWhenWritten;

    public Channel(OutputStream output, int frameBytesMax) {
        this.output = output;
        this.frameBytesMax = frameBytesMax;
    }

    /** Starts the thread that writes what others do not. */
    void startWriter() {
        Thread writer = new Thread(this::writeForever, "openpoly-writer");
        writer.setDaemon(true);
        writer.start();
    }

    /** Queues a frame; a flush must follow. Throws Frames.TooLarge, and then nothing is sent. */
    public void send(int kind, int id, byte[] header, byte[] body) {
        outbox.add(Frames.encode(kind, id, header, body, frameBytesMax));
    }

    public void send(int kind, int id, byte[] header) {
        send(kind, id, header, NOTHING);
    }

    /** False when the host reads too slowly to be sent more. */
    boolean sendLog(int id, byte[] header, byte[] text) {
        byte[] frame = Frames.encode(Frames.LOG, id, header, text, frameBytesMax);
        if (logBacklogBytes.get() > LOG_BACKLOG_BYTES_MAX) return false;
        logBacklogBytes.addAndGet(frame.length);
        outbox.add(frame);
        flushSoon();
        return true;
    }

    /** Writes what is queued, unless another thread is at it: that one will see it too. */
    public void flush() {
        while (!outbox.isEmpty() && writing.tryLock()) {
            try {
                writeQueued();
            } catch (IOException gone) {
                Jvm.end(0); // the host is gone
            } finally {
                writing.unlock();
            }
        }
        if (endsWhenWritten && outbox.isEmpty() && writing.tryLock()) Jvm.end(0);
    }

    void flushSoon() {
        if (writerTurn.availablePermits() == 0) writerTurn.release();
    }

    /** Ends the process, successfully, once everything said so far is in the socket. */
    void endWhenWritten() {
        endsWhenWritten = true;
        flushSoon();
    }

    private void writeForever() {
        while (true) {
            writerTurn.acquireUninterruptibly();
            flush();
        }
    }

    private void writeQueued() throws IOException {
        long logBytes = 0;
        byte[] frame;
        while ((frame = outbox.poll()) != null) {
            if (frame[Frames.KIND_OFFSET] == Frames.LOG) logBytes += frame.length;
            if (batchBytes + frame.length > WRITE_BYTES) writeBatch();
            if (frame.length > WRITE_BYTES) {
                for (int at = 0; at < frame.length; at += WRITE_BYTES) {
                    output.write(frame, at, Math.min(WRITE_BYTES, frame.length - at));
                }
            } else {
                System.arraycopy(frame, 0, batch, batchBytes, frame.length);
                batchBytes += frame.length;
            }
        }
        writeBatch();
        if (logBytes > 0) logBacklogBytes.addAndGet(-logBytes);
    }

    private void writeBatch() throws IOException {
        if (batchBytes > 0) output.write(batch, 0, batchBytes);
        batchBytes = 0;
    }
}
