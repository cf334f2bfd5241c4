package io.openpoly;

import io.openpoly.internal.Host;
import java.util.LinkedHashMap;
import java.util.Map;

/** The variables of the catalog, by dotted path. */
public final class Vari {
    private Vari() {}

    /** The value of a variable; a secret one is refused. */
    public static Object get(String path) {
        return Host.get().ask("variable.get", path, new Object[0], Object.class);
    }

    /** The value of a variable as {@code type}. */
    public static <T> T get(Class<T> type, String path) {
        return Host.get().cast(type, Host.get().ask("variable.get", path, new Object[0], type));
    }

    public static void update(String path, Object value) {
        Host.get().ask("variable.update", path, new Object[] {value}, Object.class);
    }

    /** A reference that becomes the value on its way into the function that it is handed to. */
    public static Map<String, Object> inject(String path) {
        return inject(path, "");
    }

    /** The same for a part of the value: {@code inject("shop.keys", "stripe.live[0]")}. */
    public static Map<String, Object> inject(String path, String subpath) {
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("type", "PolyVariable");
        reference.put("pathIdentifier", path);
        if (!subpath.isEmpty()) reference.put("path", subpath);
        return reference;
    }
}
