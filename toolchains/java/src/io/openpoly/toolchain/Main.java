package io.openpoly.toolchain;

import io.openpoly.worker.Channel;
import io.openpoly.worker.Frames;
import io.openpoly.worker.Frames.Frame;
import io.openpoly.worker.Frames.ProtocolError;
import io.openpoly.worker.JsonReader;
import io.openpoly.worker.JsonWriter;
import io.openpoly.worker.Jvm;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The Java toolchain: a program that polyd starts when a Java function is deployed. It speaks docs/worker-protocol.md
 * with its one function built in, so it is loaded from the start, and a call's body is a request such as
 * {@code {"op":"describe",...}}. It reads and compiles source and never runs it.
 */
public final class Main {
    private static final int PROTOCOL_ERROR_EXIT = 76;
    private static final int BROKEN_EXIT = 70;
    // The compiler walks trees recursively; a chain of a few thousand terms is still a source.
    private static final long STACK_BYTES = 64L * 1024 * 1024;
    private static final byte[] NOTHING = {};

    private final Channel channel;
    private final Frames.Reader reader;
    private final Describe describe = new Describe();

    private Main(int descriptor) {
        channel = new Channel(Jvm.output(descriptor), Frames.BYTES_MAX);
        reader = new Frames.Reader(Jvm.input(descriptor), Frames.BYTES_MAX);
    }

    public static void main(String[] arguments) {
        Main main = new Main(Jvm.numberFromEnvironment("OPENPOLY_WORKER_FD", -1));
        new Thread(null, () -> Jvm.end(main.run()), "openpoly-toolchain", STACK_BYTES).start();
    }

    /** Serves until the stream ends, and gives the code to exit with. */
    private int run() {
        try {
            greet();
            serve();
            return 0;
        } catch (ProtocolError error) {
            Jvm.tell("the toolchain stops: " + error.getMessage());
            return PROTOCOL_ERROR_EXIT;
        } catch (IOException gone) {
            return 0;
        } catch (RuntimeException | Error broken) {
            Jvm.tell("the toolchain is broken: " + broken);
            return BROKEN_EXIT;
        }
    }

    private void greet() {
        Map<String, Object> hello = new LinkedHashMap<>();
        hello.put("protocol", 1);
        hello.put("language", "java");
        hello.put("runtime", "openjdk " + System.getProperty("java.version"));
        hello.put("pid", ProcessHandle.current().pid());
        channel.send(Frames.HELLO, 0, JsonWriter.write(hello));
        channel.send(Frames.LOADED, 0, NOTHING);
        channel.flush();
    }

    private void serve() throws IOException, ProtocolError {
        Frame frame;
        while ((frame = reader.next()) != null) {
            if (frame.kind == Frames.DRAIN) return;
            if (frame.kind == Frames.CALL) answer(frame);
            else if (frame.kind != Frames.CANCEL) throw new ProtocolError("a toolchain takes no frame of kind " + frame.kind);
        }
    }

    private void answer(Frame frame) {
        try {
            channel.send(Frames.RESULT, frame.id, NOTHING, JsonWriter.write(result(frame)));
        } catch (Request.Bad | JsonReader.Malformed | RuntimeException | OutOfMemoryError error) {
            Map<String, Object> header = new LinkedHashMap<>();
            header.put("name", error.getClass().getSimpleName());
            header.put("message", String.valueOf(error.getMessage()));
            channel.send(Frames.ERROR, frame.id, JsonWriter.write(header));
        }
        channel.flush();
    }

    private Object result(Frame frame) throws Request.Bad, JsonReader.Malformed {
        Object body = frame.hasBody() ? frame.body() : null;
        Object operation = body instanceof Map ? ((Map<?, ?>) body).get("op") : null;
        if ("ping".equals(operation)) return Map.of("ok", true);
        if ("describe".equals(operation)) return describe.answer(Request.from((Map<?, ?>) body));
        throw new Request.Bad("op: must be one of ping, describe");
    }
}
