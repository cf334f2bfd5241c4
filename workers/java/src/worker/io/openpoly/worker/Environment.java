package io.openpoly.worker;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Changes the environment after the start: what `System.getenv` shows, which Java keeps in a map of its own, and what
 * child processes inherit, which is the process's own (src/native/environment.c).
 */
final class Environment {
    static {
        System.loadLibrary("openpoly-environment");
    }

    private Environment() {}

    private static native void set(byte[] name, byte[] value);

    private static native void unset(byte[] name);

    /** From here on there are these variables only. */
    static void keep(Set<String> names) {
        Map<Object, Object> shown = shown();
        for (Object variable : new ArrayList<>(shown.keySet())) {
            if (names.contains(variable.toString())) continue;
            shown.remove(variable);
            unset(ended(variable.toString()));
        }
    }

    static void add(Map<?, ?> variables) {
        try {
            Method name = opened("java.lang.ProcessEnvironment$Variable");
            Method value = opened("java.lang.ProcessEnvironment$Value");
            for (Map.Entry<?, ?> variable : variables.entrySet()) {
                shown().put(name.invoke(null, variable.getKey()), value.invoke(null, variable.getValue()));
                set(ended((String) variable.getKey()), ended((String) variable.getValue()));
            }
        } catch (ReflectiveOperationException closed) {
            throw new IllegalStateException(closed);
        }
    }

    private static byte[] ended(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    private static Method opened(String type) throws ReflectiveOperationException {
        Method valueOf = Class.forName(type).getMethod("valueOf", String.class);
        valueOf.setAccessible(true);
        return valueOf;
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> shown() {
        try {
            Field map = Class.forName("java.lang.ProcessEnvironment").getDeclaredField("theEnvironment");
            map.setAccessible(true);
            return (Map<Object, Object>) map.get(null);
        } catch (ReflectiveOperationException closed) {
            throw new IllegalStateException(closed);
        }
    }
}
