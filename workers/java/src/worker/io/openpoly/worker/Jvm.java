package io.openpoly.worker;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;

/**
 * The process around the program: its inherited socket, its standard error, its end. Java has no door to an inherited
 * descriptor, so java.io is opened to us (Add-Opens in the manifest; docs/adr/0016-java-worker.md).
 */
public final class Jvm {
    private static final int USAGE_EXIT = 2;

    private Jvm() {}

    public static void end(int code) {
        Runtime.getRuntime().halt(code);
    }

    /** Says something on the process's own standard error, which is nobody's log. */
    public static void tell(String text) {
        new PrintStream(new FileOutputStream(FileDescriptor.err), true).println("worker: " + text);
    }

    /** A variable that must hold a whole number; `otherwise` when it is not set, unless that is negative. Else the process ends. */
    public static int numberFromEnvironment(String name, int otherwise) {
        String text = System.getenv(name);
        if (text == null && otherwise >= 0) return otherwise;
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException invalid) {
            tell(name + " must hold a whole number");
            end(USAGE_EXIT);
            throw invalid;
        }
    }

    public static InputStream input(int descriptor) {
        return new FileInputStream(opened(descriptor));
    }

    public static OutputStream output(int descriptor) {
        return new FileOutputStream(opened(descriptor));
    }

    private static FileDescriptor opened(int descriptor) {
        try {
            Constructor<FileDescriptor> constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            return constructor.newInstance(descriptor);
        } catch (ReflectiveOperationException closed) {
            throw new IllegalStateException(closed);
        }
    }
}
