package io.openpoly.internal;

import java.util.concurrent.CompletableFuture;

/** How the classes that functions see reach the worker around them. Functions have no use for it. */
public abstract class Host {
    private static volatile Host current;

    public static Host get() {
        Host host = current;
        if (host == null) throw new IllegalStateException("the catalog can be reached only inside a worker");
        return host;
    }

    protected static void set(Host host) {
        current = host;
    }

    /** Waits for the answer to {@code op} on {@code path} and gives it as {@code type}. */
    public abstract Object ask(String op, String path, Object[] arguments, Class<?> type);

    public abstract CompletableFuture<Object> askLater(String op, String path, Object[] arguments, Class<?> type);

    /** {@code value}, which {@link #ask} made for {@code type}, also when that is a primitive one. */
    public abstract <T> T cast(Class<T> type, Object value);

    public abstract Object custom(String name);

    public abstract void setCustom(String name, Object value);
}
