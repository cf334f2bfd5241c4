package io.openpoly;

/** What {@link Poly} or {@link Vari} was asked for went wrong. */
public class PolyError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Integer statusCode;
    private final String code;

    public PolyError(String message, Integer statusCode, String code) {
        super(message);
        this.statusCode = statusCode;
        this.code = code;
    }

    /** Such as 404; null when there is none. Uncaught, it becomes the status of the caller's answer. */
    public Integer getStatusCode() {
        return statusCode;
    }

    /** Such as {@code NOT_FOUND}; null when there is none. */
    public String getCode() {
        return code;
    }
}
