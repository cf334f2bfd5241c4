package io.openpoly.worker;

import io.openpoly.worker.Errors.Named;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a function returned, as a `result` frame. */
final class Results {
    private static final int STATUS_MIN = 200;
    private static final int STATUS_MAX = 599;
    private static final byte[] NOTHING = {};

    final byte[] header;
    final byte[] body;

    private Results(byte[] header, byte[] body) {
        this.header = header;
        this.body = body;
    }

    /** {@code custom} is null when the function never looked at PolyCustom. */
    static Results of(Object returned, Map<String, Object> custom) {
        Object value = returned instanceof Optional ? ((Optional<?>) returned).orElse(null) : returned;
        Map<String, Object> header = custom == null ? new LinkedHashMap<>() : responseHeader(custom);
        byte[] body;
        if (value == null) {
            header.put("void", true);
            body = NOTHING;
        } else if (value instanceof String) {
            header.put("text", true);
            body = ((String) value).getBytes(StandardCharsets.UTF_8);
        } else {
            try {
                body = JsonWriter.write(value);
            } catch (JsonWriter.Unwritable unwritable) {
                throw new Named("BadResult", "the function returned a value that JSON cannot carry: " + unwritable.getMessage());
            }
        }
        return new Results(header.isEmpty() ? NOTHING : JsonWriter.write(header), body);
    }

    /** What the function chose of how its answer looks. */
    static Map<String, Object> responseHeader(Map<String, Object> custom) {
        Map<String, Object> header = new LinkedHashMap<>();
        Object status = custom.get("responseStatusCode");
        if (status != null) {
            if (!(status instanceof Integer) || (int) status < STATUS_MIN || (int) status > STATUS_MAX) {
                throw badField("responseStatusCode", "a whole number from " + STATUS_MIN + " to " + STATUS_MAX);
            }
            header.put("status", status);
        }
        Object contentType = custom.get("responseContentType");
        if (contentType != null) {
            if (!(contentType instanceof String)) throw badField("responseContentType", "a string");
            header.put("contentType", contentType);
        }
        Object headers = custom.get("responseHeaders");
        if (headers != null) {
            if (!(headers instanceof Map)) throw badField("responseHeaders", "a map");
            header.put("headers", headers);
        }
        return header;
    }

    private static Named badField(String field, String expected) {
        return new Named("BadResult", "polyCustom." + field + " must be " + expected);
    }
}
