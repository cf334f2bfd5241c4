package io.openpoly;

import io.openpoly.internal.Host;
import java.util.Map;

/** What belongs to the running call alone: what it was given, and how its answer is to look. */
public final class PolyCustom {
    private PolyCustom() {}

    public static String executionId() {
        return (String) get("executionId");
    }

    /** A value that came with the call or was set during it; null when there is none. */
    public static Object get(String name) {
        return Host.get().custom(name);
    }

    public static void set(String name, Object value) {
        Host.get().setCustom(name, value);
    }

    public static void responseStatusCode(int status) {
        set("responseStatusCode", status);
    }

    public static void responseContentType(String type) {
        set("responseContentType", type);
    }

    public static void responseHeaders(Map<String, String> headers) {
        set("responseHeaders", headers);
    }
}
