package io.openpoly.worker;

import io.openpoly.internal.Exit;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What was thrown, as the header of an `error` frame: with the user's own lines and none of the harness. */
final class Errors {
    private static final int MESSAGE_CHARACTERS_MAX = 16_384;
    private static final int STACK_FRAMES_MAX = 20;
    private static final int CAUSES_MAX = 5;

    private Errors() {}

    /** An error that the harness itself answers with, under a name of the protocol. */
    static final class Named extends RuntimeException {
        private static final long serialVersionUID = 1;
        final String name;
        final Integer statusCode;

        Named(String name, String message, Integer statusCode) {
            super(message);
            this.name = name;
            this.statusCode = statusCode;
        }

        Named(String name, String message) {
            this(name, message, null);
        }
    }

    /** Ends the code of a call that nobody waits for any more; an Error, so that `catch (Exception e)` lets it pass. */
    static final class Cancelled extends Error {
        private static final long serialVersionUID = 1;

        Cancelled(String message) {
            super(message);
        }
    }

    /** For `throw`: a checked exception of user code goes on as it is, undeclared. */
    static RuntimeException rethrown(Throwable thrown) {
        return Errors.<RuntimeException>undeclared(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T undeclared(Throwable thrown) throws T {
        throw (T) thrown;
    }

    static Map<String, Object> describe(Throwable thrown) {
        Throwable error = unwrapped(thrown);
        try {
            return described(error);
        } catch (Throwable broken) {
            String problem = "the error cannot be read: " + nameOf(broken);
            return new LinkedHashMap<>(Map.of("name", nameOf(error), "message", problem));
        }
    }

    /** Without what the JDK puts around an error on its way here. */
    private static Throwable unwrapped(Throwable thrown) {
        Throwable error = thrown;
        while (error.getCause() != null
                && (error instanceof InvocationTargetException || error instanceof ExecutionException
                        || error instanceof CompletionException || error instanceof ExceptionInInitializerError)) {
            error = error.getCause();
        }
        return error;
    }

    private static Map<String, Object> described(Throwable error) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", nameOf(error));
        description.put("message", messageOf(error));
        StringBuilder stack = new StringBuilder();
        Integer line = null;
        int frames = 0;
        Throwable cause = error;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
            if (i > 0) stack.append("Caused by: ");
            stack.append(nameOf(cause)).append(": ").append(messageOf(cause)).append('\n');
            for (StackTraceElement frame : cause.getStackTrace()) {
                String path = FunctionLoader.pathOf(frame);
                if (path == null || frames == STACK_FRAMES_MAX) continue;
                frames++;
                if (i == 0 && line == null && frame.getLineNumber() > 0) line = frame.getLineNumber();
                stack.append("    at ").append(frame.getClassName()).append('.').append(frame.getMethodName());
                stack.append(" (").append(path).append(':').append(frame.getLineNumber()).append(")\n");
            }
            cause = cause.getCause();
        }
        if (frames > 0) description.put("stack", stack.substring(0, stack.length() - 1));
        if (line != null) description.put("line", line);
        Integer status = statusOf(error);
        if (isErrorStatus(status)) description.put("statusCode", status);
        return description;
    }

    private static String nameOf(Throwable error) {
        if (error instanceof Named) return ((Named) error).name;
        if (error instanceof Exit.Requested) return "Exit";
        Class<?> type = error.getClass();
        return (type.isAnonymousClass() ? type.getSuperclass() : type).getSimpleName();
    }

    private static String messageOf(Throwable error) {
        String message = error.getMessage();
        if (message == null) return "";
        return message.length() > MESSAGE_CHARACTERS_MAX ? message.substring(0, MESSAGE_CHARACTERS_MAX) : message;
    }

    static boolean isErrorStatus(Object status) {
        return status instanceof Integer && (Integer) status >= 400 && (Integer) status <= 599;
    }

    /** From `getStatusCode()` or `statusCode()`, which a user's own exception may have as well as PolyError. */
    private static Integer statusOf(Throwable error) {
        if (error instanceof Named) return ((Named) error).statusCode;
        for (String name : new String[] {"getStatusCode", "statusCode"}) {
            try {
                Method method = error.getClass().getMethod(name);
                method.setAccessible(true);
                Object status = method.invoke(error);
                if (status instanceof Integer) return (Integer) status;
            } catch (ReflectiveOperationException none) {
                continue;
            }
        }
        return null;
    }
}
