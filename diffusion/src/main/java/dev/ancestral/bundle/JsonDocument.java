package dev.ancestral.bundle;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A JSON object whose fields are read by type; a wrong or missing one is an error that names file
 * and field.
 */
final class JsonDocument {
  private final String file;
  private final String path;
  private final JsonObject object;

  private JsonDocument(String file, String path, JsonObject object) {
    this.file = file;
    this.path = path;
    this.object = object;
  }

  static JsonDocument parse(String file, String text) {
    JsonElement element;
    try {
      element = JsonParser.parseString(text);
    } catch (JsonParseException e) {
      throw new BundleException(file, "is not JSON (" + e.getMessage() + ")");
    }
    if (!element.isJsonObject()) {
      throw new BundleException(file, "is not a JSON object");
    }
    return new JsonDocument(file, "", element.getAsJsonObject());
  }

  BundleException wrong(String field, String problem) {
    return new BundleException(file, path + field + ": " + problem);
  }

  /** For a record's own check, whose message names the field from the document's root. */
  BundleException refused(IllegalArgumentException e) {
    return new BundleException(file, String.valueOf(e.getMessage()));
  }

  /** For a record's own check, whose message names the field of this object. */
  BundleException refusedHere(IllegalArgumentException e) {
    return new BundleException(file, path + e.getMessage());
  }

  String text(String field) {
    return required(field, "a string", optionalText(field));
  }

  Optional<String> optionalText(String field) {
    return primitive(field, "a string", JsonPrimitive::isString).map(JsonPrimitive::getAsString);
  }

  int integer(String field) {
    return required(field, "an integer", optionalInteger(field));
  }

  Optional<Integer> optionalInteger(String field) {
    return optionalDecimal(field)
        .map(
            value -> {
              if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
                throw wrong(field, value + " (expected: an integer)");
              }
              return value.intValue();
            });
  }

  double decimal(String field) {
    return required(field, "a number", optionalDecimal(field));
  }

  Optional<Double> optionalDecimal(String field) {
    return primitive(field, "a number", JsonPrimitive::isNumber).map(JsonPrimitive::getAsDouble);
  }

  boolean bool(String field) {
    return required(field, "true or false", optionalBool(field));
  }

  Optional<Boolean> optionalBool(String field) {
    return primitive(field, "true or false", JsonPrimitive::isBoolean)
        .map(JsonPrimitive::getAsBoolean);
  }

  List<Double> numbers(String field) {
    return required(field, "a list of numbers", optionalNumbers(field));
  }

  Optional<List<Double>> optionalNumbers(String field) {
    return list(field, "numbers", JsonPrimitive::isNumber, JsonPrimitive::getAsDouble);
  }

  /** A list of numbers, or one number as a list of one. */
  Optional<List<Double>> optionalNumbersOrNumber(String field) {
    return element(field).filter(JsonElement::isJsonArray).isPresent()
        ? optionalNumbers(field)
        : optionalDecimal(field).map(List::of);
  }

  List<String> texts(String field) {
    return required(
        field,
        "a list of strings",
        list(field, "strings", JsonPrimitive::isString, JsonPrimitive::getAsString));
  }

  JsonDocument object(String field) {
    return required(field, "an object", optionalObject(field));
  }

  Optional<JsonDocument> optionalObject(String field) {
    return element(field)
        .map(
            element -> {
              if (!element.isJsonObject()) {
                throw wrong(field, element + " (expected: an object)");
              }
              return new JsonDocument(file, path + field + ".", element.getAsJsonObject());
            });
  }

  /** A list of objects; none where the field is missing. */
  List<JsonDocument> objects(String field) {
    List<JsonDocument> objects = new ArrayList<>();
    for (JsonElement item : array(field, "objects").map(JsonArray::asList).orElse(List.of())) {
      String place = field + "[" + objects.size() + "]";
      if (!item.isJsonObject()) {
        throw wrong(place, item + " (expected: an object)");
      }
      objects.add(new JsonDocument(file, path + place + ".", item.getAsJsonObject()));
    }
    return objects;
  }

  /** Numbers, strings, and true and false, by name; those that are null are absent. */
  Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String field : names()) {
      primitive(field, "a number, a string, true or false", value -> true)
          .ifPresent(
              value ->
                  values.put(
                      field,
                      value.isNumber()
                          ? (Object) value.getAsDouble()
                          : value.isBoolean()
                              ? (Object) value.getAsBoolean()
                              : value.getAsString()));
    }
    return values;
  }

  /** Whether the field is there; it may be null. */
  boolean has(String field) {
    return object.has(field);
  }

  /** What is written there, as JSON; {@code null} for a field that is missing too. */
  String written(String field) {
    return String.valueOf(object.get(field));
  }

  /** The document without these fields. */
  JsonDocument without(List<String> fields) {
    JsonObject fewer = object.deepCopy();
    fields.forEach(fewer::remove);
    return new JsonDocument(file, path, fewer);
  }

  Iterable<String> names() {
    return object.keySet();
  }

  private <T> T required(String field, String expectation, Optional<T> value) {
    return value.orElseThrow(() -> wrong(field, "is missing (expected: " + expectation + ")"));
  }

  private Optional<JsonElement> element(String field) {
    JsonElement element = object.get(field);
    return element == null || element.isJsonNull() ? Optional.empty() : Optional.of(element);
  }

  private Optional<JsonPrimitive> primitive(
      String field, String expectation, Function<JsonPrimitive, Boolean> fits) {
    return element(field)
        .map(
            element -> {
              if (!element.isJsonPrimitive() || !fits.apply(element.getAsJsonPrimitive())) {
                throw wrong(field, element + " (expected: " + expectation + ")");
              }
              return element.getAsJsonPrimitive();
            });
  }

  private Optional<JsonArray> array(String field, String what) {
    return element(field)
        .map(
            element -> {
              if (!element.isJsonArray()) {
                throw wrong(field, element + " (expected: a list of " + what + ")");
              }
              return element.getAsJsonArray();
            });
  }

  private <T> Optional<List<T>> list(
      String field,
      String what,
      Function<JsonPrimitive, Boolean> fits,
      Function<JsonPrimitive, T> read) {
    return array(field, what)
        .map(
            array -> {
              List<T> values = new ArrayList<>(array.size());
              for (JsonElement item : array) {
                if (!item.isJsonPrimitive() || !fits.apply(item.getAsJsonPrimitive())) {
                  throw wrong(
                      field + "[" + values.size() + "]", item + " (expected: " + what + ")");
                }
                values.add(read.apply(item.getAsJsonPrimitive()));
              }
              return values;
            });
  }
}
