package io.openpoly.worker;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The log of one execution: bytes become lines, within the limits of docs/worker-protocol.md. Not for two threads at once. */
final class LogBook {
    static final int LINE_BYTES_MAX = 16_384;
    static final long CALL_BYTES_MAX = 1_048_576;

    enum Level { debug, info, warn, error }

    interface Sender {
        /** Puts a line on its way; false when it cannot. */
        boolean send(Level level, byte[] text);
    }

    /** What was written without its newline yet. One byte more than a line may have tells where it can be cut. */
    private static final class Unfinished {
        private byte[] bytes = new byte[128];
        private int kept;
        private long said;

        void add(byte[] data, int from, int to) {
            int taken = Math.min(to - from, LINE_BYTES_MAX + 1 - kept);
            if (kept + taken > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, kept + taken));
            System.arraycopy(data, from, bytes, kept, taken);
            kept += taken;
            said += to - from;
        }
    }

    private final Sender sender;
    private final Unfinished[] unfinished = new Unfinished[Level.values().length];
    private long bytesLeft;
    private long leftOutLines;
    private long leftOutBytes;

    LogBook(Sender sender, long bytesMax) {
        this.sender = sender;
        this.bytesLeft = bytesMax;
    }

    /** Text as it comes from a stream: a line ends at a newline. */
    void write(Level level, byte[] data, int from, int to) {
        Unfinished begun = unfinished[level.ordinal()];
        if (begun == null) begun = unfinished[level.ordinal()] = new Unfinished();
        int start = from;
        for (int i = from; i < to; i++) {
            if (data[i] != '\n') continue;
            begun.add(data, start, i);
            start = i + 1;
            finish(level, begun);
        }
        begun.add(data, start, to);
    }

    /** Text that is one line, whatever newlines it has. */
    void line(Level level, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        line(level, bytes, bytes.length, bytes.length);
    }

    void close() {
        for (Level level : Level.values()) {
            Unfinished begun = unfinished[level.ordinal()];
            if (begun != null && begun.said > 0) finish(level, begun);
        }
        tellLeftOut();
    }

    void tellLeftOut() {
        if (leftOutLines == 0) return;
        String text = leftOutLines + " lines of log (" + leftOutBytes + " bytes) were left out";
        if (sender.send(Level.warn, text.getBytes(StandardCharsets.UTF_8))) leftOutLines = leftOutBytes = 0;
    }

    private void finish(Level level, Unfinished begun) {
        line(level, begun.bytes, begun.kept, begun.said);
        begun.kept = 0;
        begun.said = 0;
    }

    private void line(Level level, byte[] bytes, int length, long said) {
        byte[] kept = Arrays.copyOf(bytes, length > LINE_BYTES_MAX ? cut(bytes) : length);
        if (kept.length + 1 > bytesLeft || !sender.send(level, kept)) {
            leftOutLines++;
            leftOutBytes += said;
            return;
        }
        bytesLeft -= kept.length + 1;
    }

    /** The end of the line, between two characters. */
    private static int cut(byte[] bytes) {
        int end = LINE_BYTES_MAX;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) end--;
        return end;
    }
}
