package dev.ancestral.trainer.data.folder;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One walk through a folder, links followed: what it meets. Hidden names are passed over without a
 * word, such as the {@code ._photo.png} that another system leaves beside each photo.
 */
final class FolderWalk extends SimpleFileVisitor<Path> {
  /** What a run and a bundle have in them, and nobody's photos. */
  private static final String RUN = "config.yaml";

  private static final List<String> BESIDE_RUN = List.of("data.yaml", "checkpoints");
  private static final String BUNDLE = "bundle.json";

  /** A file system's own, which only root may open. */
  private static final String LOST_AND_FOUND = "lost+found";

  private final Path root;
  private final ImageFile.Place place;
  private final Set<String> endings;
  private final List<ImageFile> images = new ArrayList<>();
  private final Map<String, Integer> others = new TreeMap<>();
  private final Map<String, String> leftOut = new TreeMap<>(NaturalOrder.INSTANCE);

  FolderWalk(Path root, Set<String> endings) {
    this.root = root;
    this.place = new DirectoryPlace(root);
    this.endings = endings;
  }

  /** In no order, and without labels. */
  List<ImageFile> images() {
    return images;
  }

  /** How many files are no images, by their ending. */
  Map<String, Integer> others() {
    return others;
  }

  /** Directories below the root that were not entered, and why. */
  Map<String, String> leftOut() {
    return leftOut;
  }

  /** What Ancestral itself wrote here; null if it is nothing of its kind. */
  static @Nullable String ownOutput(Path directory) {
    if (Files.isRegularFile(directory.resolve(BUNDLE))) {
      return "a bundle";
    }
    boolean run =
        Files.isRegularFile(directory.resolve(RUN))
            && BESIDE_RUN.stream().anyMatch(name -> Files.exists(directory.resolve(name)));
    return run ? "a run" : null;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    if (directory.equals(root)) {
      return FileVisitResult.CONTINUE;
    }
    if (isHidden(directory)) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    String own = ownOutput(directory);
    if (own != null) {
      leftOut.put(root.relativize(directory).toString(), own);
      return FileVisitResult.SKIP_SUBTREE;
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (isHidden(file)) {
      return FileVisitResult.CONTINUE;
    }
    String ending = ending(file);
    // A link that leads nowhere is an image that cannot be read; a pipe would never end.
    if (endings.contains(ending) && !attributes.isOther()) {
      images.add(
          new ImageFile(
              place,
              root.relativize(file),
              0,
              0,
              attributes.size(),
              attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
    } else {
      others.merge(ending, 1, Integer::sum);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    if (e instanceof FileSystemLoopException) {
      leftOut.put(root.relativize(file).toString(), "a link to a directory that it is in");
      return FileVisitResult.CONTINUE;
    }
    if (!file.equals(root) && isHidden(file)) {
      return FileVisitResult.CONTINUE;
    }
    throw unreadable(file, e);
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
    if (e != null) {
      throw unreadable(directory, e);
    }
    return FileVisitResult.CONTINUE;
  }

  private static IllegalArgumentException unreadable(Path file, IOException e) {
    String why =
        e instanceof AccessDeniedException
            ? "permission denied"
            : e instanceof NotDirectoryException ? "is no directory" : e.toString();
    return new IllegalArgumentException(
        "%s: %s (expected: a directory that can be read)".formatted(file, why), e);
  }

  private static boolean isHidden(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.startsWith(".") || name.equals(LOST_AND_FOUND);
  }

  /** In lower case, with its point; empty for a name without one. */
  private static String ending(Path file) {
    String name = String.valueOf(file.getFileName());
    int point = name.lastIndexOf('.');
    return point < 0 ? "" : name.substring(point).toLowerCase(Locale.ROOT);
  }
}
