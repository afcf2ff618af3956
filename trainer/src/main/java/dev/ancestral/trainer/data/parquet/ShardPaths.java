package dev.ancestral.trainer.data.parquet;

import dev.ancestral.trainer.data.folder.ImageFile;
import dev.ancestral.trainer.data.folder.ImageFolder;
import dev.ancestral.trainer.data.folder.Splits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which files of a directory are one set to train on: those of the part {@code train}, where there
 * are parts.
 *
 * @param files in the order of their paths, at least one
 * @param leftOut what is there beside them, and why it is not used
 * @param words which they are, for people
 */
record ShardPaths(List<Path> files, Map<String, String> leftOut, String words) {
  /** So many are named one by one. */
  private static final int NAMED = 4;

  /** What files are called that are of no part. */
  private static final String NO_PART = "none";

  static ShardPaths of(Path directory, String ending) throws IOException {
    ImageFolder found = ImageFolder.withoutClasses(directory, Set.of(ending));
    Map<String, List<Path>> byPart = new TreeMap<>();
    for (ImageFile file : found.files()) {
      byPart
          .computeIfAbsent(part(directory, file.relative()), part -> new ArrayList<>())
          .add(file.relative());
    }
    if (byPart.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: holds no shard (expected: files %s)".formatted(directory, ending));
    }
    if (byPart.size() > 1 && !byPart.containsKey(Splits.TRAIN)) {
      List<String> parts =
          byPart.entrySet().stream()
              .map(
                  each ->
                      each.getKey().equals(NO_PART)
                          ? each.getValue().get(0) + ", which is of no part"
                          : "the part " + each.getKey())
              .toList();
      throw new IllegalArgumentException(
          "%s: holds %s (expected: one of them, such as --data %s)"
              .formatted(
                  directory,
                  String.join(" and ", parts),
                  directory.resolve(byPart.values().iterator().next().get(0))));
    }
    String part =
        byPart.containsKey(Splits.TRAIN) ? Splits.TRAIN : byPart.keySet().iterator().next();
    List<Path> used = byPart.getOrDefault(part, List.of());
    requireOneSet(directory, used);
    Map<String, String> leftOut = new TreeMap<>(found.leftOut());
    byPart.forEach(
        (other, files) -> {
          if (!other.equals(part)) {
            files.forEach(file -> leftOut.put(file.toString(), "not of the part " + part));
          }
        });
    return new ShardPaths(
        used.stream().map(directory::resolve).toList(), leftOut, words(used, part));
  }

  /** By its name, else by the nearest directory whose name tells. */
  private static String part(Path directory, Path relative) {
    for (int i = relative.getNameCount() - 1; i >= 0; i--) {
      List<String> parts = Splits.in(relative.getName(i).toString());
      if (parts.size() > 1) {
        throw new IllegalArgumentException(
            "%s: may be of the part %s (expected: the name of one part)"
                .formatted(directory.resolve(relative), String.join(" or ", parts)));
      }
      if (!parts.isEmpty()) {
        return parts.get(0);
      }
    }
    return NO_PART;
  }

  /** Directories divide a set by its parts and by numbers; any other name is that of a set. */
  private static void requireOneSet(Path directory, List<Path> files) {
    Map<List<String>, Path> sets = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    for (Path file : files) {
      List<String> names = new ArrayList<>();
      for (Path name : file) {
        names.add(name.toString());
      }
      names.remove(names.size() - 1);
      names.removeIf(name -> Splits.isOne(name) || name.matches("[0-9]+"));
      sets.putIfAbsent(names, file);
    }
    if (sets.size() > 1) {
      List<Path> firsts = List.copyOf(sets.values());
      throw new IllegalArgumentException(
          "%s: holds %d sets, such as those of %s and of %s (expected: one of them, such as --data %s)"
              .formatted(
                  directory,
                  firsts.size(),
                  firsts.get(0),
                  firsts.get(1),
                  place(directory, firsts.get(1))));
    }
  }

  private static Path place(Path directory, Path file) {
    Path parent = file.getParent();
    return parent == null ? directory.resolve(file) : directory.resolve(parent);
  }

  private static String words(List<Path> files, String part) {
    String named =
        files.size() <= NAMED
            ? String.join(", ", files.stream().map(Path::toString).toList())
            : "%d, %s to %s".formatted(files.size(), files.get(0), files.get(files.size() - 1));
    return part.equals(NO_PART) ? named : "%s: the part %s".formatted(named, part);
  }
}
