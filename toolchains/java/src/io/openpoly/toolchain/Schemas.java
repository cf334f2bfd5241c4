package io.openpoly.toolchain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;

/**
 * Turns types into JSON Schema documents that stand alone, valid as draft-07 and as 2020-12. What no schema can tell
 * is {@code {}}, anything. One for each document.
 */
final class Schemas {
    private static final String DRAFT = "http://json-schema.org/draft-07/schema#";
    private static final int DEPTH_MAX = 24;

    private final Compilation compilation;
    private final JavaTypes javaTypes;
    private final Comments comments;
    private final Map<String, Object> definitions = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>(); // of definitions, by type
    private final Set<String> open = new HashSet<>();
    private final Set<String> referenced = new HashSet<>();

    Schemas(Compilation compilation, JavaTypes javaTypes, Comments comments) {
        this.compilation = compilation;
        this.javaTypes = javaTypes;
        this.comments = comments;
    }

    Map<String, Object> document(TypeMirror type) {
        Map<String, Object> root = isShaped(type) ? root(type) : schema(type);
        if (root.isEmpty()) return root;
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("$schema", DRAFT);
        document.putAll(root);
        if (!definitions.isEmpty()) document.put("definitions", definitions);
        return document;
    }

    private Map<String, Object> root(TypeMirror type) {
        String name = definitionName(type);
        Map<String, Object> schema = shape(type, name);
        if (referenced.contains(name)) {
            definitions.put(name, schema);
            return reference(name);
        }
        Map<String, Object> titled = Signature.ordered("title", name);
        titled.putAll(schema);
        return titled;
    }

    private Map<String, Object> schema(TypeMirror type) {
        Map<String, Object> primitive = JavaTypes.primitive(type.getKind());
        if (primitive != null) return primitive;
        switch (type.getKind()) {
            case ARRAY:
                TypeMirror component = ((ArrayType) type).getComponentType();
                if (component.getKind() == TypeKind.BYTE) return Signature.ordered("type", "string", "contentEncoding", "base64");
                return arrayOf(component);
            case TYPEVAR:
                return schema(((TypeVariable) type).getUpperBound());
            case WILDCARD:
                TypeMirror bound = ((WildcardType) type).getExtendsBound();
                return bound == null ? Map.of() : schema(bound);
            case DECLARED:
                return declared(type);
            default:
                return Map.of();
        }
    }

    private Map<String, Object> declared(TypeMirror type) {
        Map<String, Object> scalar = JavaTypes.scalar(type);
        if (scalar != null) return scalar;
        TypeMirror present = javaTypes.optional(type);
        if (present != null) return nullable(schema(present));
        TypeMirror awaited = javaTypes.awaited(type);
        if (awaited != null) return schema(awaited);
        TypeMirror map = javaTypes.as(type, "java.util.Map");
        if (map != null) {
            Map<String, Object> values = schema(javaTypes.argument(map, 1));
            return values.isEmpty() ? Map.of("type", "object") : Signature.ordered("type", "object", "additionalProperties", values);
        }
        TypeMirror iterable = javaTypes.as(type, "java.lang.Iterable");
        if (iterable != null && isCollection(type)) return arrayOf(javaTypes.argument(iterable, 0));
        return isShaped(type) ? defined(type) : Map.of();
    }

    private boolean isCollection(TypeMirror type) {
        return JavaTypes.nameOf(type).equals("java.lang.Iterable") || javaTypes.as(type, "java.util.Collection") != null;
    }

    private Map<String, Object> arrayOf(TypeMirror component) {
        Map<String, Object> items = schema(component);
        return items.isEmpty() ? Map.of("type", "array") : Signature.ordered("type", "array", "items", items);
    }

    private static Map<String, Object> nullable(Map<String, Object> schema) {
        if (schema.isEmpty()) return schema;
        if (schema.size() == 1 && schema.get("type") instanceof String) return Map.of("type", List.of(schema.get("type"), "null"));
        return Map.of("anyOf", List.of(schema, Map.of("type", "null")));
    }

