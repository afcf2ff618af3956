package dev.ancestral.bundle;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code bundle.json}, but for its file hashes. */
final class BundleJson {
  static final int VERSION = 1;

  private BundleJson() {}

  static JsonObject write(Bundle bundle) {
    JsonObject json = new JsonObject();
    json.addProperty("format", "ancestral-bundle");
    json.addProperty("version", VERSION);
    json.addProperty("timestep", bundle.continuousTimesteps() ? "continuous" : "discrete");
    json.add("data", data(bundle.data()));
    Conditioning conditioning = bundle.conditioning();
    if (conditioning != null) {
      json.add("conditioning", conditioning(conditioning));
    }
    json.add("recommended", recommended(bundle.recommended()));
    JsonObject provenance = new JsonObject();
    bundle.provenance().forEach(provenance::addProperty);
    json.add("provenance", provenance);
    JsonArray parity = new JsonArray();
    for (ParityFigure figure : bundle.parity()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("name", figure.name());
      entry.addProperty("max_abs_difference", figure.maxAbsDifference());
      entry.addProperty("tolerance", figure.tolerance());
      parity.add(entry);
    }
    json.add("parity", parity);
    return json;
  }

  /** Comes before anything else is believed. */
  static void requireVersion(JsonDocument json) {
    int version = json.integer("version");
    if (version != VERSION) {
      throw json.wrong("version", "%d (expected: %d)".formatted(version, VERSION));
    }
  }

  static Bundle read(JsonDocument json, SchedulerConfig scheduler) {
    requireVersion(json);
    String timestep = json.text("timestep");
    if (!timestep.equals("continuous") && !timestep.equals("discrete")) {
      throw json.wrong("timestep", timestep + " (expected: continuous or discrete)");
    }
    try {
      JsonDocument provenance = json.object("provenance");
      Map<String, String> words = new LinkedHashMap<>();
      provenance.names().forEach(name -> words.put(name, provenance.text(name)));
      return new Bundle(
          scheduler,
          data(json.object("data")),
          timestep.equals("continuous"),
          json.optionalObject("conditioning").map(BundleJson::conditioning).orElse(null),
          recommended(json.object("recommended")),
          words,
          json.objects("parity").stream()
              .map(
                  entry ->
                      new ParityFigure(
                          entry.text("name"),
                          entry.optionalDecimal("max_abs_difference").orElse(Double.NaN),
                          entry.optionalDecimal("tolerance").orElse(Double.NaN)))
              .toList());
    } catch (BundleException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw json.refused(e);
    }
  }

  private static JsonObject data(DataSpec data) {
    JsonArray shape = new JsonArray();
    data.shape().forEach(shape::add);
    JsonArray range = new JsonArray();
    range.add(data.min());
    range.add(data.max());
    JsonObject json = new JsonObject();
    json.add("shape", shape);
    json.add("range", range);
    json.addProperty("levels", data.levels());
    return json;
  }

  private static DataSpec data(JsonDocument json) {
    List<Double> range = json.numbers("range");
    if (range.size() != 2) {
      throw json.wrong("range", range + " (expected: two numbers)");
    }
    List<Double> shape = json.numbers("shape");
    if (shape.stream().anyMatch(size -> size != Math.rint(size))) {
      throw json.wrong("shape", shape + " (expected: integers)");
    }
    return new DataSpec(
        shape.stream().map(Double::longValue).toList(),
        range.get(0),
        range.get(1),
        json.integer("levels"));
  }

  private static JsonObject recommended(Recommended recommended) {
    JsonObject json = new JsonObject();
    json.addProperty("sampler", recommended.sampler());
    json.addProperty("steps", recommended.steps());
    json.add("options", new Gson().toJsonTree(recommended.options()));
    json.addProperty("guidance_weight", recommended.guidanceWeight());
    json.addProperty("guidance_rescale", recommended.guidanceRescale());
    return json;
  }

  /** What an older bundle does not say it does not recommend. */
  private static Recommended recommended(JsonDocument json) {
    return new Recommended(
        json.optionalText("sampler").orElse(null),
        json.optionalInteger("steps").orElse(null),
        json.optionalObject("options").map(JsonDocument::values).orElse(Map.of()),
        json.optionalDecimal("guidance_weight").orElse(1.0),
        json.optionalDecimal("guidance_rescale").orElse(0.0));
  }

  private static JsonObject conditioning(Conditioning conditioning) {
    JsonArray names = new JsonArray();
    conditioning.classNames().forEach(names::add);
    JsonObject json = new JsonObject();
    json.addProperty("num_classes", conditioning.numClasses());
    json.add("class_names", names);
    json.addProperty("null_label", conditioning.nullLabel());
    return json;
  }

  private static Conditioning conditioning(JsonDocument json) {
    return new Conditioning(
        json.integer("num_classes"),
        json.texts("class_names"),
        json.optionalInteger("null_label").orElse(null));
  }
}
