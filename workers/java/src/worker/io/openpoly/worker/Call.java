package io.openpoly.worker;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One call in flight, and which call the running thread belongs to. Whoever sends a frame of a call holds its
 * monitor, so that nothing follows its answer.
 */
final class Call {
    private static final InheritableThreadLocal<Call> RUNNING = new InheritableThreadLocal<>();

    final int id;
    final Map<?, ?> header;
    final Set<Integer> openQuestions = new HashSet<>();
    boolean isAnswered;
    boolean isCancelled;
    Thread thread; // while one runs the function
    int nestedCount;
    LogBook logBook; // made by the first line of log
    volatile ResultStream stream; // once the result streams
    private Map<String, Object> custom; // made when the function first looks at it

    Call(int id, Map<?, ?> header) {
        this.id = id;
        this.header = header;
    }

    /** The call on whose behalf this thread runs, or null. Threads that it starts belong to the call as well. */
    static Call running() {
        return RUNNING.get();
    }

    static void become(Call call) {
        if (call == null) RUNNING.remove();
        else RUNNING.set(call);
    }

    boolean wantsLogs() {
        return Boolean.TRUE.equals(header.get("logs"));
    }

    synchronized Map<String, Object> customIfUsed() {
        return custom;
    }

    /** What the function sees as PolyCustom. */
    synchronized Map<String, Object> custom() {
        if (custom == null) {
            custom = new LinkedHashMap<>();
            if (header.get("polyCustom") instanceof Map) {
                ((Map<?, ?>) header.get("polyCustom")).forEach((name, value) -> custom.put((String) name, Binding.natural(value)));
            }
            custom.put("executionId", header.get("executionId"));
        }
        return custom;
    }
}
