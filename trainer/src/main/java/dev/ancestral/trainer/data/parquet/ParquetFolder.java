package dev.ancestral.trainer.data.parquet;

import dev.ancestral.trainer.data.folder.ImageFile;
import dev.ancestral.trainer.data.folder.ImageFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A set of Parquet files as a folder of images: a row is a file, a label is its class. */
public final class ParquetFolder {
  private static final String ENDING = ".parquet";
  private static final String TRAIN = "train";
  private static final Set<String> SPLITS =
      Set.of("train", "validation", "valid", "val", "test", "dev", "eval");
  private static final int MOST_CLASSES = 100_000;

  private ParquetFolder() {}

  /** Whether a file's name is that of one. */
  public static boolean isOne(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ENDING);
  }

  /**
   * Looks through a file, or all files of a directory that are to be trained on: those of the part
   * {@code train}, where there are parts.
   *
   * @throws IllegalArgumentException naming a file and what is wrong with it
   */
  public static ImageFolder scan(Path root) throws IOException {
    Map<String, String> leftOut = new TreeMap<>();
    List<Path> files = Files.isRegularFile(root) ? List.of(root) : ofTraining(root, leftOut);
    List<ParquetShard> shards = new ArrayList<>();
    for (Path file : files) {
      ParquetShard shard = ParquetShard.open(file);
      if (!shards.isEmpty() && !shard.columns().equals(shards.get(0).columns())) {
        throw new IllegalArgumentException(
            "%s: has other columns or classes than %s (expected: files of one set)"
                .formatted(file, shards.get(0).file()));
      }
      shards.add(shard);
    }
    ParquetColumns columns = shards.get(0).columns();
    columns
        .leftOut()
        .forEach(name -> leftOut.put("column " + name, "other labels than " + columns.label()));
    List<ParquetPlace.Group> groups = new ArrayList<>();
    ParquetPlace place = new ParquetPlace(root, groups);
    List<ImageFile> images = new ArrayList<>();
    int classes = columns.classes().size();
    for (ParquetShard shard : shards) {
      classes = Math.max(classes, add(shard, place, groups, images));
    }
    return new ImageFolder(root, names(columns, classes), images, Map.of(), leftOut);
  }

  /** Adds a shard's rows; returns how many classes they have at least. */
  private static int add(
      ParquetShard shard,
      ParquetPlace place,
      List<ParquetPlace.Group> groups,
      List<ImageFile> images)
      throws IOException {
    long[] labels = shard.columns().label() == null ? null : shard.labels();
    Path file = shard.file();
    Path shown = file.equals(place.root()) ? Path.of("") : place.root().relativize(file);
    long bytes = Files.size(file);
    long modified = Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
    int classes = 0;
    int row = 0;
    for (int group = 0; group < shard.groups().size(); group++) {
      long rows = shard.groups().get(group);
      groups.add(new ParquetPlace.Group(shard, group, images.size(), rows));
      for (int i = 0; i < rows; i++) {
        int label = labels == null ? 0 : label(shard, labels[row], row);
        classes = Math.max(classes, label + 1);
        images.add(
            new ImageFile(
                place, shown.resolve("row-" + row), images.size(), label, bytes, modified));
        row++;
      }
    }
    return classes;
  }

  private static int label(ParquetShard shard, long label, int row) {
    int named = shard.columns().classes().size();
    int most = named == 0 ? MOST_CLASSES : named;
    if (label < 0 || label >= most) {
      throw new IllegalArgumentException(
          "%s: row %d: %s %d (expected: 0..%d)"
              .formatted(shard.file(), row, shard.columns().label(), label, most - 1));
    }
    return (int) label;
  }

  private static List<String> names(ParquetColumns columns, int classes) {
    if (columns.label() == null) {
      return List.of();
    }
    return columns.classes().isEmpty()
        ? IntStream.range(0, classes).mapToObj(Integer::toString).toList()
        : columns.classes();
  }

  private static List<Path> ofTraining(Path directory, Map<String, String> leftOut)
      throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all =
          walk.filter(
                  file -> isOne(file) && Files.isRegularFile(file) && !isHidden(directory, file))
              .sorted()
              .toList();
    }
    Set<String> splits = new LinkedHashSet<>();
    all.forEach(file -> splits.add(String.valueOf(split(directory, file))));
    if (splits.contains(TRAIN)) {
      for (Path file : all) {
        if (!TRAIN.equals(split(directory, file))) {
          leftOut.put(directory.relativize(file).toString(), "not of the part " + TRAIN);
        }
      }
      return all.stream().filter(file -> TRAIN.equals(split(directory, file))).toList();
    }
    if (splits.size() > 1) {
      throw new IllegalArgumentException(
          "%s: holds the parts %s (expected: one of them, such as --data %s)"
              .formatted(directory, String.join(", ", splits), all.get(0)));
    }
    return all;
  }

  private static boolean isHidden(Path directory, Path file) {
    for (Path part : directory.relativize(file)) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /** What its name, or a directory that it is in, begins with; null if that is no part of a set. */
  private static @Nullable String split(Path directory, Path file) {
    Path relative = directory.relativize(file);
    for (int i = relative.getNameCount() - 1; i >= 0; i--) {
      String first = relative.getName(i).toString().toLowerCase(Locale.ROOT).split("[-._]", -1)[0];
      if (SPLITS.contains(first)) {
        return first;
      }
    }
    return null;
  }
}
