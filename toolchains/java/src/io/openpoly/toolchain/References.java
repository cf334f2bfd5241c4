package io.openpoly.toolchain;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.VariableElement;

/**
 * What a source uses of the catalog: the paths in `Poly.call("crm.contacts.get", 1)` and `Vari.get("shop.key")`, also
 * where a constant stands for one. Where a path is only known when the code runs, the list cannot be complete, and
 * `dynamic` says so.
 */
final class References extends TreePathScanner<Void, Void> {
    private static final String POLY = "io.openpoly.Poly";
    private static final String VARI = "io.openpoly.Vari";

    private final Compilation compilation;
    private final Map<String, TreeSet<String>> paths = Map.of(POLY, new TreeSet<>(), VARI, new TreeSet<>());
    private boolean isDynamic;

    private References(Compilation compilation) {
        this.compilation = compilation;
    }

    /** `{"poly": [...paths], "vari": [...paths], "dynamic"?: true}`, sorted. */
    static Map<String, Object> of(Compilation compilation) {
        References references = new References(compilation);
        for (CompilationUnitTree unit : compilation.units) references.scan(unit, null);
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("poly", List.copyOf(references.paths.get(POLY)));
        found.put("vari", List.copyOf(references.paths.get(VARI)));
        if (references.isDynamic) found.put("dynamic", true);
        return found;
    }

    /** `a,a.b` for `a.b.get`, and `-` for nothing. */
    static String contexts(Map<?, ?> references) {
        TreeSet<String> contexts = new TreeSet<>();
        for (String root : List.of("poly", "vari")) {
            for (Object path : (List<?>) references.get(root)) {
                String context = (String) path;
                for (int end = context.lastIndexOf('.'); end > 0; end = context.lastIndexOf('.')) {
                    context = context.substring(0, end);
                    contexts.add(context);
                }
            }
        }
        return contexts.isEmpty() ? "-" : String.join(",", contexts);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
        Element method = elementOf(call.getMethodSelect());
        TreeSet<String> known = method == null ? null : paths.get(String.valueOf(method.getEnclosingElement()));
        if (known != null) {
            int position = pathPosition((ExecutableElement) method);
            String path = position < 0 ? null : constant(call.getArguments().get(position));
            if (path != null) known.add(path);
            else isDynamic = true;
        }
        return super.visitMethodInvocation(call, nothing);
    }

    @Override
    public Void visitMemberReference(MemberReferenceTree reference, Void nothing) {
        Element method = elementOf(reference);
        if (method != null && paths.containsKey(String.valueOf(method.getEnclosingElement()))) isDynamic = true;
        return super.visitMemberReference(reference, nothing);
    }

    /** The first parameter that is text. */
    private static int pathPosition(ExecutableElement method) {
        for (int i = 0; i < method.getParameters().size(); i++) {
            if (method.getParameters().get(i).asType().toString().equals("java.lang.String")) return i;
        }
        return -1;
    }

    private Element elementOf(Tree tree) {
        return compilation.trees.getElement(new TreePath(getCurrentPath(), tree));
    }

    /** The text that an expression is at compile time; null when that is not known. */
    private String constant(ExpressionTree expression) {
        if (expression instanceof LiteralTree) return String.valueOf(((LiteralTree) expression).getValue());
        if (expression instanceof ParenthesizedTree) return constant(((ParenthesizedTree) expression).getExpression());
        if (expression instanceof BinaryTree && expression.getKind() == Tree.Kind.PLUS) {
            String left = constant(((BinaryTree) expression).getLeftOperand());
            String right = constant(((BinaryTree) expression).getRightOperand());
            return left == null || right == null ? null : left + right;
        }
        Element element = elementOf(expression);
        Object value = element instanceof VariableElement ? ((VariableElement) element).getConstantValue() : null;
        return value == null ? null : value.toString();
    }
}
