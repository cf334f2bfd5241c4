package io.openpoly.worker;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which JSON members an object of a class has. A record has its components. A bean has its getters
 * ({@code getX}, {@code isX}), setters and public fields, and needs a constructor without parameters to be read.
 * Looked at once for each class.
 */
final class Shape {
    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return new Shape(type);
        }
    };

    /** A member; {@code type} may name type variables of the class. */
    static final class Property {
        final String name;
        final Type type;
        private final AccessibleObject access;

        private Property(String name, Type type, AccessibleObject access) {
            this.name = name;
            this.type = type;
            this.access = access;
            access.setAccessible(true);
        }

        Object get(Object owner) {
            return accessed(() -> access instanceof Field ? ((Field) access).get(owner) : ((Method) access).invoke(owner));
        }

        void set(Object owner, Object value) {
            accessed(() -> {
                if (access instanceof Method) return ((Method) access).invoke(owner, value);
                ((Field) access).set(owner, value);
                return null;
            });
        }
    }

    final List<Property> written; // what an object tells
    final List<Property> read; // what an object takes: a record's in the order of its constructor
    private final Constructor<?> constructor; // null when objects cannot be made
    private final boolean isRecord;

    private Shape(Class<?> type) {
        isRecord = type.isRecord();
        written = new ArrayList<>();
        if (isRecord) {
            for (RecordComponent component : type.getRecordComponents()) {
                written.add(new Property(component.getName(), component.getGenericType(), component.getAccessor()));
            }
            read = written;
            constructor = constructorOf(type, componentTypes(type));
        } else if (isBean(type)) {
            Map<String, Property> setters = new LinkedHashMap<>();
            collect(type, setters);
            read = new ArrayList<>(setters.values());
            constructor = Modifier.isAbstract(type.getModifiers()) ? null : constructorOf(type);
        } else {
            read = List.of();
            constructor = null;
        }
    }

    static Shape of(Class<?> type) {
        return SHAPES.get(type);
    }

    boolean isWritable() {
        return isRecord || !written.isEmpty();
    }

    boolean isReadable() {
        return constructor != null;
    }

    boolean isRecord() {
        return isRecord;
    }

    Object make(Object... components) {
        return accessed(() -> constructor.newInstance(components));
    }

    /** Classes of the JDK have getters for many things that are no data. */
    private static boolean isBean(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader != null && loader != ClassLoader.getPlatformClassLoader();
    }

    private static Class<?>[] componentTypes(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) types[i] = components[i].getType();
        return types;
    }

    private static Constructor<?> constructorOf(Class<?> type, Class<?>... parameters) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException none) {
            return null;
        }
    }

    private void collect(Class<?> type, Map<String, Property> setters) {
        Map<String, Property> getters = new LinkedHashMap<>();
        for (Field field : type.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) continue;
            Property property = new Property(field.getName(), field.getGenericType(), field);
            getters.put(property.name, property);
            if (!Modifier.isFinal(field.getModifiers())) setters.put(property.name, property);
        }
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers()) || method.isBridge() || method.getDeclaringClass() == Object.class) continue;
            String getter = getterName(method);
            if (getter != null) getters.put(getter, new Property(getter, method.getGenericReturnType(), method));
            if (method.getParameterCount() == 1 && hasPrefix(method, "set")) {
                String name = decapitalized(method.getName().substring(3));
                setters.put(name, new Property(name, method.getGenericParameterTypes()[0], method));
            }
        }
        written.addAll(inDeclaredOrder(type, getters));
    }

    private static String getterName(Method method) {
        Class<?> type = method.getReturnType();
        if (method.getParameterCount() != 0 || type == void.class) return null;
        if (hasPrefix(method, "get")) return decapitalized(method.getName().substring(3));
        boolean isFlag = (type == boolean.class || type == Boolean.class) && hasPrefix(method, "is");
        return isFlag ? decapitalized(method.getName().substring(2)) : null;
    }

    private static boolean hasPrefix(Executable method, String prefix) {
        String name = method.getName();
        return name.length() > prefix.length() && name.startsWith(prefix)
                && !Character.isLowerCase(name.charAt(prefix.length()));
    }

    private static String decapitalized(String name) {
        boolean isAcronym = name.length() > 1 && Character.isUpperCase(name.charAt(1));
        return isAcronym ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /** As the fields stand in the source; reflection gives methods in any order. */
    private static Collection<Property> inDeclaredOrder(Class<?> type, Map<String, Property> properties) {
        Map<String, Property> ordered = new LinkedHashMap<>();
        for (Class<?> owner = type; owner != null && isBean(owner); owner = owner.getSuperclass()) {
            for (Field field : owner.getDeclaredFields()) {
                Property property = properties.get(field.getName());
                if (property != null) ordered.putIfAbsent(property.name, property);
            }
        }
        properties.keySet().stream().sorted().forEach(name -> ordered.putIfAbsent(name, properties.get(name)));
        return ordered.values();
    }

    private interface Access {
        Object run() throws ReflectiveOperationException;
    }

    /** What the user's own constructor or accessor throws goes on as it is. */
    private static Object accessed(Access access) {
        try {
            return access.run();
        } catch (InvocationTargetException failed) {
            throw Errors.rethrown(failed.getCause());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
