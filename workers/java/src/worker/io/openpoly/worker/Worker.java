package io.openpoly.worker;

import io.openpoly.worker.Errors.Cancelled;
import io.openpoly.worker.Errors.Named;
import io.openpoly.worker.Frames.Frame;
import io.openpoly.worker.Frames.ProtocolError;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The life of a worker: loaded once, then calls in and answers out, until it is drained (docs/worker-protocol.md). */
final class Worker {
    private static final byte[] NOTHING = {};
    private static final byte[] VOID = JsonWriter.write(Map.of("void", true));
    private static final String LANGUAGE = "java";

    private final Channel channel;
    private final Questions questions;
    private final Pool pool = new Pool();
    private final Map<Integer, Call> calls = new ConcurrentHashMap<>(); // without an answer
    private final AtomicInteger inFlight = new AtomicInteger(); // their answer has not been queued
    private volatile boolean isDraining;
    private Function function;

    Worker(Channel channel) {
        this.channel = channel;
        this.questions = new Questions(channel);
    }

    /** Handles frames until the stream ends. */
    void serve(Frames.Reader reader) throws IOException, ProtocolError {
        Frame frame;
        while ((frame = reader.next()) != null) handle(frame);
    }

    private void handle(Frame frame) throws ProtocolError {
        Map<?, ?> header = header(frame);
        switch (frame.kind) {
            case Frames.LOAD:
                load(header, frame);
                channel.flushSoon();
                break;
            case Frames.CALL:
                call(header, frame);
                break;
            case Frames.CANCEL:
                cancel(frame.id);
                break;
            case Frames.MORE:
                more(header, frame.id);
                break;
            case Frames.DRAIN:
                isDraining = true;
                endWhenDrained();
                break;
            case Frames.REPLY:
                reply(header, frame);
                break;
            default:
                throw new ProtocolError("a frame of unknown kind " + frame.kind);
        }
    }

    private static Map<?, ?> header(Frame frame) throws ProtocolError {
        if (!frame.hasHeader()) return Map.of();
        try {
            Object header = frame.header();
            if (header instanceof Map) return (Map<?, ?>) header;
        } catch (JsonReader.Malformed malformed) {
            throw new ProtocolError("a header is not JSON: " + malformed.getMessage());
        }
        throw new ProtocolError("a header is not a JSON object");
    }

    private void load(Map<?, ?> header, Frame frame) {
        try {
            if (function != null) throw new Named("AlreadyLoaded", "this worker has its function and cannot load another");
            if (!LANGUAGE.equals(header.get("language"))) {
                throw new Named("WrongLanguage", "this worker runs " + LANGUAGE + ", not " + header.get("language"));
            }
            if (header.get("environment") instanceof Map) Environment.add((Map<?, ?>) header.get("environment"));
            ClassLoader shared = FunctionLoader.shared(listOf(header, "layers"));
            Map<String, Catalog.ClientFunction> clients = new LinkedHashMap<>();
            for (Object client : listOf(header, "clientFunctions")) {
                Map<?, ?> declaration = (Map<?, ?>) client;
                clients.put((String) declaration.get("path"), new Catalog.ClientFunction(declaration, shared));
            }
            new Catalog(questions, clients).install();
            function = Function.load(frame.bodyBytes(), (String) header.get("path"), listOf(header, "parameters"), shared);
            Thread.currentThread().setContextClassLoader(function.loader()); // threads that run calls inherit it
            channel.send(Frames.LOADED, 0, NOTHING);
        } catch (Throwable thrown) {
            channel.send(Frames.ERROR, 0, JsonWriter.write(Errors.describe(thrown)));
        }
    }

    private static List<?> listOf(Map<?, ?> header, String name) {
        return header.get(name) instanceof List ? (List<?>) header.get(name) : List.of();
    }

    private void call(Map<?, ?> header, Frame frame) throws ProtocolError {
        String name = "call " + Integer.toUnsignedString(frame.id);
        if (function == null) throw new ProtocolError(name + " came before a function was loaded");
        if (isDraining) throw new ProtocolError(name + " came after drain");
        Call call = new Call(frame.id, header);
        if (calls.putIfAbsent(frame.id, call) != null) throw new ProtocolError(name + " is in flight already");
        inFlight.incrementAndGet();
        pool.run(() -> run(call, frame));
    }

