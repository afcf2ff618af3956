package dev.ancestral.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory that appears whole: it is filled under a temporary name, every file is synced, and it
 * is renamed. An old directory of that name stays until then. What is not published is deleted when
 * it is closed, and when the process is told to stop.
 *
 * <pre>{@code
 * try (AtomicDirectory directory = AtomicDirectory.create(target)) {
 *   Files.writeString(directory.path().resolve("a"), "...");
 *   directory.publish();
 * }
 * }</pre>
 *
 * For one thread.
 */
public final class AtomicDirectory implements AutoCloseable {
  /** Fills a directory. */
  @FunctionalInterface
  public interface Filler {
    /** Writes every file below the directory, which exists and is empty. */
    void fill(Path directory) throws IOException;
  }

  private final Path target;
  private final Path parent;
  private final Path fresh;
  private final Thread stopping;

  private AtomicDirectory(Path target, Path parent, Path fresh) {
    this.target = target;
    this.parent = parent;
    this.fresh = fresh;
    this.stopping = new Thread(this::abandon, "abandon-" + fresh.getFileName());
  }

  /**
   * Starts to replace or create {@code target}. The temporary directory lies beside it, or, where
   * parents are missing, beside the first of those.
   *
   * @throws IOException if nothing can be created there
   */
  public static AtomicDirectory create(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException(target + ": is a root (expected: a directory to create)");
    }
    Path fresh = temporary(firstExisting(parent), absolute, "");
    AtomicDirectory directory = new AtomicDirectory(absolute, parent, fresh);
    deleteTree(fresh);
    Files.createDirectory(fresh);
    Runtime.getRuntime().addShutdownHook(directory.stopping);
    return directory;
  }

  /**
   * Replaces or creates {@code target} by what the filler writes.
   *
   * @throws IOException if the filler or the disk fails; the old directory is then untouched and
   *     nothing else is left behind. A filler's unchecked exception passes through with the same
   *     promise.
   */
  public static void write(Path target, Filler filler) throws IOException {
    try (AtomicDirectory directory = create(target)) {
      filler.fill(directory.path());
      directory.publish();
    }
  }

  /** Where to write: a directory that exists, until {@link #publish}. */
  public Path path() {
    return fresh;
  }

  /**
   * Makes what was written the target, in place of an old one.
   *
   * @throws IOException if the disk fails; the old directory is then untouched
   */
  public void publish() throws IOException {
    syncTree(fresh);
    Files.createDirectories(parent);
    Path old = temporary(parent, target, ".old");
    boolean replaces = Files.exists(target);
    if (replaces) {
      AtomicFile.move(target, old);
    }
    try {
      AtomicFile.move(fresh, target);
    } catch (IOException e) {
      if (replaces) {
        AtomicFile.move(old, target);
      }
      throw e;
    }
    deleteTree(old);
  }

  /** Deletes what was not published. */
  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(stopping);
    } catch (IllegalStateException e) {
      // The process is stopping: the hook does the same, or has done it.
    }
    deleteTree(fresh);
  }

  /** Another thread may still be writing: it is told by the files that are gone. */
  private void abandon() {
    for (int attempt = 0; attempt < 100; attempt++) {
      try {
        deleteTree(fresh);
        return;
      } catch (IOException | UncheckedIOException e) {
        Thread.onSpinWait();
      }
    }
  }

  /** The directory, or the nearest above it that exists. */
  private static Path firstExisting(Path directory) {
    Path parent = directory.getParent();
    return Files.exists(directory) || parent == null ? directory : firstExisting(parent);
  }

  private static Path temporary(Path directory, Path target, String kind) {
    return directory.resolve(
        ".%s%s.%d.tmp".formatted(target.getFileName(), kind, ProcessHandle.current().pid()));
  }

  private static void syncTree(Path root) throws IOException {
    for (Path path : tree(root)) {
      if (Files.isRegularFile(path)) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (Files.exists(root)) {
      for (Path path : tree(root)) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Everything below root and root itself, children before parents. */
  private static List<Path> tree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
