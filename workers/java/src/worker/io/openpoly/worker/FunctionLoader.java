package io.openpoly.worker;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Defines the classes of one function. They see the JDK, what `io.openpoly` has for functions, and the jars of their
 * layers; nothing of the worker.
 */
final class FunctionLoader extends ClassLoader {
    private static final String NAME_PREFIX = "function:";
    private static final String API_PACKAGE = "io.openpoly.";

    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> classes;

    FunctionLoader(String path, Map<String, byte[]> classes, ClassLoader parent) {
        super(NAME_PREFIX + path, parent);
        this.classes = classes;
    }

    /** The catalog path of the function that a frame of a stack is in; null when it is in none. */
    static String pathOf(StackTraceElement frame) {
        String loader = frame.getClassLoaderName();
        return loader != null && loader.startsWith(NAME_PREFIX) ? loader.substring(NAME_PREFIX.length()) : null;
    }

    /** What the functions of a worker share: the parent of their loaders. Each layer is a folder of jars. */
    static ClassLoader shared(List<?> layers) {
        List<URL> jars = new ArrayList<>();
        for (Object layer : layers) {
            File[] files = new File(layer.toString()).listFiles((folder, name) -> name.endsWith(".jar"));
            if (files == null) throw new Errors.Named("LayerNotFound", "there is no folder of jars at " + layer);
            Arrays.sort(files);
            for (File file : files) jars.add(urlOf(file));
        }
        ClassLoader api = new ApiLoader();
        return jars.isEmpty() ? api : new URLClassLoader("layers", jars.toArray(new URL[0]), api);
    }

    private static URL urlOf(File file) {
        try {
            return file.toURI().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!classes.containsKey(name)) return super.loadClass(name, resolve);
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (!classes.containsKey(name)) throw new ClassNotFoundException(name);
        byte[] bytes = ExitCalls.redirected(classes.get(name));
        return defineClass(name, bytes, 0, bytes.length);
    }

    private static final class ApiLoader extends ClassLoader {
        ApiLoader() {
            super("openpoly", ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            boolean isApi = name.startsWith(API_PACKAGE) && !name.startsWith("io.openpoly.worker.");
            if (!isApi) throw new ClassNotFoundException(name);
            return FunctionLoader.class.getClassLoader().loadClass(name);
        }
    }
}
