package io.openpoly.worker;

import io.openpoly.worker.LogBook.Level;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Output of user code becomes log lines of the call whose thread wrote them. */
final class Capture {
    private static final byte[][] HEADER_STARTS = new byte[Level.values().length][];
    private static volatile Capture current;

    static {
        for (Level level : Level.values()) {
            HEADER_STARTS[level.ordinal()] = ("{\"level\":\"" + level + "\",\"at\":").getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private final Channel channel;
    private final LogBook unattributed;

    private Capture(Channel channel) {
        this.channel = channel;
        this.unattributed = new LogBook(senderOf(0), Long.MAX_VALUE);
    }

    /** Puts our doors in place of standard output and error, and of the handlers of java.util.logging. */
    static void install(Channel channel) {
        current = new Capture(channel);
        System.setOut(new PrintStream(new LevelStream(Level.info), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new LevelStream(Level.error), true, StandardCharsets.UTF_8));
        System.setProperty("java.util.logging.config.class", LoggingSetup.class.getName());
    }

    static void line(Level level, String text) {
        current.write(book -> book.line(level, text));
    }

    private void write(Consumer<LogBook> writing) {
        Call call = Call.running();
        if (call != null) {
            synchronized (call) {
                if (!call.wantsLogs()) return;
                if (!call.isAnswered) {
                    if (call.logBook == null) call.logBook = new LogBook(senderOf(call.id), LogBook.CALL_BYTES_MAX);
                    writing.accept(call.logBook);
                    return;
                }
            }
        }
        synchronized (unattributed) {
            unattributed.tellLeftOut();
            writing.accept(unattributed);
        }
    }

    private LogBook.Sender senderOf(int id) {
        return (level, text) -> {
            byte[] start = HEADER_STARTS[level.ordinal()];
            byte[] end = (System.currentTimeMillis() + "}").getBytes(StandardCharsets.ISO_8859_1);
            byte[] header = Arrays.copyOf(start, start.length + end.length);
            System.arraycopy(end, 0, header, start.length, end.length);
            return channel.sendLog(id, header, text);
        };
    }

    private static final class LevelStream extends OutputStream {
        private final Level level;

        LevelStream(Level level) {
            this.level = level;
        }

        @Override
        public void write(int unit) {
            write(new byte[] {(byte) unit}, 0, 1);
        }

        @Override
        public void write(byte[] data, int offset, int length) {
            current.write(book -> book.write(level, data, offset, offset + length));
        }
    }
}
