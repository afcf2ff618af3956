package dev.ancestral.trainer.data.parquet;

import dev.ancestral.trainer.data.folder.ImageFile;
import dev.ancestral.trainer.data.folder.ImageFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A set of Parquet files as a folder of images: a row is a file, a label is its class. */
public final class ParquetFolder {
  private static final String ENDING = ".parquet";

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
    ShardPaths paths =
        Files.isRegularFile(root)
            ? new ShardPaths(List.of(root), Map.of(), "")
            : ShardPaths.of(root, ENDING);
    Map<String, String> leftOut = new TreeMap<>(paths.leftOut());
    List<ParquetShard> shards = new ArrayList<>();
    long rows = 0;
    for (Path file : paths.files()) {
      ParquetShard shard = ParquetShard.open(file);
      if (!shards.isEmpty() && !shard.columns().equals(shards.get(0).columns())) {
        throw new IllegalArgumentException(
            "%s: has other columns or classes than %s (expected: files of one set)"
                .formatted(file, shards.get(0).file()));
      }
      rows += shard.rows();
      if (rows > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "%s: row %d of its set (expected: at most %d rows)"
                .formatted(file, rows, Integer.MAX_VALUE));
      }
      shards.add(shard);
    }
    ParquetColumns columns = shards.get(0).columns();
    if (!columns.leftOut().isEmpty()) {
      leftOut.put(
          (columns.leftOut().size() == 1 ? "column " : "columns ")
              + String.join(", ", columns.leftOut()),
          "neither the images nor their classes");
    }
    List<ParquetPlace.Group> groups = new ArrayList<>();
    ParquetPlace place = new ParquetPlace(root, groups);
    List<ImageFile> images = new ArrayList<>();
    ParquetLabels labels = ParquetLabels.of(shards);
    for (int i = 0; i < shards.size(); i++) {
      int[] ofShard = labels.names().isEmpty() ? new int[0] : labels.ofShards().get(i);
      add(shards.get(i), ofShard, place, groups, images);
    }
    Map<String, String> said = paths.words().isEmpty() ? Map.of() : Map.of("shards", paths.words());
    return new ImageFolder(root, labels.names(), images, Map.of(), leftOut, said);
  }

  /** Adds a shard's rows; without labels all are of class 0. */
  private static void add(
      ParquetShard shard,
      int[] labels,
      ParquetPlace place,
      List<ParquetPlace.Group> groups,
      List<ImageFile> images)
      throws IOException {
    Path file = shard.file();
    Path shown = file.equals(place.root()) ? Path.of("") : place.root().relativize(file);
    long bytes = Files.size(file);
    long modified = Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
    int row = 0;
    for (int group = 0; group < shard.groups().size(); group++) {
      long rows = shard.groups().get(group);
      groups.add(new ParquetPlace.Group(shard, group, images.size(), rows));
      for (int i = 0; i < rows; i++) {
        int label = labels.length == 0 ? 0 : labels[row];
        images.add(
            new ImageFile(
                place, shown.resolve("row-" + row), images.size(), label, bytes, modified));
        row++;
      }
    }
  }
}
