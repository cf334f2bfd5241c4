package io.openpoly.internal;

/** What a function calls where its source says `System.exit`: the end of its call and not of the worker. */
public final class Exit {
    private Exit() {}

    /** An Error, so that `catch (Exception e)` lets it pass. */
    public static final class Requested extends Error {
        private static final long serialVersionUID = 1;

        private Requested(int status) {
            super("the function called System.exit(" + status + ")");
        }
    }

    public static void exit(int status) {
        throw new Requested(status);
    }
}
