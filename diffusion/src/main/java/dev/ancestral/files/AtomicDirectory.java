package dev.ancestral.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes a directory so that it appears whole: it is filled under a temporary name beside its
 * target, every file is synced, and it is renamed. An old directory of that name stays until then.
 */
public final class AtomicDirectory {
  /** Fills a directory. */
  @FunctionalInterface
  public interface Filler {
    /** Writes every file below the directory, which exists and is empty. */
    void fill(Path directory) throws IOException;
  }

  private AtomicDirectory() {}

  /**
   * Replaces or creates {@code target}.
   *
   * @throws IOException if the filler or the disk fails; the old directory is then untouched and
   *     nothing else is left behind. A filler's unchecked exception passes through with the same
   *     promise.
   */
  public static void write(Path target, Filler filler) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException(target + ": is a root (expected: a directory to create)");
    }
    Files.createDirectories(parent);
    String suffix = "." + ProcessHandle.current().pid() + ".tmp";
    Path fresh = parent.resolve("." + absolute.getFileName() + suffix);
    Path old = parent.resolve("." + absolute.getFileName() + ".old" + suffix);
    deleteTree(fresh);
    try {
      Files.createDirectory(fresh);
      filler.fill(fresh);
      syncTree(fresh);
      boolean replaces = Files.exists(absolute);
      if (replaces) {
        AtomicFile.move(absolute, old);
      }
      try {
        AtomicFile.move(fresh, absolute);
      } catch (IOException e) {
        if (replaces) {
          AtomicFile.move(old, absolute);
        }
        throw e;
      }
      deleteTree(old);
    } finally {
      deleteTree(fresh);
    }
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
        Files.delete(path);
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
