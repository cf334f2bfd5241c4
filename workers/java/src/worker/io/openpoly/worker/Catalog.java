package io.openpoly.worker;

import io.openpoly.internal.Host;
import io.openpoly.worker.Errors.Named;
import io.openpoly.worker.Questions.Question;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** What stands behind `Poly`, `Vari` and `PolyCustom`: questions to the host, and client functions that run here. */
final class Catalog extends Host {
    private static final String LANGUAGE = "java";

    private final Questions questions;
    private final Map<String, ClientFunction> clients;
    private ExecutorService later; // what goes on when an answer comes that no thread waits for

    Catalog(Questions questions, Map<String, ClientFunction> clients) {
        this.questions = questions;
        this.clients = clients;
    }

    void install() {
        set(this);
    }

    /** A client function of `load`; its code is loaded when it is first used. */
    static final class ClientFunction {
        private final Map<?, ?> declaration;
        private final ClassLoader shared;
        private Function function;

        ClientFunction(Map<?, ?> declaration, ClassLoader shared) {
            this.declaration = declaration;
            this.shared = shared;
        }

        /** Values go in and out as JSON, because its classes are not those of its caller. */
        Object call(Object[] arguments) {
            try {
                byte[] given = JsonWriter.write(new ArrayList<>(Arrays.asList(arguments)));
                return JsonReader.read(JsonWriter.write(loaded().call(JsonReader.read(given))));
            } catch (Throwable thrown) {
                throw Errors.rethrown(thrown);
            }
        }

        private synchronized Function loaded() throws ReflectiveOperationException {
            if (function != null) return function;
            String path = (String) declaration.get("path");
            if (!LANGUAGE.equals(declaration.get("language"))) {
                String language = String.valueOf(declaration.get("language"));
                throw new Named("WrongLanguage", "client function " + path + " is " + language + ": a Java function cannot run it");
            }
            byte[] code = declaration.get("code").toString().getBytes(StandardCharsets.UTF_8);
            function = Function.load(code, path, (List<?>) declaration.get("parameters"), shared);
            return function;
        }
    }

    @Override
    public Object ask(String op, String path, Object[] arguments, Class<?> type) {
        ClientFunction client = op.equals("call") ? clients.get(path) : null;
        return typed(client != null ? client.call(arguments) : questions.ask(op, path, arguments), type, path);
    }

    @Override
    public CompletableFuture<Object> askLater(String op, String path, Object[] arguments, Class<?> type) {
        Call call = Questions.running(path);
        if (clients.containsKey(path)) {
            return CompletableFuture.supplyAsync(() -> onBehalfOf(call, () -> ask(op, path, arguments, type)), later());
        }
        CompletableFuture<Object> future = new CompletableFuture<>();
        Question question = new Question(call, path) {
            @Override
            void settle(Object value, Map<?, ?> error, boolean isAbandoned) {
                super.settle(value, error, isAbandoned);
                later().execute(() -> onBehalfOf(call, () -> complete(future, type, this)));
            }
        };
        questions.put(question, op, arguments);
        return future;
    }

    private static boolean complete(CompletableFuture<Object> future, Class<?> type, Question question) {
        try {
            return future.complete(typed(question.outcome(), type, question.path));
        } catch (Throwable thrown) {
            return future.completeExceptionally(thrown);
        }
    }

    private static <T> T onBehalfOf(Call call, Supplier<T> work) {
        Call.become(call);
        try {
            return work.get();
        } finally {
            Call.become(null);
        }
    }

    private synchronized ExecutorService later() {
        if (later == null) {
            later = Executors.newCachedThreadPool(work -> {
                Thread thread = new Thread(null, work, "openpoly-later", 0, false);
                thread.setDaemon(true);
                return thread;
            });
        }
        return later;
    }

    private static Object typed(Object value, Class<?> type, String path) {
        try {
            return type == void.class || type == Void.class ? null : Binding.bind(type, value, "$");
        } catch (Binding.Misfit misfit) {
            throw new IllegalArgumentException("the value of " + path + " does not fit " + type.getSimpleName() + ": " + misfit.getMessage());
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T cast(Class<T> type, Object value) {
        return (T) MethodType.methodType(type).wrap().returnType().cast(value);
    }

    @Override
    public Object custom(String name) {
        Call call = Call.running();
        if (call == null) return null;
        synchronized (call) {
            return call.custom().get(name);
        }
    }

    @Override
    public void setCustom(String name, Object value) {
        Call call = Call.running();
        if (call == null) throw new IllegalStateException("polyCustom." + name + " can be set only while a call is answered");
        synchronized (call) {
            call.custom().put(name, value);
        }
    }
}
