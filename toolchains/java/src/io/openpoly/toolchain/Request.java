package io.openpoly.toolchain;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.lang.model.SourceVersion;

/** What a `describe` asks about: toolchains/typescript/README.md, and here also `layers`, folders of jars. */
final class Request {
    /** A request that is not one; the message names the field and the reason. */
    static final class Bad extends Exception {
        private static final long serialVersionUID = 1;

        Bad(String message) {
            super(message);
        }
    }

    final boolean isClient;
    final String name;
    final String source;
    final List<File> jars;

    private Request(boolean isClient, String name, String source, List<File> jars) {
        this.isClient = isClient;
        this.name = name;
        this.source = source;
        this.jars = jars;
    }

    static Request from(Map<?, ?> body) throws Bad {
        Object kind = body.get("kind");
        boolean isClient = "client".equals(kind);
        if (!isClient && !"server".equals(kind)) throw new Bad("kind: must be 'server' or 'client'");
        Object name = body.get("name");
        if (!(name instanceof String) || !SourceVersion.isName((String) name) || ((String) name).contains(".")) {
            throw new Bad("name: must be the name of a function");
        }
        if (!"java".equals(body.get("language"))) throw new Bad("language: must be 'java'");
        if (!(body.get("source") instanceof String)) throw new Bad("source: must be text");
        requireSchemas(body.get("typeSchemas"));
        return new Request(isClient, (String) name, (String) body.get("source"), jarsOf(body.get("layers")));
    }

    private static void requireSchemas(Object schemas) throws Bad {
        boolean isValid = schemas == null
                || schemas instanceof Map && ((Map<?, ?>) schemas).values().stream().allMatch(schema -> schema instanceof Map);
        if (!isValid) throw new Bad("typeSchemas: must be an object of JSON Schemas");
    }

    private static List<File> jarsOf(Object layers) throws Bad {
        List<File> jars = new ArrayList<>();
        if (layers == null) return jars;
        if (!(layers instanceof List)) throw new Bad("layers: must be a list of folders");
        for (Object layer : (List<?>) layers) {
            File[] files = new File(layer.toString()).listFiles((folder, name) -> name.endsWith(".jar"));
            if (files == null) throw new Bad("layers: there is no folder at " + layer);
            Arrays.sort(files);
            jars.addAll(List.of(files));
        }
        return jars;
    }
}
