package example;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import java.util.ArrayList;
import java.util.List;

/** A price list that another system keeps as one text. */
public class Products {
    /**
     * The names of the products that cost at most so much.
     *
     * @param priceList a JSON list of {"name", "price"}
     * @param most in the currency of the list
     */
    public List<String> cheapest(String priceList, double most) {
        List<String> names = new ArrayList<>();
        for (var each : new Gson().fromJson(priceList, JsonArray.class)) {
            var product = each.getAsJsonObject();
            if (product.get("price").getAsDouble() <= most) names.add(product.get("name").getAsString());
        }
        return names;
    }
}
