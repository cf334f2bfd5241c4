package io.openpoly.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The program that polyd starts to run Java functions. It says hello, then answers frames until the socket ends
 * (docs/worker-protocol.md). The greeting goes out before the rest is loaded, so that a cold start overlaps with the
 * host's own work.
 */
public final class Main {
    private static final int PROTOCOL_ERROR_EXIT = 76;
    private static final int BROKEN_EXIT = 70;
    private static final Set<String> KEPT_VARIABLES = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR");

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        int descriptor = Jvm.numberFromEnvironment("OPENPOLY_WORKER_FD", -1);
        int frameBytesMax = Jvm.numberFromEnvironment("OPENPOLY_FRAME_BYTES_MAX", Frames.BYTES_MAX);
        Environment.keep(KEPT_VARIABLES);
        useFolder(System.getenv("TMPDIR"));
        Jvm.end(run(Jvm.input(descriptor), Jvm.output(descriptor), frameBytesMax));
    }

    /** The one folder that may be written: Java itself only knows /tmp. */
    private static void useFolder(String temporary) {
        if (temporary != null) {
            System.setProperty("java.io.tmpdir", temporary);
        }
    }

    /** Serves until the stream ends, and gives the code to exit with. */
    static int run(InputStream input, OutputStream output, int frameBytesMax) throws IOException {
        output.write(hello());
        try {
            Channel channel = new Channel(output, frameBytesMax);
            channel.startWriter();
            Capture.install(channel);
            new Worker(channel).serve(new Frames.Reader(input, frameBytesMax));
            return 0;
        } catch (Frames.ProtocolError error) {
            return told(PROTOCOL_ERROR_EXIT, "protocol error: " + error.getMessage());
        } catch (IOException gone) {
            return 0;
        } catch (Throwable broken) {
            return told(BROKEN_EXIT, "broken: " + Errors.describe(broken));
        }
    }

    static byte[] hello() {
        String text = "{\"protocol\":1,\"language\":\"java\",\"runtime\":\"openjdk " + System.getProperty("java.version")
                + "\",\"pid\":" + ProcessHandle.current().pid() + "}";
        byte[] header = text.getBytes(StandardCharsets.UTF_8);
        return Frames.encode(Frames.HELLO, 0, header, new byte[0], Frames.BYTES_MAX);
    }

    private static int told(int code, String reason) {
        Jvm.tell(reason);
        return code;
    }
}
