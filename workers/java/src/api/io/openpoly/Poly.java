package io.openpoly;

import io.openpoly.internal.Host;
import java.util.concurrent.CompletableFuture;

/**
 * The functions of the catalog, by dotted path.
 *
 * <p>An API function gives {@code {status, data, headers}}, a server function what it returned. Without a type,
 * values come as JSON suggests: {@code Map}, {@code List}, {@code String}, {@code Integer}, {@code Double} and so
 * on. What goes wrong is a {@link PolyError}.
 */
public final class Poly {
    private Poly() {}

    /** Calls a function and waits for its value. */
    public static Object call(String path, Object... arguments) {
        return Host.get().ask("call", path, arguments, Object.class);
    }

    /** Calls a function, waits, and gives its value as {@code type}: a record, a bean, an array, a scalar. */
    public static <T> T call(Class<T> type, String path, Object... arguments) {
        return Host.get().cast(type, Host.get().ask("call", path, arguments, type));
    }

    /** Calls a function without waiting. */
    public static CompletableFuture<Object> callAsync(String path, Object... arguments) {
        return Host.get().askLater("call", path, arguments, Object.class);
    }

    /** Calls a function without waiting; its value will come as {@code type}. */
    public static <T> CompletableFuture<T> callAsync(Class<T> type, String path, Object... arguments) {
        Host host = Host.get();
        return host.askLater("call", path, arguments, type).thenApply(value -> host.cast(type, value));
    }
}
