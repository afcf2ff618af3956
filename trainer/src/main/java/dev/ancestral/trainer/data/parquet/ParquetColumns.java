package dev.ancestral.trainer.data.parquet;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a file are what: of images, by the file's metadata under {@code huggingface} or
 * as the only struct that has {@code bytes}; of labels, by the metadata or their name.
 *
 * @param image a struct of bytes and path
 * @param label a column of whole numbers or of texts; null if there is none
 * @param labels what its values are
 * @param classes names of labels that are numbers, in their order; empty if nobody names them
 * @param leftOut all other columns
 */
record ParquetColumns(
    String image,
    @Nullable String label,
    Labels labels,
    List<String> classes,
    List<String> leftOut) {
  /** What labels are. */
  enum Labels {
    NONE,
    NUMBERS,
    TEXTS
  }

  private static final String METADATA = "huggingface";
  private static final String BYTES = "bytes";
  private static final String USUAL_LABEL = "label";

  /**
   * Finds out.
   *
   * @throws IllegalArgumentException naming the file and what it has instead
   */
  static ParquetColumns of(Path file, FileMetaData metadata) {
    MessageType schema = metadata.getSchema();
    JsonObject features = features(file, metadata.getKeyValueMetaData().get(METADATA));
    List<String> images = new ArrayList<>();
    Map<String, List<String>> labels = new LinkedHashMap<>();
    List<String> others = new ArrayList<>(schema.getFields().stream().map(Type::getName).toList());
    for (Type column : schema.getFields()) {
      String name = column.getName();
      if (isImage(column)) {
        images.add(name);
      } else if (isWhole(column)) {
        List<String> classes = classes(features.get(name));
        if (!classes.isEmpty() || name.equals(USUAL_LABEL)) {
          labels.put(name, classes);
        }
      } else if (isText(column) && name.equals(USUAL_LABEL)) {
        labels.put(name, List.of());
      }
    }
    if (images.size() != 1) {
      throw new IllegalArgumentException(
          "%s: has %s of the columns %s (expected: one, a struct of bytes and path)"
              .formatted(
                  file,
                  images.isEmpty() ? "no images in any" : "images in %d".formatted(images.size()),
                  schema.getFields().stream().map(Type::getName).toList()));
    }
    others.remove(images.get(0));
    if (labels.isEmpty()) {
      return new ParquetColumns(images.get(0), null, Labels.NONE, List.of(), others);
    }
    String label =
        labels.containsKey(USUAL_LABEL) ? USUAL_LABEL : labels.keySet().iterator().next();
    others.remove(label);
    return new ParquetColumns(
        images.get(0),
        label,
        isText(schema.getType(label)) ? Labels.TEXTS : Labels.NUMBERS,
        labels.getOrDefault(label, List.of()),
        others);
  }

  private static boolean isImage(Type column) {
    if (column.isPrimitive() || column.isRepetition(Type.Repetition.REPEATED)) {
      return false;
    }
    GroupType group = column.asGroupType();
    return group.containsField(BYTES)
        && group.getType(BYTES).isPrimitive()
        && group.getType(BYTES).asPrimitiveType().getPrimitiveTypeName()
            == PrimitiveTypeName.BINARY;
  }

  private static boolean isWhole(Type column) {
    if (!column.isPrimitive() || column.isRepetition(Type.Repetition.REPEATED)) {
      return false;
    }
    PrimitiveTypeName type = column.asPrimitiveType().getPrimitiveTypeName();
    return type == PrimitiveTypeName.INT64 || type == PrimitiveTypeName.INT32;
  }

  private static boolean isText(Type column) {
    return column.isPrimitive()
        && !column.isRepetition(Type.Repetition.REPEATED)
        && LogicalTypeAnnotation.stringType().equals(column.getLogicalTypeAnnotation());
  }

  private static JsonObject features(Path file, @Nullable String metadata) {
    if (metadata == null) {
      return new JsonObject();
    }
    try {
      return JsonParser.parseString(metadata)
          .getAsJsonObject()
          .getAsJsonObject("info")
          .getAsJsonObject("features");
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | NullPointerException e) {
      throw new IllegalArgumentException(
          "%s: its metadata under %s cannot be understood (expected: info and features, as the hub writes them)"
              .formatted(file, METADATA),
          e);
    }
  }

  private static List<String> classes(@Nullable JsonElement feature) {
    List<String> classes = new ArrayList<>();
    if (feature instanceof JsonObject object && object.get("names") != null) {
      JsonElement names = object.get("names");
      if (names.isJsonArray()) {
        names.getAsJsonArray().forEach(name -> classes.add(name.getAsString()));
      }
    }
    return classes;
  }

  String[] imagePath() {
    return new String[] {image, BYTES};
  }
}
