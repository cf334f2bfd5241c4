package io.openpoly.worker;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** JSON values, as {@link JsonReader} gives them, become what a Java type asks for. */
final class Binding {
    /** A value that does not fit; the message says where and why: {@code $.lines[2].count: expected int, not string}. */
    static final class Misfit extends RuntimeException {
        private static final long serialVersionUID = 1;

        Misfit(String message) {
            super(message);
        }
    }

    private static final Map<String, Type> NO_VARIABLES = Map.of();

    private Binding() {}

    static Object bind(Type type, Object value, String where) {
        return bind(type, NO_VARIABLES, value, where);
    }

    /** {@code variables} says what the type variables in scope stand for. */
    private static Object bind(Type type, Map<String, Type> variables, Object value, String where) {
        if (type instanceof Class) return bindClass((Class<?>) type, value, where);
        if (type instanceof ParameterizedType) return bindGeneric((ParameterizedType) type, variables, value, where);
        if (type instanceof GenericArrayType) {
            return bindArray(((GenericArrayType) type).getGenericComponentType(), variables, value, where);
        }
        if (type instanceof WildcardType) return bind(((WildcardType) type).getUpperBounds()[0], variables, value, where);
        TypeVariable<?> variable = (TypeVariable<?>) type;
        Type meaning = variables.get(variable.getName());
        return bind(meaning != null ? meaning : variable.getBounds()[0], NO_VARIABLES, value, where);
    }

    private static Object bindClass(Class<?> type, Object value, String where) {
        if (type == Object.class) return natural(value);
        if (value == null) return absent(type, where);
        if (type == String.class || type == CharSequence.class) return expect(String.class, value, "string", where);
        if (type == boolean.class || type == Boolean.class) return expect(Boolean.class, value, "boolean", where);
        if (type.isPrimitive() || Number.class.isAssignableFrom(type) || type == Character.class) {
            return bindNumber(type, value, where);
        }
        if (type.isEnum()) return bindEnum(type, value, where);
        if (type == byte[].class) return bindBytes(value, where);
        if (type.isArray()) return bindArray(type.getComponentType(), NO_VARIABLES, value, where);
        if (isContainer(type)) return bindContainer(type, Object.class, Object.class, value, where);
        if (type == OptionalInt.class) return OptionalInt.of((int) bindNumber(int.class, value, where));
        if (type == OptionalLong.class) return OptionalLong.of((long) bindNumber(long.class, value, where));
        if (type == OptionalDouble.class) return OptionalDouble.of((double) bindNumber(double.class, value, where));
        if (Scalars.isScalar(type)) return bindScalar(type, value, where);
        return bindObject(type, NO_VARIABLES, value, where);
    }

    private static Object bindGeneric(ParameterizedType type, Map<String, Type> variables, Object value, String where) {
        Class<?> raw = (Class<?>) type.getRawType();
        Type[] arguments = type.getActualTypeArguments();
        for (int i = 0; i < arguments.length; i++) arguments[i] = resolved(arguments[i], variables);
        if (raw == Optional.class) {
            return value == null ? Optional.empty() : Optional.ofNullable(bind(arguments[0], NO_VARIABLES, value, where));
        }
        if (value == null) return null;
        if (isContainer(raw)) {
            Type keys = arguments.length == 2 ? arguments[0] : Object.class;
            return bindContainer(raw, keys, arguments[arguments.length - 1], value, where);
        }
        if (raw == Class.class) throw new Misfit(where + ": a Class cannot come as JSON");
        Map<String, Type> inner = new HashMap<>();
        TypeVariable<?>[] parameters = raw.getTypeParameters();
        for (int i = 0; i < arguments.length; i++) inner.put(parameters[i].getName(), arguments[i]);
        return bindObject(raw, inner, value, where);
    }

    /** An argument that uses variables of the class around it, such as the {@code List<T>} of a {@code Page<T>}. */
    private static Type resolved(Type type, Map<String, Type> variables) {
        if (variables.isEmpty() || type instanceof Class) return type;
        if (type instanceof TypeVariable) return variables.getOrDefault(((TypeVariable<?>) type).getName(), Object.class);
        if (type instanceof WildcardType) return resolved(((WildcardType) type).getUpperBounds()[0], variables);
        if (type instanceof GenericArrayType) {
            Type component = resolved(((GenericArrayType) type).getGenericComponentType(), variables);
            return (GenericArrayType) () -> component;
        }
        ParameterizedType generic = (ParameterizedType) type;
        Type[] arguments = generic.getActualTypeArguments();
        for (int i = 0; i < arguments.length; i++) arguments[i] = resolved(arguments[i], variables);
        return new Parameterized((Class<?>) generic.getRawType(), arguments);
    }

    private static final class Parameterized implements ParameterizedType {
        private final Class<?> raw;
        private final Type[] arguments;