    private void run(Call call, Frame frame) {
        Call.become(call);
        try {
            begin(call);
            Object value = function.call(Function.arguments(frame));
            boolean isStream = ResultStream.isStream(value);
            if (isStream) sendPieces(call, value);
            end(call);
            if (isStream) answer(call, Frames.RESULT, VOID, NOTHING);
            else succeed(call, value);
        } catch (Throwable thrown) {
            end(call);
            fail(call, thrown);
        }
        Call.become(null);
        if (pool.hasWaiting()) channel.flushSoon();
        else channel.flush();
    }

    private static void begin(Call call) {
        synchronized (call) {
            if (call.isCancelled) throw new Cancelled("the call was cancelled");
            call.thread = Thread.currentThread();
        }
    }

    /** From here on the thread is not interrupted for this call; what came before is forgotten. */
    private static void end(Call call) {
        synchronized (call) {
            call.thread = null;
        }
        Thread.interrupted();
    }

    private void sendPieces(Call call, Object value) throws Exception {
        call.stream = new ResultStream(call, channel);
        call.stream.sendAll(value);
    }

    private void succeed(Call call, Object value) {
        Results result = Results.of(value, call.customIfUsed());
        try {
            answer(call, Frames.RESULT, result.header, result.body);
        } catch (Frames.TooLarge tooLarge) {
            throw new Named("ResultTooLarge", "the result is too large: " + tooLarge.getMessage());
        }
    }

    private void fail(Call call, Throwable thrown) {
        Map<String, Object> description = Errors.describe(thrown);
        Map<String, Object> custom = call.customIfUsed();
        Object chosen = custom == null ? null : custom.get("responseStatusCode");
        if (Errors.isErrorStatus(chosen)) description.putIfAbsent("statusCode", chosen);
        answer(call, Frames.ERROR, JsonWriter.write(description), NOTHING);
    }

    /** The one answer of a call; for one that was cancelled it says so, whatever came out. */
    private void answer(Call call, int kind, byte[] header, byte[] body) {
        synchronized (call) {
            if (call.isAnswered) return;
            if (call.logBook != null) call.logBook.close();
            byte[] cancelled = call.isCancelled ? JsonWriter.write(Map.of("name", "Cancelled", "message", "the call was cancelled")) : null;
            calls.remove(call.id);
            if (cancelled != null) channel.send(Frames.ERROR, call.id, cancelled);
            else channel.send(kind, call.id, header, body);
            call.isAnswered = true;
        }
        inFlight.decrementAndGet();
        questions.abandon(call);
        endWhenDrained();
    }

    /** Java code cannot be stopped from outside: its thread is interrupted, and what has not started never does. */
    private void cancel(int id) {
        Call call = calls.get(id);
        if (call == null) return; // its answer is on the way
        boolean hasStarted;
        synchronized (call) {
            call.isCancelled = true;
            hasStarted = call.thread != null;
            if (hasStarted) call.thread.interrupt();
        }
        questions.abandon(call);
        if (!hasStarted) answer(call, Frames.ERROR, NOTHING, NOTHING);
        channel.flushSoon();
    }

    private void more(Map<?, ?> header, int id) throws ProtocolError {
        if (!(header.get("bytes") instanceof Number)) throw new ProtocolError("a frame says that more may come, and not how much");
        Call call = calls.get(id);
        if (call != null && call.stream != null) call.stream.more(((Number) header.get("bytes")).longValue());
    }

    private void reply(Map<?, ?> header, Frame frame) throws ProtocolError {
        try {
            questions.answer(frame.id, header, frame.hasBody() ? frame.body() : null);
        } catch (JsonReader.Malformed malformed) {
            throw new ProtocolError("the body of a reply is not JSON: " + malformed.getMessage());
        }
    }

    private void endWhenDrained() {
        if (isDraining && inFlight.get() == 0) channel.endWhenWritten();
    }
}
