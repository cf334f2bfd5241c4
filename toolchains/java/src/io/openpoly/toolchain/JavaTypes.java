package io.openpoly.toolchain;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** What the types of the JDK mean where values travel as JSON; the worker's Binding and JsonWriter agree with it. */
final class JavaTypes {
    private static final Map<String, Object> STRING = Map.of("type", "string");
    private static final Map<String, Object> INTEGER = Map.of("type", "integer");
    private static final Map<String, Object> NUMBER = Map.of("type", "number");
    private static final Map<String, Object> CHARACTER = Signature.ordered("type", "string", "minLength", 1, "maxLength", 1);
    private static final Map<TypeKind, Map<String, Object>> PRIMITIVES = Map.of(
            TypeKind.BOOLEAN, Map.of("type", "boolean"), TypeKind.CHAR, CHARACTER,
            TypeKind.BYTE, INTEGER, TypeKind.SHORT, INTEGER, TypeKind.INT, INTEGER, TypeKind.LONG, INTEGER,
            TypeKind.FLOAT, NUMBER, TypeKind.DOUBLE, NUMBER);
    private static final Map<String, Map<String, Object>> SCALARS = Map.ofEntries(
            Map.entry("java.lang.String", STRING), Map.entry("java.lang.CharSequence", STRING),
            Map.entry("java.lang.Boolean", Map.of("type", "boolean")), Map.entry("java.lang.Character", CHARACTER),
            Map.entry("java.lang.Byte", INTEGER), Map.entry("java.lang.Short", INTEGER), Map.entry("java.lang.Integer", INTEGER),
            Map.entry("java.lang.Long", INTEGER), Map.entry("java.math.BigInteger", INTEGER),
            Map.entry("java.lang.Float", NUMBER), Map.entry("java.lang.Double", NUMBER), Map.entry("java.lang.Number", NUMBER),
            Map.entry("java.math.BigDecimal", NUMBER),
            Map.entry("java.util.UUID", formatted("uuid")), Map.entry("java.net.URI", formatted("uri")),
            Map.entry("java.time.Instant", formatted("date-time")), Map.entry("java.time.OffsetDateTime", formatted("date-time")),
            Map.entry("java.time.LocalDate", formatted("date")));
    private static final Map<String, TypeKind> PRIMITIVE_OPTIONALS = Map.of(
            "java.util.OptionalInt", TypeKind.INT, "java.util.OptionalLong", TypeKind.LONG, "java.util.OptionalDouble", TypeKind.DOUBLE);
    private static final List<String> STREAMS = List.of("java.util.stream.BaseStream", "java.util.Iterator", "java.io.InputStream");
    private static final Set<String> AWAITED = Set.of("java.util.concurrent.CompletableFuture", "java.util.concurrent.CompletionStage");

    private final Compilation compilation;

    JavaTypes(Compilation compilation) {
        this.compilation = compilation;
    }

    private static Map<String, Object> formatted(String format) {
        return Signature.ordered("type", "string", "format", format);
    }

    static String nameOf(TypeMirror type) {
        return type instanceof DeclaredType ? ((TypeElement) ((DeclaredType) type).asElement()).getQualifiedName().toString() : "";
    }

    static Map<String, Object> primitive(TypeKind kind) {
        return PRIMITIVES.get(kind);
    }

    /** The schema of a type of the JDK that JSON has one value for; null for any other. */
    static Map<String, Object> scalar(TypeMirror type) {
        String name = nameOf(type);
        Map<String, Object> known = SCALARS.get(name);
        return known == null && name.startsWith("java.time.") ? STRING : known;
    }

    boolean isVoid(TypeMirror type) {
        return nameOf(type).equals("java.lang.Void");
    }

    /** What is in an Optional; null when the type is none. */
    TypeMirror optional(TypeMirror type) {
        TypeKind primitive = PRIMITIVE_OPTIONALS.get(nameOf(type));
        if (primitive != null) return compilation.types.getPrimitiveType(primitive);
        return nameOf(type).equals("java.util.Optional") ? argument(type, 0) : null;
    }

    /** What a future brings; null when the type is none. */
    TypeMirror awaited(TypeMirror type) {
        return AWAITED.contains(nameOf(type)) ? argument(type, 0) : null;
    }

    /** Whether a result of this type comes piece by piece; what its readers get depends on who reads. */
    boolean streams(TypeMirror type) {
        return type instanceof DeclaredType && STREAMS.stream().anyMatch(name -> as(type, name) != null);
    }

    /** The type as `name`, which it may inherit from through any number of others; null when it does not. */
    TypeMirror as(TypeMirror type, String name) {
        if (nameOf(type).equals(name)) return type;
        for (TypeMirror above : compilation.types.directSupertypes(type)) {
            TypeMirror found = as(above, name);
            if (found != null) return found;
        }
        return null;
    }

    /** The type argument at a position; Object for a raw type. */
    TypeMirror argument(TypeMirror type, int position) {
        List<? extends TypeMirror> arguments = ((DeclaredType) type).getTypeArguments();
        return arguments.isEmpty() ? compilation.elements.getTypeElement("java.lang.Object").asType() : arguments.get(position);
    }

    static boolean isMarkedNullable(Element element) {
        return element.getAnnotationMirrors().stream()
                .anyMatch(mark -> mark.getAnnotationType().asElement().getSimpleName().contentEquals("Nullable"));
    }
}