    /** Enums, records and beans; not what the JDK has, whose getters are no data. */
    private boolean isShaped(TypeMirror type) {
        if (type.getKind() != TypeKind.DECLARED) return false;
        TypeElement element = (TypeElement) ((DeclaredType) type).asElement();
        if (element.getKind() == ElementKind.ENUM || element.getKind() == ElementKind.RECORD) return true;
        String module = String.valueOf(compilation.elements.getModuleOf(element));
        boolean isOfTheJdk = module.startsWith("java.") || module.startsWith("jdk.");
        boolean isData = element.getKind() == ElementKind.CLASS && !element.getModifiers().contains(Modifier.ABSTRACT);
        return isData && !isOfTheJdk && javaTypes.as(type, "java.util.Map") == null && javaTypes.as(type, "java.lang.Iterable") == null;
    }

    private Map<String, Object> defined(TypeMirror type) {
        String name = definitionName(type);
        if (open.contains(name)) {
            referenced.add(name);
            return reference(name);
        }
        if (!definitions.containsKey(name)) {
            if (open.size() >= DEPTH_MAX) return Map.of();
            Map<String, Object> schema = shape(type, name);
            if (schema.isEmpty()) return schema;
            definitions.put(name, schema);
        }
        return reference(name);
    }

    private static Map<String, Object> reference(String name) {
        return Map.of("$ref", "#/definitions/" + name);
    }

    /** The class's own name, with a number when another type has it: `Page` and `Page2` for two kinds of pages. */
    private String definitionName(TypeMirror type) {
        return names.computeIfAbsent(type.toString(), text -> {
            String simple = ((DeclaredType) type).asElement().getSimpleName().toString();
            String name = simple;
            for (int number = 2; names.containsValue(name); number++) name = simple + number;
            return name;
        });
    }

    private Map<String, Object> shape(TypeMirror type, String name) {
        TypeElement element = (TypeElement) ((DeclaredType) type).asElement();
        Map<String, Object> schema = new LinkedHashMap<>();
        String description = comments.summary(element);
        if (!description.isEmpty()) schema.put("description", description);
        if (element.getKind() == ElementKind.ENUM) {
            schema.put("type", "string");
            schema.put("enum", constants(element));
            return schema;
        }
        open.add(name);
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Members.Member member : Members.of(element)) {
            TypeMirror memberType = typeIn((DeclaredType) type, member.element);
            Map<String, Object> property = new LinkedHashMap<>(schema(memberType));
            if (!member.description(comments, element).isEmpty() && !property.containsKey("$ref")) {
                property.put("description", member.description(comments, element));
            }
            properties.put(member.name, property);
            boolean isNeeded = element.getKind() == ElementKind.RECORD && javaTypes.optional(memberType) == null;
            if (isNeeded && !JavaTypes.isMarkedNullable(member.element)) required.add(member.name);
        }
        open.remove(name);
        if (properties.isEmpty() && element.getKind() != ElementKind.RECORD) return Map.of();
        schema.put("type", "object");
        if (!properties.isEmpty()) schema.put("properties", properties);
        if (!required.isEmpty()) schema.put("required", required);
        return schema;
    }

    private static List<String> constants(TypeElement type) {
        List<String> constants = new ArrayList<>();
        for (Element member : type.getEnclosedElements()) {
            if (member.getKind() == ElementKind.ENUM_CONSTANT) constants.add(member.getSimpleName().toString());
        }
        return constants;
    }

    /** The type of a member where the type variables of its class are known. */
    private TypeMirror typeIn(DeclaredType owner, Element member) {
        TypeMirror type = compilation.types.asMemberOf(owner, member);
        if (!(type instanceof ExecutableType)) return type;
        ExecutableType method = (ExecutableType) type;
        return method.getParameterTypes().isEmpty() ? method.getReturnType() : method.getParameterTypes().get(0);
    }
}
