package dev.ancestral.trainer.data.cache;

import dev.ancestral.files.AtomicFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * Files under keys in one directory, the least recently used of which go when there are too many.
 * Nothing depends on it: what cannot be read or written is told and done without.
 *
 * <pre>
 * KEY.cache: the bytes "ancestral cache 1\n", what the writer wrote, and the CRC-32C of both as a
 *            big-endian long
 * </pre>
 *
 * Safe for several processes, since files appear whole.
 */
public final class FileCache {
  private static final byte[] MAGIC = "ancestral cache 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final String ENDING = ".cache";
  private static final long USERS_LIMIT = 4L << 30;

  private final Path directory;
  private final long limit;

  /** Reads an entry. */
  @FunctionalInterface
  public interface Reader<T> {
    /** Reads everything that was written, and no more. */
    T read(DataInputStream in) throws IOException;
  }

  /** Writes an entry. */
  @FunctionalInterface
  public interface Writer {
    /** Writes everything; the stream is closed by the caller. */
    void write(DataOutputStream out) throws IOException;
  }

  /**
   * A cache in a directory, which is made when the first entry is written.
   *
   * @param limit bytes of all entries together
   */
  public FileCache(Path directory, long limit) {
    this.directory = directory;
    this.limit = limit;
  }

  /**
   * The user's: 4 GiB below {@code XDG_CACHE_HOME}, or {@code .cache} in the home directory.
   *
   * @param environment such as {@link System#getenv()}
   * @param home the home directory; Java says {@code ?} for a user who has none
   * @return empty if both are relative, and would be another place in every working directory
   */
  public static Optional<FileCache> ofUser(Map<String, String> environment, String home) {
    // A relative one is to be ignored, says who defined the variable.
    return absolute(environment.getOrDefault("XDG_CACHE_HOME", ""))
        .or(() -> absolute(home).map(place -> place.resolve(".cache")))
        .map(base -> new FileCache(base.resolve("ancestral").resolve("images"), USERS_LIMIT));
  }

  private static Optional<Path> absolute(String place) {
    try {
      return Optional.of(Path.of(place)).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      // Not to be said in the locale's encoding: there is no such place.
      return Optional.empty();
    }
  }

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  /**
   * Reads an entry, after its checksum.
   *
   * @param tell is told of a damaged one, which is deleted
   * @return empty if there is none that is whole
   */
  public <T> Optional<T> read(String key, Reader<T> reader, Consumer<String> tell) {
    Path file = file(key);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (isWhole(file)) {
        try (DataInputStream in =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
          in.skipNBytes(MAGIC.length);
          T value = reader.read(in);
          touch(file);
          return Optional.of(value);
        }
      }
      tell.accept(file + " is damaged; it is made anew");
      Files.deleteIfExists(file);
    } catch (IOException e) {
      tell.accept("%s cannot be read (%s); it is done without".formatted(file, reason(e)));
    }
    return Optional.empty();
  }

  private static boolean isWhole(Path file) throws IOException {
    long content = Files.size(file) - Long.BYTES;
    if (content < MAGIC.length) {
      return false;
    }
    CRC32C checksum = new CRC32C();
    try (InputStream raw = Files.newInputStream(file);
        CheckedInputStream checked = new CheckedInputStream(raw, checksum);
        DataInputStream end = new DataInputStream(raw)) {
      byte[] magic = checked.readNBytes(MAGIC.length);
      byte[] buffer = new byte[1 << 16];
      for (long left = content - magic.length; left > 0; ) {
        int read = checked.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          return false;
        }
        left -= read;
      }
      return Arrays.equals(magic, MAGIC) && end.readLong() == checksum.getValue();
    }
  }

  /** The time of the last use; where it cannot be set, the entry goes a little earlier. */
  private static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // Somebody else's file, or one that is gone: its content is in memory.
    }
  }

  /**
   * Writes or replaces an entry, and deletes others until all are within the limit.
   *
   * @param bytes about how many it will be
   * @param tell where it is and how large, or why it is not
   */
  public void write(String key, long bytes, Writer writer, Consumer<String> tell) {
    if (bytes > limit) {
      tell.accept(
          "nothing is kept in %s: it would be %s (expected: at most %s)"
              .formatted(directory, megabytes(bytes), megabytes(limit)));
      return;
    }
    Path file = file(key);
    try {
      AtomicFile.sweep(directory);
      AtomicFile.write(
          file,
          out -> {
            CRC32C checksum = new CRC32C();
            DataOutputStream checked =
                new DataOutputStream(
                    new BufferedOutputStream(new CheckedOutputStream(out, checksum), 1 << 16));
            checked.write(MAGIC);
            writer.write(checked);
            checked.flush();
            new DataOutputStream(out).writeLong(checksum.getValue());
          });
      evict(file);
      tell.accept("kept in %s, %s".formatted(file, megabytes(Files.size(file))));
    } catch (IOException | UncheckedIOException e) {
      tell.accept("nothing is kept in %s: %s".formatted(directory, reason(e)));
    }
  }

  private static String reason(Exception e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + " is not a directory";
    }
    return String.valueOf(e.getMessage());
  }

  private void evict(Path newest) throws IOException {
    List<Path> entries;
    try (Stream<Path> files = Files.list(directory)) {
      entries =
          files
              .filter(file -> file.toString().endsWith(ENDING) && !file.equals(newest))
              .sorted(Comparator.comparing(FileCache::lastUse))
              .toList();
    }
    long sum = Files.size(newest);
    for (Path entry : entries) {
      sum += size(entry);
    }
    for (Path entry : entries) {
      if (sum <= limit) {
        return;
      }
      sum -= size(entry);
      Files.deleteIfExists(entry);
    }
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  private static long lastUse(Path file) {
    return file.toFile().lastModified();
  }

  /** The file of an entry, whether it is there or not. */
  public Path file(String key) {
    return directory.resolve(key + ENDING);
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
