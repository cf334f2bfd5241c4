package io.openpoly.toolchain;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import io.openpoly.worker.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;

/**
 * The `describe` operation: one function's source in, everything that a deploy needs to know out. A fault of the
 * source is an answer with places in the source, never an exception.
 */
final class Describe {
    private static final int SOURCE_BYTES_MAX = 1024 * 1024;

    Map<String, Object> answer(Request request) {
        if (request.source.getBytes(StandardCharsets.UTF_8).length > SOURCE_BYTES_MAX) {
            return Faults.refusal("the source is larger than " + SOURCE_BYTES_MAX + " bytes");
        }
        try {
            return described(request, new Compilation(request.name, request.source, request.jars));
        } catch (StackOverflowError tooDeep) {
            return Faults.refusal("the source is nested too deeply");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Map<String, Object> described(Request request, Compilation compilation) throws IOException {
        List<Map<String, Object>> errors = compilation.errors();
        if (!errors.isEmpty()) return Faults.refusal(errors);
        List<ExecutableElement> found = new ArrayList<>();
        TreeSet<String> others = new TreeSet<>();
        for (ExecutableElement method : publicMethods(compilation)) {
            if (method.getSimpleName().contentEquals(request.name)) found.add(method);
            else others.add(method.getSimpleName().toString());
        }
        if (found.isEmpty()) return Faults.refusal(notFound(request.name, others));
        if (found.size() > 1) {
            return Faults.refusal("the source has several public methods '" + request.name + "', and a call by path cannot tell them apart");
        }
        ExecutableElement method = found.get(0);
        TypeElement owner = (TypeElement) method.getEnclosingElement();
        if (!method.getModifiers().contains(Modifier.STATIC) && !canBeMade(owner)) {
            return Faults.refusal("'" + request.name + "' must be static, or " + owner.getSimpleName()
                    + " must be a class with a constructor without parameters");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ok", true);
        answer.putAll(new Signature(compilation).of(method));
        answer.put("imports", Imports.of(compilation));
        answer.put("references", References.of(compilation));
        // Making classes rewrites the trees, so it comes when all is read, and may find what checking does not.
        Map<String, byte[]> classes = compilation.classes();
        if (!compilation.errors().isEmpty()) return Faults.refusal(compilation.errors());
        answer.put("code", code(request, compilation, method, classes, (Map<?, ?>) answer.get("references")));
        answer.put("warnings", compilation.warnings());
        return answer;
    }

    private static List<ExecutableElement> publicMethods(Compilation compilation) {
        List<ExecutableElement> methods = new ArrayList<>();
        for (CompilationUnitTree unit : compilation.units) {
            for (Tree declaration : unit.getTypeDecls()) {
                Element type = compilation.trees.getElement(TreePath.getPath(unit, declaration));
                if (!(type instanceof TypeElement)) continue;
                for (ExecutableElement method : ElementFilter.methodsIn(type.getEnclosedElements())) {
                    boolean isCallable = method.getModifiers().contains(Modifier.PUBLIC) && !method.getModifiers().contains(Modifier.ABSTRACT);
                    if (isCallable) methods.add(method);
                }
            }
        }
        return methods;
    }

    private static boolean canBeMade(TypeElement owner) {
        if (owner.getKind() != ElementKind.CLASS || owner.getModifiers().contains(Modifier.ABSTRACT)) return false;
        return ElementFilter.constructorsIn(owner.getEnclosedElements()).stream().anyMatch(constructor -> constructor.getParameters().isEmpty());
    }

    private static String notFound(String name, TreeSet<String> others) {
        String problem = "the source has no public method '" + name + "'; ";
        if (others.isEmpty()) return problem + "its top-level classes have no public methods";
        return problem + "the public methods of its top-level classes are: " + String.join(", ", others);
    }

    /** What a worker loads. For a client function also what SDKs of Java want to know: wire.md section 5.3. */
    private static String code(Request request, Compilation compilation, ExecutableElement method,
            Map<String, byte[]> classes, Map<?, ?> references) {
        TypeElement owner = (TypeElement) method.getEnclosingElement();
        Map<String, Object> code = new LinkedHashMap<>();
        code.put("binaryName", compilation.elements.getBinaryName(owner).toString());
        code.put("methodName", request.name);
        if (request.isClient) {
            code.put("className", owner.getSimpleName().toString());
            code.put("packageName", compilation.elements.getPackageOf(owner).getQualifiedName().toString());
            code.put("params", Signature.parameterTypes(compilation, method));
            code.put("availableContexts", References.contexts(references));
            code.put("code", request.source);
        }
        Map<String, String> encoded = new LinkedHashMap<>();
        classes.forEach((name, bytes) -> encoded.put(name, Base64.getEncoder().encodeToString(bytes)));
        code.put("classes", encoded);
        return new String(JsonWriter.write(code), StandardCharsets.UTF_8);
    }
}
