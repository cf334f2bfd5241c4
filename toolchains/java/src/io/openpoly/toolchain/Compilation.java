package io.openpoly.toolchain;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import io.openpoly.Poly;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** One source through the JDK's own compiler, from memory to memory. Annotation processors, which are code, do not run. */
final class Compilation {
    private static final List<String> OPTIONS = List.of("-proc:none", "-g", "-parameters", "-Xlint:all,-serial,-processing");
    private static final int WARNINGS_MAX = 20;
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    private static final File API = locationOf(Poly.class);

    private final DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    private final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();
    private final JavacTask task;

    final List<CompilationUnitTree> units = new ArrayList<>();
    final DocTrees trees;
    final Elements elements;
    final Types types;

    /** Parses and checks; `errors` says with what success. */
    Compilation(String name, String source, List<File> jars) throws IOException {
        StandardJavaFileManager files = COMPILER.getStandardFileManager(diagnostics, Locale.ENGLISH, StandardCharsets.UTF_8);
        List<File> classPath = new ArrayList<>(jars);
        classPath.add(API);
        files.setLocation(StandardLocation.CLASS_PATH, classPath);
        List<Source> sources = List.of(new Source(name, source));
        task = (JavacTask) COMPILER.getTask(null, new Memory(files), diagnostics, OPTIONS, null, sources);
        for (CompilationUnitTree unit : task.parse()) units.add(unit);
        task.analyze();
        trees = DocTrees.instance(task);
        elements = task.getElements();
        types = task.getTypes();
    }

    /** Class files by the names of their classes. */
    Map<String, byte[]> classes() throws IOException {
        task.generate();
        Map<String, byte[]> classes = new LinkedHashMap<>();
        written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    List<Map<String, Object>> errors() {
        return told(true);
    }

    List<Map<String, Object>> warnings() {
        return told(false);
    }

    private List<Map<String, Object>> told(boolean errors) {
        List<Map<String, Object>> told = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            boolean isError = diagnostic.getKind() == Diagnostic.Kind.ERROR;
            boolean isInSource = diagnostic.getSource() instanceof Source;
            if (isError != errors || !isError && !isInSource || told.size() == WARNINGS_MAX) continue;
            String message = diagnostic.getMessage(Locale.ENGLISH).strip().replaceAll("\\s*\\n\\s*", "; ");
            told.add(Faults.at(message, diagnostic.getLineNumber(), diagnostic.getColumnNumber()));
        }
        return told;
    }

    private static File locationOf(Class<?> type) {
        try {
            return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        /** Whatever its public class is called: a deployed source has no file. */
        @Override
        public boolean isNameCompatible(String name, Kind kind) {
            return kind == Kind.SOURCE;
        }
    }

    private final class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        Memory(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(JavaFileManager.Location where, String name, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            written.put(name, bytes);
            return new SimpleJavaFileObject(URI.create("bytes:///" + name.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }
    }
}
