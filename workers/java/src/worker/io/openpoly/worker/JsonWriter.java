package io.openpoly.worker;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Values to JSON text. Records and beans are objects, enum constants their names, byte arrays Base64, an empty
 * Optional null; dates, times, UUIDs and URIs are strings as {@code toString} makes them. Half a surrogate pair
 * becomes a question mark.
 */
public final class JsonWriter {
    /** A value that JSON cannot carry; the message says which. */
    public static final class Unwritable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unwritable(String message) {
            super(message);
        }
    }

    private final StringBuilder out = new StringBuilder();
    private int depth;

    private JsonWriter() {}

    public static byte[] write(Object value) {
        JsonWriter writer = new JsonWriter();
        writer.value(value);
        return writer.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void value(Object value) {
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long
                || value instanceof Short || value instanceof Byte || value instanceof BigInteger
                || value instanceof BigDecimal) {
            out.append(value);
        } else if (value instanceof CharSequence || value instanceof Character) {
            string(value.toString());
        } else if (value instanceof Double || value instanceof Float) {
            decimal((Number) value);
        } else if (value instanceof Map) {
            object((Map<?, ?>) value);
        } else if (value instanceof Iterable) {
            array((Iterable<?>) value);
        } else if (value instanceof Enum) {
            string(((Enum<?>) value).name());
        } else if (value instanceof byte[]) {
            string(Base64.getEncoder().encodeToString((byte[]) value));
        } else if (value.getClass().isArray()) {
            javaArray(value);
        } else if (value instanceof Number) {
            number((Number) value);
        } else if (!optional(value)) {
            other(value);
        }
    }

    private void decimal(Number value) {
        double number = value.doubleValue();
        if (Double.isNaN(number) || Double.isInfinite(number)) throw new Unwritable("a number is " + value);
        boolean isWhole = number == Math.rint(number) && Math.abs(number) < 1e15;
        if (isWhole && (number != 0 || 1 / number > 0)) out.append((long) number);
        else out.append(value);
    }

    /** AtomicInteger and its like say what they hold. */
    private void number(Number value) {
        try {
            out.append(new BigDecimal(value.toString()));
        } catch (NumberFormatException noNumber) {
            throw new Unwritable("a " + value.getClass().getName());
        }
    }

    private boolean optional(Object value) {
        if (value instanceof Optional) value(((Optional<?>) value).orElse(null));
        else if (value instanceof OptionalInt) value(((OptionalInt) value).isPresent() ? ((OptionalInt) value).getAsInt() : null);
        else if (value instanceof OptionalLong) value(((OptionalLong) value).isPresent() ? ((OptionalLong) value).getAsLong() : null);
        else if (value instanceof OptionalDouble) value(((OptionalDouble) value).isPresent() ? ((OptionalDouble) value).getAsDouble() : null);
        else return false;
        return true;
    }

    private void other(Object value) {
        if (Scalars.isScalar(value.getClass())) {
            string(value.toString());
            return;
        }
        Shape shape = Shape.of(value.getClass());
        if (!shape.isWritable()) throw new Unwritable("a " + value.getClass().getName());
        open('{');
        boolean isFirst = true;
        for (Shape.Property property : shape.written) {
            isFirst = member(isFirst, property.name, property.get(value));
        }
        close('}');
    }

    private void object(Map<?, ?> members) {
        open('{');
        boolean isFirst = true;
        for (Map.Entry<?, ?> member : members.entrySet()) {
            Object key = member.getKey();
            String name = key instanceof Enum ? ((Enum<?>) key).name() : String.valueOf(key);
            isFirst = member(isFirst, name, member.getValue());
        }
        close('}');
    }

    private boolean member(boolean isFirst, String name, Object value) {
        if (!isFirst) out.append(',');
        string(name);
        out.append(':');
        value(value);
        return false;
    }

    private void array(Iterable<?> items) {
        open('[');
        boolean isFirst = true;
        for (Object item : items) {
            if (!isFirst) out.append(',');
            isFirst = false;
            value(item);
        }
        close(']');
    }

    private void javaArray(Object array) {
        open('[');
        int length = Array.getLength(array);
        for (int i = 0; i < length; i++) {
            if (i > 0) out.append(',');
            value(Array.get(array, i));
        }
        close(']');
    }

    private void open(char bracket) {
        if (++depth > JsonReader.DEPTH_MAX) throw new Unwritable("it contains itself, or is nested too deeply");
        out.append(bracket);
    }

    private void close(char bracket) {
        depth--;
        out.append(bracket);
    }

    private void string(String text) {
        out.append('"');
        int plainStart = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit >= 0x20 && unit != '"' && unit != '\\') continue;
            out.append(text, plainStart, i);
            plainStart = i + 1;
            escape(unit);
        }
        out.append(text, plainStart, text.length()).append('"');
    }

    private void escape(char unit) {
        switch (unit) {
            case '"':
                out.append("\\\"");
                break;
            case '\\':
                out.append("\\\\");
                break;
            case '\n':
                out.append("\\n");
                break;
            case '\r':
                out.append("\\r");
                break;
            case '\t':
                out.append("\\t");
                break;
            default:
                out.append("\\u00").append(Character.forDigit(unit >> 4, 16)).append(Character.forDigit(unit & 15, 16));
        }
    }
}
