package io.openpoly.worker;

import io.openpoly.internal.Exit;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets `System.exit` in a class file be {@link Exit#exit}. Only the table of constants changes: what names the method
 * gets another class to find it in, whose name is added at the end (chapter 4.4 of the JVM specification).
 */
final class ExitCalls {
    private static final int COUNT_AT = 8;
    private static final int CONSTANTS_AT = 10;
    private static final int COUNT_MAX = 65_535;
    private static final int UTF8 = 1, INTEGER = 3, FLOAT = 4, LONG = 5, DOUBLE = 6, CLASS = 7, STRING = 8, FIELD = 9,
            METHOD = 10, INTERFACE_METHOD = 11, NAME_AND_TYPE = 12, METHOD_HANDLE = 15, METHOD_TYPE = 16, DYNAMIC = 17,
            INVOKE_DYNAMIC = 18, MODULE = 19, PACKAGE = 20;

    private final ByteBuffer file;
    private final Map<Integer, Integer> places = new HashMap<>(); // of constants, by number
    private final int count;
    private int end;

    private ExitCalls(byte[] bytes) {
        file = ByteBuffer.wrap(bytes);
        count = number(COUNT_AT);
        end = CONSTANTS_AT;
        for (int i = 1; i < count; i++) {
            places.put(i, end);
            int tag = file.get(end);
            if (tag == LONG || tag == DOUBLE) i++; // they take two numbers
            end += size(tag);
        }
    }

    /** The class file itself when it has no such call, or is none. */
    static byte[] redirected(byte[] bytes) {
        try {
            return new ExitCalls(bytes.clone()).redirected();
        } catch (IndexOutOfBoundsException | IllegalArgumentException | NullPointerException broken) {
            return bytes; // the JVM will say what is wrong with it
        }
    }

    private byte[] redirected() {
        boolean isFound = false;
        int added = count;
        if (added + 2 > COUNT_MAX) return file.array();
        for (int place : places.values()) {
            if (file.get(place) != METHOD || !isExit(place)) continue;
            file.putShort(place + 1, (short) (added + 1));
            isFound = true;
        }
        return isFound ? withName(Exit.class.getName().replace('.', '/')) : file.array();
    }

    private boolean isExit(int method) {
        int owner = places.get(number(method + 1));
        int nameAndType = places.get(number(method + 3));
        return text(number(owner + 1)).equals("java/lang/System")
                && text(number(nameAndType + 1)).equals("exit")
                && text(number(nameAndType + 3)).equals("(I)V");
    }

    private byte[] withName(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(file.capacity() + 64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(file.array(), 0, COUNT_AT);
            out.writeShort(count + 2);
            out.write(file.array(), CONSTANTS_AT, end - CONSTANTS_AT);
            out.writeByte(UTF8);
            out.writeUTF(name);
            out.writeByte(CLASS);
            out.writeShort(count);
            out.write(file.array(), end, file.capacity() - end);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    private int number(int place) {
        return file.getShort(place) & 0xFFFF;
    }

    private String text(int constant) {
        int place = places.get(constant);
        return new String(file.array(), place + 3, number(place + 1), StandardCharsets.UTF_8);
    }

    private int size(int tag) {
        switch (tag) {
            case UTF8:
                return 3 + number(end + 1);
            case INTEGER:
            case FLOAT:
            case FIELD:
            case METHOD:
            case INTERFACE_METHOD:
            case NAME_AND_TYPE:
            case DYNAMIC:
            case INVOKE_DYNAMIC:
                return 5;
            case LONG:
            case DOUBLE:
                return 9;
            case CLASS:
            case STRING:
            case METHOD_TYPE:
            case MODULE:
            case PACKAGE:
                return 3;
            case METHOD_HANDLE:
                return 4;
            default:
                throw new IllegalArgumentException("a constant of unknown kind " + tag);
        }
    }
}