        Parameterized(Class<?> raw, Type[] arguments) {
            this.raw = raw;
            this.arguments = arguments;
        }

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.clone();
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public Type getOwnerType() {
            return raw.getDeclaringClass();
        }
    }

    /** What code that asks for no type sees: decimals become Double while one can hold them. */
    static Object natural(Object value) {
        if (value instanceof BigDecimal) {
            double number = ((BigDecimal) value).doubleValue();
            return Double.isInfinite(number) ? value : (Object) number;
        }
        if (value instanceof List) {
            @SuppressWarnings("unchecked")
            List<Object> items = (List<Object>) value;
            items.replaceAll(Binding::natural);
        } else if (value instanceof Map) {
            @SuppressWarnings("unchecked")
            Map<String, Object> members = (Map<String, Object>) value;
            members.replaceAll((key, member) -> natural(member));
        }
        return value;
    }

    private static Object absent(Class<?> type, String where) {
        if (type == Optional.class) return Optional.empty();
        if (type == OptionalInt.class) return OptionalInt.empty();
        if (type == OptionalLong.class) return OptionalLong.empty();
        if (type == OptionalDouble.class) return OptionalDouble.empty();
        if (type.isPrimitive()) throw new Misfit(where + ": a value is required");
        return null;
    }

    private static Object expect(Class<?> type, Object value, String expected, String where) {
        if (!type.isInstance(value)) throw misfit(expected, value, where);
        return value;
    }

    private static Object bindNumber(Class<?> type, Object value, String where) {
        if (type == char.class || type == Character.class) {
            if (!(value instanceof String) || ((String) value).length() != 1) throw misfit("one character", value, where);
            return ((String) value).charAt(0);
        }
        if (!(value instanceof Number)) throw misfit(type.getSimpleName(), value, where);
        if (type == Integer.class || type == int.class) {
            if (value instanceof Integer) return value;
            return (int) whole(type, value, Integer.SIZE, where).longValue();
        }
        if (type == Number.class) return natural(value);
        if (type == Double.class || type == double.class) return ((Number) value).doubleValue();
        if (type == Float.class || type == float.class) return ((Number) value).floatValue();
        if (type == Long.class || type == long.class) return whole(type, value, Long.SIZE, where).longValue();
        if (type == Short.class || type == short.class) return whole(type, value, Short.SIZE, where).shortValue();
        if (type == Byte.class || type == byte.class) return whole(type, value, Byte.SIZE, where).byteValue();
        if (type == BigDecimal.class) return value instanceof BigDecimal ? value : new BigDecimal(value.toString());
        if (type == BigInteger.class) return whole(type, value, Integer.MAX_VALUE, where);
        throw new Misfit(where + ": a " + type.getName() + " cannot come as JSON");
    }

    private static final int EXPANDED_DIGITS_MAX = JsonReader.NUMBER_CHARACTERS_MAX;

    private static BigInteger whole(Class<?> type, Object value, int bits, String where) {
        BigInteger number;
        if (value instanceof BigDecimal) {
            BigDecimal decimal = ((BigDecimal) value);
            boolean isShort = decimal.precision() - (long) decimal.scale() <= EXPANDED_DIGITS_MAX;
            if (!isShort) throw new Misfit(where + ": " + value + " is too large for " + type.getSimpleName());
            try {
                number = decimal.toBigIntegerExact();
            } catch (ArithmeticException fraction) {
                throw new Misfit(where + ": expected " + type.getSimpleName() + ", and " + value + " is no whole number");
            }
        } else {
            number = value instanceof BigInteger ? (BigInteger) value : BigInteger.valueOf(((Number) value).longValue());
        }
        if (number.bitLength() >= bits) throw new Misfit(where + ": " + value + " is too large for " + type.getSimpleName());
        return number;
    }

    private static Object bindEnum(Class<?> type, Object value, String where) {
        StringBuilder names = new StringBuilder();
        for (Object constant : type.getEnumConstants()) {
            String name = ((Enum<?>) constant).name();
            if (name.equals(value)) return constant;
            names.append(names.length() == 0 ? "" : ", ").append(name);
        }
        throw new Misfit(where + ": must be one of " + names);
    }

    private static byte[] bindBytes(Object value, String where) {
        try {
            return Base64.getDecoder().decode((String) expect(String.class, value, "a string in Base64", where));
        } catch (IllegalArgumentException invalid) {
            throw new Misfit(where + ": expected a string in Base64");
        }
    }

    private static Object bindScalar(Class<?> type, Object value, String where) {
        String text = (String) expect(String.class, value, "string", where);
        try {
            return Scalars.parse(type, text);
        } catch (IllegalArgumentException invalid) {
            throw new Misfit(where + ": is no " + type.getSimpleName() + ": " + invalid.getMessage());
        }
    }

    private static Object bindArray(Type component, Map<String, Type> variables, Object value, String where) {
        if (value == null) return null;
        List<?> items = (List<?>) expect(List.class, value, "array", where);
        Object array = Array.newInstance(erased(resolved(component, variables)), items.size());
        for (int i = 0; i < items.size(); i++) {
            Array.set(array, i, bind(component, variables, items.get(i), where + "[" + i + "]"));
        }
        return array;
    }

