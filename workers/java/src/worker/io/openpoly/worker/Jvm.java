package io.openpoly.worker;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.security.Permission;

/**
 * What Java has no door to: an inherited descriptor, and the end of the process as something to refuse. Needs `--add-opens java.base/java.lang=ALL-UNNAMED` and the same for
 * `java.base/java.io` (docs/adr/0016-java-worker.md).
 */
public final class Jvm {
    private static final int USAGE_EXIT = 2;
    private static volatile boolean isEnding;

    private Jvm() {}

    /** `System.exit` in a function: the end of its call and not of the process. */
    static final class ExitRequested extends Error {
        private static final long serialVersionUID = 1;
        final int status;

        ExitRequested(int status) {
            super("the function called System.exit(" + status + ")", null, false, true);
            this.status = status;
        }
    }

    private static final class ExitGuard extends SecurityManager {
        @Override
        public void checkExit(int status) {
            if (!isEnding) throw new ExitRequested(status);
        }

        @Override
        public void checkPermission(Permission permission) {
            // The sandbox is around the process: inside it all is allowed.
        }

        @Override
        public void checkPermission(Permission permission, Object context) {
            // As above.
        }
    }

    public static void end(int code) {
        isEnding = true;
        Runtime.getRuntime().halt(code);
    }

    /** Says something on the process's own standard error, which is nobody's log. */
    public static void tell(String text) {
        new PrintStream(new FileOutputStream(FileDescriptor.err), true).println("worker: " + text);
    }

    static void guardExit() {
        try {
            // The public way in prints a warning at each start, and only a command line can turn it off.
            Method install = System.class.getDeclaredMethod("implSetSecurityManager", SecurityManager.class);
            install.setAccessible(true);
            install.invoke(null, new ExitGuard());
        } catch (ReflectiveOperationException closed) {
            throw new IllegalStateException(closed);
        }
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
