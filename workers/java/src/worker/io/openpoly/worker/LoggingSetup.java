package io.openpoly.worker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Sends records of java.util.logging, and of System.Logger, to the log of their call with their own level. The JDK makes one when logging is first used. */
public final class LoggingSetup {
    public LoggingSetup() throws IOException {
        String configuration = "handlers=" + CallHandler.class.getName() + "\n.level=INFO\n";
        try (InputStream input = new ByteArrayInputStream(configuration.getBytes(StandardCharsets.ISO_8859_1))) {
            LogManager.getLogManager().readConfiguration(input);
        }
    }

    public static final class CallHandler extends Handler {
        private final Formatter messages = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            if (!isLoggable(record)) return;
            String text = messages.formatMessage(record);
            if (record.getThrown() != null) {
                StringWriter stack = new StringWriter();
                record.getThrown().printStackTrace(new PrintWriter(stack));
                text += "\n" + stack;
            }
            Capture.line(levelOf(record.getLevel().intValue()), text);
        }

        private static LogBook.Level levelOf(int value) {
            if (value >= Level.SEVERE.intValue()) return LogBook.Level.error;
            if (value >= Level.WARNING.intValue()) return LogBook.Level.warn;
            return value >= Level.CONFIG.intValue() ? LogBook.Level.info : LogBook.Level.debug;
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // There is nothing to give back.
        }
    }
}
