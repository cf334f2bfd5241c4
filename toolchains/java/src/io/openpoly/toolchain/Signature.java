package io.openpoly.toolchain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * A method's parameters and result in the catalog's type language: PropertySpecification and PropertyType. Simple
 * types go by name, everything else by a JSON Schema document.
 */
final class Signature {
    private static final Map<String, Object> ANYTHING = Map.of("kind", "plain", "value", "any");
    private static final Map<String, String> PRIMITIVES =
            Map.of("string", "string", "integer", "number", "number", "number", "boolean", "boolean");

    private final Compilation compilation;
    private final Comments comments;
    private final JavaTypes javaTypes;

    Signature(Compilation compilation) {
        this.compilation = compilation;
        this.comments = new Comments(compilation);
        this.javaTypes = new JavaTypes(compilation);
    }

    /** {@code {arguments, returnType, synchronous, description}}. */
    Map<String, Object> of(ExecutableElement method) {
        Map<String, String> texts = comments.parameters(method);
        List<Object> arguments = new ArrayList<>();
        for (VariableElement parameter : method.getParameters()) {
            arguments.add(argument(parameter, texts.get(parameter.getSimpleName().toString())));
        }
        TypeMirror awaited = javaTypes.awaited(method.getReturnType());
        TypeMirror result = awaited == null ? method.getReturnType() : awaited;
        Map<String, Object> signature = new LinkedHashMap<>();
        signature.put("arguments", arguments);
        signature.put("returnType", javaTypes.streams(result) ? ANYTHING : propertyType(result));
        signature.put("synchronous", awaited == null);
        String own = comments.summary(method);
        signature.put("description", own.isEmpty() ? comments.summary(method.getEnclosingElement()) : own);
        return signature;
    }

    private Map<String, Object> argument(VariableElement parameter, String text) {
        TypeMirror type = parameter.asType();
        TypeMirror present = javaTypes.optional(type);
        Map<String, Object> argument = new LinkedHashMap<>();
        argument.put("name", parameter.getSimpleName().toString());
        if (text != null) argument.put("description", text);
        argument.put("required", present == null);
        if (present != null || JavaTypes.isMarkedNullable(parameter)) argument.put("nullable", true);
        argument.put("type", propertyType(present == null ? type : present));
        return argument;
    }

    private Map<String, Object> propertyType(TypeMirror type) {
        if (type.getKind() == TypeKind.VOID || javaTypes.isVoid(type)) return Map.of("kind", "void");
        Map<String, Object> schema = new Schemas(compilation, javaTypes, comments).document(type);
        Map<String, Object> shape = new LinkedHashMap<>(schema);
        shape.remove("$schema");
        if (shape.isEmpty()) return ANYTHING;
        Map<String, Object> primitive = primitive(shape);
        if (primitive != null) return primitive;
        boolean isPlainArray = "array".equals(shape.get("type")) && shape.size() == 2 && shape.get("items") instanceof Map;
        Map<String, Object> items = isPlainArray ? primitive((Map<?, ?>) shape.get("items")) : null;
        if (items != null) return ordered("kind", "array", "items", items);
        return ordered("kind", "object", "schema", schema);
    }

    private static Map<String, Object> primitive(Map<?, ?> schema) {
        String name = schema.size() == 1 && schema.get("type") instanceof String ? PRIMITIVES.get(schema.get("type")) : null;
        return name == null ? null : ordered("kind", "primitive", "type", name);
    }

    static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        return map;
    }

    /** {@code java.lang.String,int} */
    static String parameterTypes(Compilation compilation, ExecutableElement method) {
        return method.getParameters().stream()
                .map(parameter -> compilation.types.erasure(parameter.asType()).toString())
                .collect(Collectors.joining(","));
    }
}
