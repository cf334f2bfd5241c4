package io.openpoly.worker;

import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.UUID;

/** Types of the JDK that travel as a JSON string: what `toString` writes, their own parser reads. */
final class Scalars {
    private Scalars() {}

    static boolean isScalar(Class<?> type) {
        return type == UUID.class || type == URI.class || type.getName().startsWith("java.time.");
    }

    /** Throws IllegalArgumentException with the reason when {@code text} is none. */
    static Object parse(Class<?> type, String text) {
        if (type == UUID.class) return UUID.fromString(text);
        if (type == URI.class) return URI.create(text);
        try {
            if (type.getName().equals("java.time.ZoneId")) return type.getMethod("of", String.class).invoke(null, text);
            return type.getMethod("parse", CharSequence.class).invoke(null, text);
        } catch (InvocationTargetException failed) {
            throw new IllegalArgumentException(failed.getCause().getMessage());
        } catch (ReflectiveOperationException none) {
            throw new IllegalArgumentException("a " + type.getSimpleName() + " cannot be read from text");
        }
    }
}
