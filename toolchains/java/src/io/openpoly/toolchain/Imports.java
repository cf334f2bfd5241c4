package io.openpoly.toolchain;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.List;
import java.util.TreeSet;
import javax.lang.model.element.Element;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;

/** The packages a source uses that are neither the JDK's, ours, nor its own: what jars have to bring. */
final class Imports extends TreePathScanner<Void, Void> {
    private final Compilation compilation;
    private final TreeSet<String> packages = new TreeSet<>();

    private Imports(Compilation compilation) {
        this.compilation = compilation;
    }

    static List<String> of(Compilation compilation) {
        Imports imports = new Imports(compilation);
        for (CompilationUnitTree unit : compilation.units) {
            imports.scan(unit, null);
            if (unit.getPackageName() != null) imports.packages.remove(unit.getPackageName().toString());
        }
        return List.copyOf(imports.packages);
    }

    @Override
    public Void visitIdentifier(IdentifierTree identifier, Void nothing) {
        add(compilation.trees.getElement(getCurrentPath()));
        return super.visitIdentifier(identifier, nothing);
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree selection, Void nothing) {
        add(compilation.trees.getElement(new TreePath(getCurrentPath(), selection)));
        return super.visitMemberSelect(selection, nothing);
    }

    private void add(Element element) {
        if (!(element instanceof TypeElement)) return;
        PackageElement owner = compilation.elements.getPackageOf(element);
        String name = owner.getQualifiedName().toString();
        String module = String.valueOf(compilation.elements.getModuleOf(element));
        boolean isProvided = module.startsWith("java.") || module.startsWith("jdk.") || name.equals("io.openpoly");
        if (!isProvided && !name.isEmpty()) packages.add(name);
    }
}
