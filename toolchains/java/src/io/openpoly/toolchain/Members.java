package io.openpoly.toolchain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.ElementFilter;

/**
 * Which JSON members the objects of a class have: a record's components; a bean's public fields, getters and setters,
 * in the order of its fields. The worker's Shape says the same of loaded classes.
 */
final class Members {
    private Members() {}

    static final class Member {
        final String name;
        final Element element; // whose type, or whose return or parameter type, is the member's
        private Element field; // of the same name, where its comment is likely to stand

        private Member(String name, Element element) {
            this.name = name;
            this.element = element;
        }

        String description(Comments comments, TypeElement owner) {
            String own = comments.summary(element);
            if (!own.isEmpty()) return own;
            if (field != null) return comments.summary(field);
            return comments.parameters(owner).getOrDefault(name, "");
        }
    }

    static List<Member> of(TypeElement type) {
        List<Member> members = new ArrayList<>();
        if (type.getKind() == ElementKind.RECORD) {
            for (RecordComponentElement component : ElementFilter.recordComponentsIn(type.getEnclosedElements())) {
                members.add(new Member(component.getSimpleName().toString(), component.getAccessor()));
            }
            return members;
        }
        List<Element> fields = new ArrayList<>();
        Map<String, Member> found = new LinkedHashMap<>();
        for (TypeElement owner = type; owner != null && !isObject(owner); owner = above(owner)) collect(owner, fields, found);
        for (Element field : fields) {
            Member member = found.remove(field.getSimpleName().toString());
            if (member == null) continue;
            member.field = field;
            members.add(member);
        }
        members.addAll(found.values());
        return members;
    }

    private static void collect(TypeElement owner, List<Element> fields, Map<String, Member> found) {
        for (Element field : ElementFilter.fieldsIn(owner.getEnclosedElements())) {
            if (field.getModifiers().contains(Modifier.STATIC)) continue;
            fields.add(field);
            if (isPublic(field)) add(found, field.getSimpleName().toString(), field);
        }
        for (ExecutableElement method : ElementFilter.methodsIn(owner.getEnclosedElements())) {
            if (!isPublic(method) || method.getModifiers().contains(Modifier.STATIC)) continue;
            String name = memberName(method);
            if (name != null) add(found, name, method);
        }
    }

    private static void add(Map<String, Member> found, String name, Element element) {
        found.putIfAbsent(name, new Member(name, element));
    }

    private static String memberName(ExecutableElement method) {
        String name = method.getSimpleName().toString();
        int parameters = method.getParameters().size();
        TypeKind result = method.getReturnType().getKind();
        if (parameters == 1 && hasPrefix(name, "set")) return decapitalized(name.substring(3));
        if (parameters != 0 || result == TypeKind.VOID) return null;
        if (hasPrefix(name, "get")) return decapitalized(name.substring(3));
        boolean isFlag = result == TypeKind.BOOLEAN || method.getReturnType().toString().equals("java.lang.Boolean");
        return isFlag && hasPrefix(name, "is") ? decapitalized(name.substring(2)) : null;
    }

    private static boolean hasPrefix(String name, String prefix) {
        return name.length() > prefix.length() && name.startsWith(prefix) && !Character.isLowerCase(name.charAt(prefix.length()));
    }

    private static String decapitalized(String name) {
        boolean isAcronym = name.length() > 1 && Character.isUpperCase(name.charAt(1));
        return isAcronym ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private static boolean isPublic(Element element) {
        return element.getModifiers().contains(Modifier.PUBLIC);
    }

    private static boolean isObject(TypeElement type) {
        return type.getQualifiedName().contentEquals("java.lang.Object");
    }

    private static TypeElement above(TypeElement type) {
        return type.getSuperclass() instanceof DeclaredType ? (TypeElement) ((DeclaredType) type.getSuperclass()).asElement() : null;
    }
}
