package io.openpoly.worker;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Frames to bytes and back: the "Frame" section of docs/worker-protocol.md. */
public final class Frames {
    public static final int LOAD = 0x01, CALL = 0x02, CANCEL = 0x03, DRAIN = 0x04, REPLY = 0x05, MORE = 0x06;
    public static final int HELLO = 0x41, LOADED = 0x42, RESULT = 0x43, ERROR = 0x44, LOG = 0x45, NESTED = 0x46, CHUNK = 0x47;

    public static final int BYTES_MAX = 64 * 1024 * 1024; // of `length`
    static final int KIND_OFFSET = 4;
    private static final int BYTES_MIN = 5; // kind and id
    private static final int PREFIX_BYTES = 9; // length, kind, id
    private static final int ENVELOPE_BYTES = 13; // and header_length
    private static final int READ_BYTES = 64 * 1024;

    private Frames() {}

    /** Bytes that are not frames: the connection cannot go on. */
    public static final class ProtocolError extends Exception {
        private static final long serialVersionUID = 1;

        public ProtocolError(String message) {
            super(message);
        }
    }

    /** A frame that the receiver would refuse; the sender must say something shorter. */
    static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLarge(long length, int bytesMax) {
            super("it takes a frame of " + length + " bytes and at most " + bytesMax + " fit");
        }
    }

    /** A frame that arrived; {@code bytes} is all of it behind its length. */
    public static final class Frame {
        public final int kind;
        public final int id;
        public final byte[] bytes;
        private final int headerStart;
        private final int headerEnd;

        Frame(byte[] bytes) throws ProtocolError {
            this.bytes = bytes;
            kind = bytes[0];
            id = number(bytes, 1);
            int message = BYTES_MIN;
            if (bytes.length == message) {
                headerStart = headerEnd = message;
                return;
            }
            headerStart = message + 4;
            if (headerStart > bytes.length) throw new ProtocolError("a frame of kind " + kind + " ends inside header_length");
            long end = headerStart + Integer.toUnsignedLong(number(bytes, message));
            if (end > bytes.length) throw new ProtocolError("the header of a frame of kind " + kind + " passes its end");
            headerEnd = (int) end;
        }

        public boolean hasHeader() {
            return headerStart < headerEnd;
        }

        public Object header() throws JsonReader.Malformed {
            return JsonReader.read(bytes, headerStart, headerEnd);
        }

        public boolean hasBody() {
            return headerEnd < bytes.length;
        }

        byte[] bodyBytes() {
            return Arrays.copyOfRange(bytes, headerEnd, bytes.length);
        }

        public Object body() throws JsonReader.Malformed {
            return JsonReader.read(bytes, headerEnd, bytes.length);
        }
    }

    /** {@code header} is JSON text, empty for {@code {}}. */
    public static byte[] encode(int kind, int id, byte[] header, byte[] body, int bytesMax) {
        long length = ENVELOPE_BYTES - 4L + header.length + body.length;
        if (length > bytesMax) throw new TooLarge(length, bytesMax);
        byte[] frame = new byte[(int) length + 4];
        putNumber(frame, 0, (int) length);
        frame[KIND_OFFSET] = (byte) kind;
        putNumber(frame, KIND_OFFSET + 1, id);
        putNumber(frame, PREFIX_BYTES, header.length);
        System.arraycopy(header, 0, frame, ENVELOPE_BYTES, header.length);
        System.arraycopy(body, 0, frame, ENVELOPE_BYTES + header.length, body.length);
        return frame;
    }

    /** Takes frames from a stream. */
    public static final class Reader {
        private final InputStream input;
        private final int bytesMax;

        public Reader(InputStream input, int bytesMax) {
            this.input = new BufferedInputStream(input, READ_BYTES);
            this.bytesMax = bytesMax;
        }

        /** The next frame; null when the stream has ended between two. */
        public Frame next() throws IOException, ProtocolError {
            byte[] prefix = new byte[KIND_OFFSET];
            int count = fill(prefix);
            if (count == 0) return null;
            requireAll(prefix, count);
            long length = Integer.toUnsignedLong(number(prefix, 0));
            if (length < BYTES_MIN || length > bytesMax) {
                throw new ProtocolError("frame length " + length + " is outside " + BYTES_MIN + ".." + bytesMax);
            }
            byte[] bytes = new byte[(int) length];
            requireAll(bytes, fill(bytes));
            return new Frame(bytes);
        }

        private int fill(byte[] bytes) throws IOException {
            int count = 0;
            while (count < bytes.length) {
                int more = input.read(bytes, count, Math.min(bytes.length - count, READ_BYTES));
                if (more < 0) break;
                count += more;
            }
            return count;
        }

        private static void requireAll(byte[] bytes, int count) throws ProtocolError {
            if (count < bytes.length) throw new ProtocolError("the socket ended inside a frame");
        }
    }

    private static int number(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
    }

    private static void putNumber(byte[] bytes, int at, int value) {
        for (int i = 0; i < 4; i++) bytes[at + i] = (byte) (value >>> 8 * i);
    }
}
