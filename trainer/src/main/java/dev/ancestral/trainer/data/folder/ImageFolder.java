package dev.ancestral.trainer.data.folder;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The image files of a directory. Each sub-directory that holds any is a class (its whole tree
 * belongs to it); without sub-directories there are no classes.
 *
 * <p>Directories that hold a run or a bundle are left out, so that a run may stand among its data,
 * and so are links to a directory that they are in.
 *
 * @param root the directory
 * @param classes names of the classes in natural order: 2 before 10, whatever the case
 * @param files by class, and in each in the order of their paths, whatever the file system's is
 * @param others how many files are no images, by ending; hidden ones count nowhere
 * @param leftOut sub-directories that were not entered, and why
 * @param said what else there is to tell of the files, by what it is about
 */
public record ImageFolder(
    Path root,
    List<String> classes,
    List<ImageFile> files,
    Map<String, Integer> others,
    Map<String, String> leftOut,
    Map<String, String> said) {
  /** With nothing else to tell. */
  public ImageFolder(
      Path root,
      List<String> classes,
      List<ImageFile> files,
      Map<String, Integer> others,
      Map<String, String> leftOut) {
    this(root, classes, files, others, leftOut, Map.of());
  }

  /**
   * Looks through a directory.
   *
   * @param endings of files that are images, in lower case and with their point
   * @throws IllegalArgumentException if it is no directory, cannot be read, is a run or a bundle,
   *     holds images both loose and in sub-directories, or only parts of a data set
   * @throws IOException if the disk fails
   */
  public static ImageFolder scan(Path root, Set<String> endings) throws IOException {
    if (!Files.isDirectory(root)) {
      throw new IllegalArgumentException(
          "%s: no such directory (expected: a folder of images)".formatted(root));
    }
    String own = FolderWalk.ownOutput(root);
    if (own != null) {
      throw new IllegalArgumentException(
          "%s: holds %s (expected: a folder of images)".formatted(root, own));
    }
    FolderWalk walk = walk(root, endings);
    return of(root, walk.images(), walk.others(), walk.leftOut());
  }

  /**
   * Looks through a directory for files whose directories are no classes, in the order of their
   * paths.
   *
   * @param endings of the files, in lower case and with their point
   * @throws IllegalArgumentException if a directory cannot be read
   * @throws IOException if the disk fails
   */
  public static ImageFolder withoutClasses(Path root, Set<String> endings) throws IOException {
    FolderWalk walk = walk(root, endings);
    return new ImageFolder(root, List.of(), sorted(walk.images()), walk.others(), walk.leftOut());
  }

  private static FolderWalk walk(Path root, Set<String> endings) throws IOException {
    FolderWalk walk = new FolderWalk(root, endings);
    Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
    return walk;
  }

  /**
   * Tells the classes by the paths of the images.
   *
   * @param images in any order, and without labels
   */
  static ImageFolder of(
      Path root, List<ImageFile> images, Map<String, Integer> others, Map<String, String> leftOut) {
    Map<String, List<ImageFile>> byClass = new TreeMap<>(NaturalOrder.INSTANCE);
    List<ImageFile> loose = new ArrayList<>();
    Set<Path> directories = new HashSet<>();
    for (ImageFile image : images) {
      if (image.relative().getNameCount() == 1) {
        loose.add(image);
      } else {
        directories.add(image.relative().getName(0));
        byClass
            .computeIfAbsent(image.relative().getName(0).toString(), name -> new ArrayList<>())
            .add(image);
      }
    }
    requireReadableNames(root, byClass.keySet(), directories);
    requireNotMixed(loose, byClass);
    requireNoSplits(root, byClass.keySet());
    List<ImageFile> files = new ArrayList<>(sorted(loose));
    int label = 0;
    for (List<ImageFile> members : byClass.values()) {
      for (ImageFile image : sorted(members)) {
        files.add(image.withLabel(label));
      }
      label++;
    }
    return new ImageFolder(root, List.copyOf(byClass.keySet()), files, others, leftOut);
  }

  /**
   * The same files with their classes in another order, and the files in that of their classes.
   *
   * @param names each of the classes, and perhaps others, which have no files then
   */
  public ImageFolder withClasses(List<String> names) {
    if (names.equals(classes)) {
      return this;
    }
    return new ImageFolder(
        root,
        names,
        files.stream()
            .map(file -> file.withLabel(names.indexOf(classes.get(file.label()))))
            .sorted(Comparator.comparingInt(ImageFile::label))
            .toList(),
        others,
        leftOut,
        said);
  }

  private static List<ImageFile> sorted(List<ImageFile> files) {
    return files.stream().sorted(Comparator.comparing(ImageFile::relative)).toList();
  }

  private static void requireReadableNames(Path root, Set<String> names, Set<Path> directories) {
    if (names.size() < directories.size()) {
      throw new IllegalArgumentException(
          "%s: two sub-directories have the same name in this locale (expected: one of UTF-8, such as LC_ALL=C.UTF-8)"
              .formatted(root));
    }
  }

  private static void requireNotMixed(List<ImageFile> loose, Map<String, List<ImageFile>> byClass) {
    @Nullable ImageFile first =
        loose.stream().min(Comparator.comparing(ImageFile::relative)).orElse(null);
    if (first != null && !byClass.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: stands beside the sub-directory %s (expected: every image in a sub-directory, which is its class, or none)"
              .formatted(first.path(), byClass.keySet().iterator().next()));
    }
  }

  private static void requireNoSplits(Path root, Set<String> names) {
    boolean splits = names.stream().allMatch(name -> Splits.isOne(name));
    if (!names.isEmpty() && splits) {
      String one =
          names.stream()
              .filter(name -> name.toLowerCase(Locale.ROOT).startsWith("train"))
              .findFirst()
              .orElse(names.iterator().next());
      throw new IllegalArgumentException(
          "%s: holds nothing but %s, parts of a data set and no classes (expected: one of them, such as --data %s)"
              .formatted(
                  root,
                  names.stream().map(name -> name + "/").collect(Collectors.joining(" and ")),
                  root.resolve(one)));
    }
  }
}
