package dev.ancestral.bundle;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.FittedBetween;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedProof.Comparison;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTable.Factors;
import dev.ancestral.diffusion.sampler.FittedTable.Weighted;
import dev.ancestral.diffusion.sampler.FittedTables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The file of a bundle's fitted chains, version 1; or version 2, for readers of before, where a
 * step reads the estimate before the previous one.
 *
 * <pre>
 * {"format": "ancestral-fitted", "version": 1,
 *  "teacher": "ddim:100",
 *  "clipping": {"min": -1, "max": 1},     of estimates and of the result; null for none
 *  "provenance": {"chains": "64", ...},   words of how they were fitted
 *  "tables": [
 *   {"sha256": "...",                     {@link FittedTable#sha256}
 *    "timesteps": [999, ...],             falling
 *    "weighted": [
 *     {"guidance": 1,
 *      "steps": [{"x": ..., "x0": ..., "previous": ..., "earlier": ...}, ...],   earlier: where it is not 0
 *      "proof": {"distance": {"fitted": ..., "ddim": ..., "dpmpp-2m": ...},
 *                "comparison": {...} or null},
 *      "between": {"guidance": ..., "distance": {...}}}]}]}   left out where nobody measured it
 * </pre>
 */
final class FittedJson {
  private static final int VERSION = 1;
  private static final int VERSION_WITH_EARLIER = 2;
  private static final String MIN = "min";
  private static final String MAX = "max";

  private FittedJson() {}

  static JsonObject write(FittedTables fitted) {
    boolean earlier = fitted.tables().stream().anyMatch(FittedTable::readsEarlier);
    JsonObject json = new JsonObject();
    json.addProperty("format", "ancestral-fitted");
    json.addProperty("version", earlier ? VERSION_WITH_EARLIER : VERSION);
    json.addProperty("teacher", fitted.teacher());
    json.add("clipping", clipping(fitted.clipping()));
    JsonObject provenance = new JsonObject();
    fitted.provenance().forEach(provenance::addProperty);
    json.add("provenance", provenance);
    json.add("tables", array(fitted.tables(), FittedJson::table));
    return json;
  }

  private static <T> JsonArray array(List<T> items, Function<T, JsonElement> item) {
    JsonArray array = new JsonArray();
    items.forEach(each -> array.add(item.apply(each)));
    return array;
  }

  /** A bundle's network is clipped to a range or not at all. */
  private static JsonElement clipping(Clipping clipping) {
    if (!(clipping instanceof ClipRange range)) {
      return JsonNull.INSTANCE;
    }
    JsonObject json = new JsonObject();
    json.addProperty(MIN, range.min());
    json.addProperty(MAX, range.max());
    return json;
  }

  private static JsonObject table(FittedTable table) {
    JsonArray timesteps = new JsonArray();
    table.timesteps().forEach(timesteps::add);
    JsonObject json = new JsonObject();
    json.addProperty("sha256", table.sha256());
    json.add("timesteps", timesteps);
    json.add("weighted", array(table.weighted(), FittedJson::weighted));
    return json;
  }

  private static JsonObject weighted(Weighted weighted) {
    JsonObject json = new JsonObject();
    json.addProperty("guidance", weighted.guidance());
    json.add("steps", array(weighted.steps(), FittedJson::factors));
    json.add("proof", proof(weighted.proof()));
    FittedBetween between = weighted.between();
    if (between != null) {
      JsonObject measured = new JsonObject();
      measured.addProperty("guidance", between.guidance());
      measured.add("distance", distance(between.proof()));
      json.add("between", measured);
    }
    return json;
  }

  private static JsonObject factors(Factors factors) {
    JsonObject json = new JsonObject();
    json.addProperty("x", factors.x());
    json.addProperty("x0", factors.x0());
    json.addProperty("previous", factors.previous());
    if (factors.earlier() != 0) {
      json.addProperty("earlier", factors.earlier());
    }
    return json;
  }

  private static JsonObject distance(FittedProof proof) {
    JsonObject distance = new JsonObject();
    distance.addProperty("fitted", proof.fitted());
    distance.addProperty("ddim", proof.ddim());
    distance.addProperty("dpmpp-2m", proof.dpmSolver());
    return distance;
  }

  private static JsonObject proof(FittedProof proof) {
    JsonObject json = new JsonObject();
    json.add("distance", distance(proof));
    Comparison made = proof.comparison();
    json.add("comparison", made == null ? JsonNull.INSTANCE : comparison(made));
    return json;
  }

  private static JsonObject comparison(Comparison comparison) {
    JsonObject json = new JsonObject();
    json.addProperty("reference", comparison.reference());
    json.addProperty("samples", comparison.samples());
    json.addProperty("frechet_ratio", comparison.frechetRatio());
    json.addProperty("frechet_upper", comparison.frechetUpper());
    json.addProperty("high_frequency_ratio", comparison.highFrequencyRatio());
    json.addProperty("accuracy", comparison.accuracy());
    json.addProperty("teacher_accuracy", comparison.teacherAccuracy());
    json.addProperty("precision", comparison.precision());
    json.addProperty("recall", comparison.recall());
    return json;
  }

  /**
   * What {@link #write} wrote.
   *
   * @throws BundleException naming the file, the field and the expectation
   */
  static FittedTables read(JsonDocument json) {
    int version = json.integer("version");
    if (version != VERSION && version != VERSION_WITH_EARLIER) {
      throw json.wrong(
          "version", "%d (expected: %d or %d)".formatted(version, VERSION, VERSION_WITH_EARLIER));
    }
    JsonDocument words = json.object("provenance");
    Map<String, String> provenance = new LinkedHashMap<>();
    words.names().forEach(name -> provenance.put(name, words.text(name)));
    String teacher = json.text("teacher");
    Clipping clipping =
        json.optionalObject("clipping").map(FittedJson::readClipping).orElse(Clipping.NONE);
    List<FittedTable> tables = json.objects("tables").stream().map(FittedJson::readTable).toList();
    return checked(json, () -> new FittedTables(teacher, clipping, tables, provenance));
  }

  private static Clipping readClipping(JsonDocument json) {
    double min = json.decimal(MIN);
    double max = json.decimal(MAX);
    return checked(json, () -> new ClipRange(min, max));
  }

  private static FittedTable readTable(JsonDocument json) {
    List<Double> timesteps = json.numbers("timesteps");
    List<Weighted> weighted =
        json.objects("weighted").stream().map(FittedJson::readWeighted).toList();
    FittedTable table = checked(json, () -> new FittedTable(timesteps, weighted));
    if (!json.text("sha256").equals(table.sha256())) {
      throw json.wrong(
          "sha256",
          "%s (expected: %s, of its numbers)".formatted(json.text("sha256"), table.sha256()));
    }
    return table;
  }

  private static Weighted readWeighted(JsonDocument json) {
    double guidance = json.decimal("guidance");
    List<Factors> steps = json.objects("steps").stream().map(FittedJson::readFactors).toList();
    FittedProof proof = readProof(json.object("proof"));
    @Nullable FittedBetween between =
        json.optionalObject("between").map(FittedJson::readBetween).orElse(null);
    return checked(json, () -> new Weighted(guidance, steps, proof, between));
  }

  private static FittedBetween readBetween(JsonDocument json) {
    return new FittedBetween(json.decimal("guidance"), readDistance(json, null));
  }

  private static Factors readFactors(JsonDocument json) {
    double x = json.decimal("x");
    double x0 = json.decimal("x0");
    double previous = json.decimal("previous");
    double earlier = json.optionalDecimal("earlier").orElse(0.0);
    return checked(json, () -> new Factors(x, x0, previous, earlier));
  }

  private static FittedProof readProof(JsonDocument json) {
    return readDistance(
        json, json.optionalObject("comparison").map(FittedJson::readComparison).orElse(null));
  }

  private static FittedProof readDistance(JsonDocument json, @Nullable Comparison comparison) {
    JsonDocument distance = json.object("distance");
    double fitted = distance.decimal("fitted");
    double ddim = distance.decimal("ddim");
    double dpmSolver = distance.decimal("dpmpp-2m");
    return checked(json, () -> new FittedProof(fitted, ddim, dpmSolver, comparison));
  }

  private static Comparison readComparison(JsonDocument json) {
    String reference = json.text("reference");
    int samples = json.integer("samples");
    double frechetRatio = json.decimal("frechet_ratio");
    double frechetUpper = json.decimal("frechet_upper");
    double precision = json.decimal("precision");
    double recall = json.decimal("recall");
    return checked(
        json,
        () ->
            new Comparison(
                reference,
                samples,
                frechetRatio,
                frechetUpper,
                json.optionalDecimal("high_frequency_ratio").orElse(null),
                json.optionalDecimal("accuracy").orElse(null),
                json.optionalDecimal("teacher_accuracy").orElse(null),
                precision,
                recall));
  }

  /** What the record refuses is a field of this object. */
  private static <T> T checked(JsonDocument json, Supplier<T> made) {
    try {
      return made.get();
    } catch (BundleException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw json.refusedHere(e);
    }
  }
}
