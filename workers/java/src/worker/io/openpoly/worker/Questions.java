package io.openpoly.worker;

import io.openpoly.PolyError;
import io.openpoly.worker.Errors.Cancelled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What functions ask of the host while they run (`nested` frames), and the answers on their way back. */
final class Questions {
    private final Channel channel;
    private final Map<Integer, Question> open = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();

    Questions(Channel channel) {
        this.channel = channel;
    }

    /** An answer that is due. Whoever settles it does so once. */
    static class Question {
        final Call call;
        final String path;
        private final CountDownLatch settled = new CountDownLatch(1);
        private volatile Object value;
        private volatile Map<?, ?> error;
        private volatile boolean isAbandoned;

        Question(Call call, String path) {
            this.call = call;
            this.path = path;
        }

        void settle(Object value, Map<?, ?> error, boolean isAbandoned) {
            this.value = value;
            this.error = error;
            this.isAbandoned = isAbandoned;
            settled.countDown();
        }

        /** Waits. */
        Object outcome() {
            try {
                settled.await();
            } catch (InterruptedException interrupted) {
                if (!call.isCancelled) Thread.currentThread().interrupt();
                throw new Cancelled("the wait for " + path + " was interrupted");
            }
            if (isAbandoned) throw new Cancelled("the call was cancelled");
            if (error == null) return value;
            Object status = error.get("statusCode");
            throw new PolyError(
                    String.valueOf(error.get("message")),
                    status instanceof Integer ? (Integer) status : null,
                    error.get("code") instanceof String ? (String) error.get("code") : null);
        }
    }

    /** The host's answer, on behalf of the running call: JSON as {@link JsonReader} gives it. */
    Object ask(String op, String path, Object[] arguments) {
        Question question = new Question(running(path), path);
        put(question, op, arguments);
        return question.outcome();
    }

    void put(Question question, String op, Object[] arguments) {
        byte[] body = JsonWriter.write(new ArrayList<>(Arrays.asList(arguments)));
        Call call = question.call;
        synchronized (call) {
            if (call.isAnswered || call.isCancelled) {
                throw new Cancelled(question.path + " cannot be reached: its call has been answered");
            }
            send(question, op, body);
        }
        channel.flush();
    }

    static Call running(String path) {
        Call call = Call.running();
        if (call == null) throw new IllegalStateException(path + " can be reached only while a call is answered");
        return call;
    }

    private void send(Question question, String op, byte[] body) {
        Call call = question.call;
        int id = lastId.incrementAndGet();
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("call", Integer.toUnsignedLong(call.id));
        header.put("sequence", call.nestedCount);
        header.put("op", op);
        header.put("path", question.path);
        open.put(id, question); // first, because the answer may come before the next line
        try {
            channel.send(Frames.NESTED, id, JsonWriter.write(header), body);
        } catch (Frames.TooLarge tooLarge) {
            open.remove(id);
            throw tooLarge;
        }
        call.nestedCount++;
        call.openQuestions.add(id);
    }

    void answer(int id, Map<?, ?> header, Object value) {
        Question question = open.remove(id);
        if (question == null) return; // its call was answered first
        synchronized (question.call) {
            question.call.openQuestions.remove(id);
        }
        question.settle(value, header.get("error") instanceof Map ? (Map<?, ?>) header.get("error") : null, false);
    }

    /** Nobody waits for {@code call} any more: code of it that still waits for the host is woken to end. */
    void abandon(Call call) {
        Integer[] ids;
        synchronized (call) {
            ids = call.openQuestions.toArray(new Integer[0]);
            call.openQuestions.clear();
        }
        for (Integer id : ids) {
            Question question = open.remove(id);
            if (question != null) question.settle(null, null, true);
        }
    }
}
