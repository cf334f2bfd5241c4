/** The peer of a cold start in Java: one answer, then the end. */
public final class Hello {
    private Hello() {}

    public static void main(String[] arguments) {
        System.out.print("{\"hello\":\"world\"}");
    }
}