    private static Class<?> erased(Type type) {
        if (type instanceof Class) return (Class<?>) type;
        if (type instanceof ParameterizedType) return (Class<?>) ((ParameterizedType) type).getRawType();
        if (type instanceof GenericArrayType) {
            return Array.newInstance(erased(((GenericArrayType) type).getGenericComponentType()), 0).getClass();
        }
        return Object.class;
    }

    private static boolean isContainer(Class<?> type) {
        return Map.class.isAssignableFrom(type) || type == Iterable.class || Collection.class.isAssignableFrom(type);
    }

    private static Object bindContainer(Class<?> type, Type keys, Type values, Object value, String where) {
        if (Map.class.isAssignableFrom(type)) {
            Map<?, ?> members = (Map<?, ?>) expect(Map.class, value, "object", where);
            Map<Object, Object> map = emptyMap(type, where);
            for (Map.Entry<?, ?> member : members.entrySet()) {
                String name = (String) member.getKey();
                map.put(bindKey(keys, name, where), bind(values, NO_VARIABLES, member.getValue(), where + "." + name));
            }
            return map;
        }
        List<?> items = (List<?>) expect(List.class, value, "array", where);
        Collection<Object> collection = emptyCollection(type, items.size(), where);
        for (int i = 0; i < items.size(); i++) {
            collection.add(bind(values, NO_VARIABLES, items.get(i), where + "[" + i + "]"));
        }
        return collection;
    }

    /** Keys are text in JSON; a map may want them as numbers, enum constants or the like. */
    private static Object bindKey(Type type, String name, String where) {
        Class<?> wanted = erased(type);
        if (wanted == Object.class || wanted == String.class) return name;
        if (!Number.class.isAssignableFrom(wanted)) return bind(type, NO_VARIABLES, name, where + "." + name);
        try {
            return bindNumber(wanted, new BigDecimal(name), where + "." + name);
        } catch (NumberFormatException noNumber) {
            throw new Misfit(where + ": the key \"" + name + "\" is no " + wanted.getSimpleName());
        }
    }

    private static Map<Object, Object> emptyMap(Class<?> type, String where) {
        if (type.isAssignableFrom(LinkedHashMap.class)) return new LinkedHashMap<>();
        if (SortedMap.class.isAssignableFrom(type) && type.isAssignableFrom(TreeMap.class)) return new TreeMap<>();
        @SuppressWarnings("unchecked")
        Map<Object, Object> map = (Map<Object, Object>) made(type, where);
        return map;
    }

    private static Collection<Object> emptyCollection(Class<?> type, int size, String where) {
        if (type.isAssignableFrom(ArrayList.class)) return new ArrayList<>(size);
        if (Set.class.isAssignableFrom(type) && type.isAssignableFrom(LinkedHashSet.class)) return new LinkedHashSet<>();
        if (SortedSet.class.isAssignableFrom(type) && type.isAssignableFrom(TreeSet.class)) return new TreeSet<>();
        if (Queue.class.isAssignableFrom(type) && type.isAssignableFrom(ArrayDeque.class)) return new ArrayDeque<>();
        @SuppressWarnings("unchecked")
        Collection<Object> collection = (Collection<Object>) made(type, where);
        return collection;
    }

    private static Object made(Class<?> type, String where) {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException none) {
            throw new Misfit(where + ": a " + type.getName() + " cannot be made from JSON");
        }
    }

    private static Object bindObject(Class<?> type, Map<String, Type> variables, Object value, String where) {
        Shape shape = Modifier.isAbstract(type.getModifiers()) ? null : Shape.of(type);
        if (shape == null || !shape.isReadable()) {
            throw new Misfit(where + ": a " + type.getName() + " cannot be made from JSON");
        }
        Map<?, ?> members = (Map<?, ?>) expect(Map.class, value, "object", where);
        if (shape.isRecord()) {
            Object[] components = new Object[shape.read.size()];
            for (int i = 0; i < components.length; i++) {
                Shape.Property property = shape.read.get(i);
                components[i] = bind(property.type, variables, members.get(property.name), where + "." + property.name);
            }
            return shape.make(components);
        }
        Object object = shape.make();
        for (Shape.Property property : shape.read) {
            if (!members.containsKey(property.name)) continue;
            Object member = members.get(property.name);
            property.set(object, bind(property.type, variables, member, where + "." + property.name));
        }
        return object;
    }

    private static Misfit misfit(String expected, Object value, String where) {
        return new Misfit(where + ": expected " + expected + ", not " + kindOf(value));
    }

    private static String kindOf(Object value) {
        if (value instanceof Map) return "object";
        if (value instanceof List) return "array";
        if (value instanceof String) return "string";
        return value instanceof Boolean ? "boolean" : "number";
    }
}
