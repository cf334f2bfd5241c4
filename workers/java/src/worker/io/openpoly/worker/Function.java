package io.openpoly.worker;

import io.openpoly.worker.Errors.Named;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * A method of the user's class, made from what the toolchain made of the source:
 * {@code {"binaryName","methodName","classes":{"<name>":"<class file in Base64>"}}}. Each call of an instance method
 * has its own instance.
 */
final class Function {
    private static final Object[] NONE = {};

    private final Method method;
    private final Constructor<?> constructor; // null for a static method
    private final Type[] types;
    private final String[] names;

    private Function(Method method, List<?> parameters) throws NoSuchMethodException {
        this.method = method;
        method.setAccessible(true);
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        constructor = isStatic ? null : method.getDeclaringClass().getDeclaredConstructor();
        if (!isStatic) constructor.setAccessible(true);
        types = method.getGenericParameterTypes();
        names = new String[types.length];
        for (int i = 0; i < names.length; i++) {
            boolean isTold = parameters.size() == names.length;
            names[i] = isTold ? (String) parameters.get(i) : method.getParameters()[i].getName();
        }
    }

    /** Throws whatever the class throws while it is initialized. */
    static Function load(byte[] code, String path, List<?> parameters, ClassLoader shared) throws ReflectiveOperationException {
        Map<?, ?> parts = parts(code);
        Map<String, byte[]> classes = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) parts.get("classes")).entrySet()) {
            classes.put((String) entry.getKey(), Base64.getDecoder().decode((String) entry.getValue()));
        }
        ClassLoader loader = new FunctionLoader(path, classes, shared);
        Class<?> owner = Class.forName((String) parts.get("binaryName"), true, loader);
        return new Function(find(owner, (String) parts.get("methodName")), parameters);
    }

    private static Map<?, ?> parts(byte[] code) {
        try {
            Object parts = JsonReader.read(code);
            if (parts instanceof Map && ((Map<?, ?>) parts).get("classes") instanceof Map) return (Map<?, ?>) parts;
        } catch (JsonReader.Malformed malformed) {
            throw new Named("BadCode", "the code is not what the Java toolchain makes: " + malformed.getMessage());
        }
        throw new Named("BadCode", "the code is not what the Java toolchain makes: it has no classes");
    }

    private static Method find(Class<?> owner, String name) {
        TreeSet<String> others = new TreeSet<>();
        for (Method method : owner.getMethods()) {
            if (method.getDeclaringClass() == Object.class || method.isBridge()) continue;
            if (method.getName().equals(name)) return method;
            others.add(method.getName());
        }
        String known = others.isEmpty() ? "it defines no public method" : "it defines " + String.join(", ", others);
        throw new Named("FunctionNotFound", "the code has no function named \"" + name + "\"; " + known);
    }

    ClassLoader loader() {
        return method.getDeclaringClass().getClassLoader();
    }

    /** The value for the JSON of the arguments; throws what the function throws. */
    Object call(Object given) throws Throwable {
        Object[] arguments = arguments(given);
        Object value;
        try {
            value = method.invoke(constructor == null ? null : constructor.newInstance(NONE), arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
        return value instanceof CompletionStage ? ((CompletionStage<?>) value).toCompletableFuture().get() : value;
    }

    private Object[] arguments(Object given) {
        Object[] arguments = new Object[types.length];
        try {
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = Binding.bind(types[i], argument(given, i), "$." + names[i]);
            }
        } catch (Binding.Misfit misfit) {
            throw new Named("BadArguments", misfit.getMessage(), 400);
        }
        return arguments;
    }

    private Object argument(Object given, int position) {
        if (given instanceof Map) return ((Map<?, ?>) given).get(names[position]);
        List<?> values = (List<?>) given;
        return position < values.size() ? values.get(position) : null;
    }

    /** The arguments of a call as {@link #call} takes them: an object, an array, or nothing at all. */
    static Object arguments(Frames.Frame frame) {
        if (!frame.hasBody()) return List.of();
        Object given;
        try {
            given = frame.body();
        } catch (JsonReader.Malformed malformed) {
            throw new Named("BadArguments", "the arguments are not JSON: " + malformed.getMessage(), 400);
        }
        if (given instanceof Map || given instanceof List) return given;
        throw new Named("BadArguments", "the arguments must be a JSON object or array", 400);
    }
}
