import io.openpoly.Poly;
import java.util.List;
import java.util.Map;

/** What the build lets a worker run once, so that the classes this needs are in the archive that workers start from. */
public class Sample {
    public record Line(String product, int count, double price) {}

    public record Order(long id, List<Line> lines, Map<String, Object> notes) {}

    public Map<String, Object> run(Order order, String text, boolean fails) {
        System.out.println("order " + order.id());
        if (fails) throw new IllegalArgumentException("as asked");
        Object told = Poly.call("training.tell", order, text);
        return Map.of("lines", order.lines(), "told", told);
    }
}
