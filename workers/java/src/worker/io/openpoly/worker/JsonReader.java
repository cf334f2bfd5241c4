package io.openpoly.worker;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON text to values, because the JDK has no reader: {@code Map}, {@code List}, {@code String}, {@code Boolean},
 * {@code null}, and for numbers {@code Integer}, {@code Long} or {@code BigInteger}, whichever is the first to hold
 * it, or {@code BigDecimal} when it has a fraction or an exponent. All of RFC 8259 and nothing beside it.
 */
public final class JsonReader {
    static final int DEPTH_MAX = 500;
    static final int NUMBER_CHARACTERS_MAX = 1_000;

    /** Text that is not JSON, or passes a limit; the message says where. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    private final byte[] text;
    private final int end;
    private int at;
    private int depth;

    private JsonReader(byte[] text, int start, int end) {
        this.text = text;
        this.at = start;
        this.end = end;
    }

    static Object read(byte[] text, int start, int end) throws Malformed {
        JsonReader reader = new JsonReader(text, start, end);
        reader.skipSpace();
        Object value = reader.value();
        reader.skipSpace();
        if (reader.at != end) throw reader.unexpected("something follows the value");
        return value;
    }

    public static Object read(byte[] text) throws Malformed {
        return read(text, 0, text.length);
    }

    private Object value() throws Malformed {
        if (at == end) throw unexpected("the text ends where a value is due");
        switch (text[at]) {
            case '{':
                return object();
            case '[':
                return array();
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> object() throws Malformed {
        Map<String, Object> members = new LinkedHashMap<>();
        open();
        if (take('}')) return closed(members);
        do {
            skipSpace();
            if (at == end || text[at] != '"') throw unexpected("a key in quotes is due");
            String key = string();
            skipSpace();
            if (!take(':')) throw unexpected("a colon is due");
            skipSpace();
            members.put(key, value());
            skipSpace();
        } while (take(','));
        if (!take('}')) throw unexpected("a comma or the end of the object is due");
        return closed(members);
    }

    private List<Object> array() throws Malformed {
        List<Object> items = new ArrayList<>();
        open();
        if (take(']')) return closed(items);
        do {
            skipSpace();
            items.add(value());
            skipSpace();
        } while (take(','));
        if (!take(']')) throw unexpected("a comma or the end of the array is due");
        return closed(items);
    }

    private void open() throws Malformed {
        if (++depth > DEPTH_MAX) throw unexpected("it is nested more than " + DEPTH_MAX + " levels deep");
        at++;
        skipSpace();
    }

    private <T> T closed(T container) {
        depth--;
        return container;
    }

    private Object word(String word, Object value) throws Malformed {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= end || text[at + i] != word.charAt(i)) throw unexpected("a value is due");
        }
        at += word.length();
        return value;
    }

    private String string() throws Malformed {
        int start = ++at;
        boolean isAscii = true;
        for (; at < end; at++) {
            byte unit = text[at];
            if (unit == '"') {
                int length = at++ - start;
                return new String(text, start, length, isAscii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
            }
            if (unit == '\\') return escapedString(start);
            if (unit < 0) isAscii = false;
            else if (unit < 0x20) throw unexpected("a control character in a string must be escaped");
        }
        throw unexpected("the text ends inside a string");
    }

    private String escapedString(int start) throws Malformed {
        StringBuilder out = new StringBuilder();
        int plainStart = start;
        while (at < end) {
            byte unit = text[at];
            if (unit == '"') {
                appendPlain(out, plainStart);
                at++;
                return out.toString();
            }
            if (unit == '\\') {
                appendPlain(out, plainStart);
                at++;
                out.append(escape());
                plainStart = at;
            } else if (unit >= 0 && unit < 0x20) {
                throw unexpected("a control character in a string must be escaped");
            } else {
                at++;
            }
        }
        throw unexpected("the text ends inside a string");
    }

    private void appendPlain(StringBuilder out, int start) {
        if (start < at) out.append(new String(text, start, at - start, StandardCharsets.UTF_8));
    }

    private char escape() throws Malformed {
        if (at == end) throw unexpected("the text ends inside a string");
        switch (text[at++]) {
            case '"':
                return '"';
            case '\\':
                return '\\';
            case '/':
                return '/';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                return hexadecimal();
            default:
                at--;
                throw unexpected("an unknown escape");
        }
    }

    private char hexadecimal() throws Malformed {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < end ? Character.digit((char) (text[at] & 0xFF), 16) : -1;
            if (digit < 0) throw unexpected("four hexadecimal digits are due");
            unit = unit << 4 | digit;
            at++;
        }
        return (char) unit;
    }

    private Number number() throws Malformed {
        int start = at;
        take('-');
        if (!take('0') && digits() == 0) throw unexpected("a value is due");
        boolean isWhole = true;
        if (take('.')) {
            isWhole = false;
            if (digits() == 0) throw unexpected("a digit is due");
        }
        if (take('e') || take('E')) {
            isWhole = false;
            if (!take('+')) take('-');
            if (digits() == 0) throw unexpected("a digit is due");
        }
        if (at - start > NUMBER_CHARACTERS_MAX) {
            throw unexpected("a number has more than " + NUMBER_CHARACTERS_MAX + " characters");
        }
        String literal = new String(text, start, at - start, StandardCharsets.ISO_8859_1);
        return isWhole ? whole(literal) : decimal(literal);
    }

    private static Number whole(String literal) {
        int certainlyLong = 18;
        if (literal.length() > certainlyLong) {
            BigInteger value = new BigInteger(literal);
            return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
        }
        long value = Long.parseLong(literal);
        return value == (int) value ? (Number) (int) value : (Number) value;
    }

    private BigDecimal decimal(String literal) throws Malformed {
        try {
            return new BigDecimal(literal);
        } catch (NumberFormatException | ArithmeticException tooLarge) {
            throw unexpected("the exponent of a number is too large");
        }
    }

    private int digits() {
        int start = at;
        while (at < end && text[at] >= '0' && text[at] <= '9') at++;
        return at - start;
    }

    private boolean take(char expected) {
        if (at == end || text[at] != expected) return false;
        at++;
        return true;
    }

    private void skipSpace() {
        while (at < end && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) at++;
    }

    private Malformed unexpected(String problem) {
        return new Malformed(problem + " (at byte " + at + ")");
    }
}
