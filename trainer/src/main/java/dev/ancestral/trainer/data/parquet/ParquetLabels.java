package dev.ancestral.trainer.data.parquet;

import dev.ancestral.trainer.data.folder.NaturalOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which class each row of a set is of. Numbers are classes by what the file names them, else by
 * themselves; of texts, each that differs is a class, in natural order.
 *
 * @param names of the classes; empty where there are none
 * @param ofShards the class of each row, for each file
 */
record ParquetLabels(List<String> names, List<int[]> ofShards) {
  private static final int MOST_CLASSES = 100_000;

  /**
   * Reads the labels of a set.
   *
   * @param shards of the same columns, at least one
   * @throws IllegalArgumentException naming the file, the row and its label
   */
  static ParquetLabels of(List<ParquetShard> shards) throws IOException {
    return switch (shards.get(0).columns().labels()) {
      case NONE -> new ParquetLabels(List.of(), List.of());
      case NUMBERS -> ofNumbers(shards);
      case TEXTS -> ofTexts(shards);
    };
  }

  private static ParquetLabels ofNumbers(List<ParquetShard> shards) throws IOException {
    List<String> named = shards.get(0).columns().classes();
    int most = named.isEmpty() ? MOST_CLASSES : named.size();
    List<int[]> all = new ArrayList<>();
    int classes = 0;
    for (ParquetShard shard : shards) {
      long[] labels = shard.numbers();
      int[] checked = new int[labels.length];
      for (int row = 0; row < labels.length; row++) {
        if (labels[row] < 0 || labels[row] >= most) {
          throw new IllegalArgumentException(
              "%s: row %d: %s %d (expected: 0..%d)"
                  .formatted(shard.file(), row, shard.columns().label(), labels[row], most - 1));
        }
        checked[row] = (int) labels[row];
        classes = Math.max(classes, checked[row] + 1);
      }
      all.add(checked);
    }
    return new ParquetLabels(
        named.isEmpty() ? IntStream.range(0, classes).mapToObj(Integer::toString).toList() : named,
        all);
  }

  private static ParquetLabels ofTexts(List<ParquetShard> shards) throws IOException {
    Map<String, Integer> met = new HashMap<>();
    List<int[]> all = new ArrayList<>();
    for (ParquetShard shard : shards) {
      List<String> texts = shard.texts();
      int[] labels = new int[texts.size()];
      for (int row = 0; row < labels.length; row++) {
        String text = texts.get(row);
        if (text.isBlank()) {
          throw new IllegalArgumentException(
              "%s: row %d: %s is empty (expected: the name of a class)"
                  .formatted(shard.file(), row, shard.columns().label()));
        }
        labels[row] = met.computeIfAbsent(text, name -> met.size());
        if (met.size() > MOST_CLASSES) {
          throw new IllegalArgumentException(
              "%s: column %s has more than %d texts (expected: the names of classes)"
                  .formatted(shard.file(), shard.columns().label(), MOST_CLASSES));
        }
      }
      all.add(labels);
    }
    List<String> names = met.keySet().stream().sorted(NaturalOrder.INSTANCE).toList();
    int[] place = new int[names.size()];
    for (int i = 0; i < place.length; i++) {
      place[met.getOrDefault(names.get(i), 0)] = i;
    }
    all.forEach(labels -> Arrays.setAll(labels, row -> place[labels[row]]));
    return new ParquetLabels(names, all);
  }
}
