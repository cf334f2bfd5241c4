package io.openpoly.toolchain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with a source, as an answer tells it: places count from 1. */
final class Faults {
    private Faults() {}

    static Map<String, Object> at(String message, long line, long column) {
        Map<String, Object> fault = new LinkedHashMap<>();
        fault.put("message", message);
        fault.put("line", Math.max(line, 1));
        fault.put("column", Math.max(column, 1));
        return fault;
    }

    static Map<String, Object> refusal(List<Map<String, Object>> errors) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ok", false);
        answer.put("errors", errors);
        return answer;
    }

    static Map<String, Object> refusal(String message) {
        return refusal(List.of(at(message, 1, 1)));
    }
}
