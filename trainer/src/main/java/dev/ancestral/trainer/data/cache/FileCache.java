package dev.ancestral.trainer.data.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Logs of records under keys in one directory, the least recently used of which go when there are
 * too many. Nothing depends on it: what cannot be read or written is told and done without.
 *
 * <p>Safe for several processes: {@code KEY.lock} is held by whoever writes {@code KEY.cache}.
 */
public final class FileCache {
  private static final String ENDING = ".cache";
  private static final String LOCK = ".lock";
  private static final long USERS_LIMIT = 4L << 30;

  private final Path directory;
  private final long limit;

  /**
   * A cache in a directory, which is made when the first log is opened.
   *
   * @param limit bytes of all logs together; the one in use may be larger by itself
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

  /** The file of a log, whether it is there or not. */
  public Path file(String key) {
    return directory.resolve(key + ENDING);
  }

  /** Bytes that the disc has room for; 0 where there is none. */
  public long free() {
    try {
      Files.createDirectories(directory);
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Opens a log, and holds it until it is closed.
   *
   * @param waiting is run before another process that holds it is waited for
   * @param tell why it is not there
   * @return empty if there can be none
   */
  public Optional<RecordLog> open(String key, Runnable waiting, Consumer<String> tell) {
    try {
      Files.createDirectories(directory);
      FileChannel lock =
          FileChannel.open(
              directory.resolve(key + LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock held = lock.tryLock();
        if (held == null) {
          waiting.run();
          held = lock.lock();
        }
        // Held for as long as its channel is open.
        RecordLog log = RecordLog.open(file(key), lock);
        touch(log.file());
        return Optional.of(log);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (OverlappingFileLockException e) {
      tell.accept("nothing is kept in %s: this process uses it already".formatted(file(key)));
    } catch (IOException e) {
      tell.accept("nothing is kept in %s: %s".formatted(directory, reason(e)));
    }
    return Optional.empty();
  }

  /** The time of the last use; where it cannot be set, the log goes a little earlier. */
  private static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // Somebody else's file, which may be read all the same.
    }
  }

  /** What an error says, behind the place. */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + " is not a directory";
    }
    return String.valueOf(e.getMessage());
  }

  /** Deletes the least recently used logs but this one, until all are within the limit. */
  public void evict(Path newest) throws IOException {
    List<Path> entries;
    try (Stream<Path> files = Files.list(directory)) {
      entries =
          files
              .filter(file -> file.toString().endsWith(ENDING) && !file.equals(newest))
              .sorted(Comparator.comparing(FileCache::lastUse))
              .toList();
    }
    long sum = size(newest);
    for (Path entry : entries) {
      sum += size(entry);
    }
    for (Path entry : entries) {
      if (sum <= limit) {
        return;
      }
      sum -= size(entry);
      Files.deleteIfExists(entry);
      String name = String.valueOf(entry.getFileName());
      Files.deleteIfExists(
          directory.resolve(name.substring(0, name.length() - ENDING.length()) + LOCK));
    }
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  private static long lastUse(Path file) {
    return file.toFile().lastModified();
  }
}
