package io.openpoly.worker;

import io.openpoly.worker.Errors.Cancelled;
import io.openpoly.worker.Errors.Named;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.BaseStream;

/**
 * A result that comes piece by piece: what a stream, an iterator or an input stream of the function gives is sent as it
 * comes, and no faster than the host takes it.
 */
final class ResultStream {
    private static final int WINDOW_BYTES = 1024 * 1024; // that may be sent before the host has taken some of it
    private static final int CHUNK_BYTES_MAX = 256 * 1024;
    private static final int READ_BYTES = 64 * 1024;
    private static final String BYTES_TYPE = "application/octet-stream";
    private static final String TEXT_TYPE = "text/plain; charset=utf-8";
    private static final String LINES_TYPE = "application/x-ndjson";
    private static final byte[] NOTHING = {};

    private final Call call;
    private final Channel channel;
    private boolean isBegun;
    private long window = WINDOW_BYTES; // guarded by this

    ResultStream(Call call, Channel channel) {
        this.call = call;
        this.channel = channel;
    }

    static boolean isStream(Object value) {
        return value instanceof BaseStream || value instanceof Iterator || value instanceof InputStream;
    }

    /** Returns when all of {@code source} is sent; closes it in any case, when it can be closed. */
    void sendAll(Object source) throws Exception {
        AutoCloseable end = source instanceof AutoCloseable ? (AutoCloseable) source : () -> {};
        try (end) {
            if (source instanceof InputStream) sendBytes((InputStream) source);
            else sendValues(source instanceof Iterator ? (Iterator<?>) source : ((BaseStream<?, ?>) source).iterator());
        }
        if (!isBegun) send(NOTHING, LINES_TYPE);
    }

    /** The host has taken so much. */
    synchronized void more(long bytes) {
        window += bytes;
        notifyAll();
    }

    private void sendBytes(InputStream source) throws Exception {
        byte[] buffer = new byte[READ_BYTES];
        int count;
        while ((count = source.read(buffer)) >= 0) {
            if (count > 0) send(count == buffer.length ? buffer : Arrays.copyOf(buffer, count), BYTES_TYPE);
        }
    }

    private void sendValues(Iterator<?> values) throws InterruptedException {
        while (values.hasNext()) {
            Object value = values.next();
            if (value instanceof byte[]) send((byte[]) value, BYTES_TYPE);
            else if (value instanceof CharSequence) send(value.toString().getBytes(StandardCharsets.UTF_8), TEXT_TYPE);
            else send(line(value), LINES_TYPE);
        }
    }

    private static byte[] line(Object value) {
        try {
            byte[] json = JsonWriter.write(value);
            byte[] line = Arrays.copyOf(json, json.length + 1);
            line[json.length] = '\n';
            return line;
        } catch (JsonWriter.Unwritable unwritable) {
            throw new Named("BadResult", "the function gave a value that JSON cannot carry: " + unwritable.getMessage());
        }
    }

    private void send(byte[] bytes, String contentType) throws InterruptedException {
        int start = 0;
        do {
            int end = (int) Math.min(bytes.length, start + Math.min(room(), CHUNK_BYTES_MAX));
            sendChunk(isBegun ? NOTHING : header(contentType), Arrays.copyOfRange(bytes, start, end));
            more(start - end);
            isBegun = true;
            start = end;
        } while (start < bytes.length);
    }

    /** How much may be sent, which is something. */
    private synchronized long room() throws InterruptedException {
        while (window <= 0) wait();
        return window;
    }

    private void sendChunk(byte[] header, byte[] piece) {
        synchronized (call) {
            if (call.isCancelled || call.isAnswered) throw new Cancelled("the result is not read any more");
            channel.send(Frames.CHUNK, call.id, header, piece);
        }
        channel.flush();
    }

    /** What the first piece says of the whole, by what the function set until now. */
    private byte[] header(String contentType) {
        Map<String, Object> custom = call.customIfUsed();
        Map<String, Object> header = custom == null ? new LinkedHashMap<>() : Results.responseHeader(custom);
        header.putIfAbsent("contentType", contentType);
        return JsonWriter.write(header);
    }
}
