import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Orders of a shop. */
public class Orders {
    public enum Size { SMALL, LARGE }

    /**
     * A line of an order.
     *
     * @param price for one, when it is not the usual one
     */
    public record Line(String product, Size size, int count, Optional<Double> price) {}

    public record Receipt(LocalDate day, double total, Map<Size, Integer> pieces) {}

    private static final double USUAL_PRICE = 2.5;

    /**
     * Adds up an order.
     *
     * @param lines what was ordered
     */
    public Receipt total(List<Line> lines) {
        if (lines.isEmpty()) throw new IllegalArgumentException("an order has lines");
        double total = 0;
        Map<Size, Integer> pieces = new EnumMap<>(Size.class);
        for (Line line : lines) {
            total += line.count() * line.price().orElse(USUAL_PRICE);
            pieces.merge(line.size(), line.count(), Integer::sum);
        }
        System.out.println("added up " + lines.size() + " lines");
        return new Receipt(LocalDate.now(), total, pieces);
    }
}
