package dev.ancestral.trainer.data.cache;

import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Logs of records under keys in one directory, the least recently used of which go when there are
 * too many. Nothing depends on it: what cannot be read or written is told and done without.
 *
 * <p>Safe for several processes: {@code KEY.lock} is held by whoever writes or deletes {@code
 * KEY.cache}; it is empty, and stays.
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
   * @param limit bytes of all logs together that are not in use
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
      LogLock lock = LogLock.take(lockOf(key), waiting);
      try {
        RecordLog log = RecordLog.open(file(key), lock);
        touch(log.file());
        return Optional.of(log);
      } catch (IOException | RuntimeException | Error e) {
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

  /** By one name, however the directory is called. */
  private Path lockOf(String key) throws IOException {
    return directory.toRealPath().resolve(key + LOCK);
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

  /**
   * Deletes the least recently used logs, until all but those in use are within the limit. One that
   * somebody holds is left.
   *
   * @param used keys of those that count as in use
   */
  public void evict(Set<String> used) throws IOException {
    List<Path> entries;
    try (Stream<Path> files = Files.list(directory)) {
      entries =
          files
              .filter(file -> file.toString().endsWith(ENDING) && !used.contains(key(file)))
              .sorted(Comparator.comparing(FileCache::lastUse))
              .toList();
    }
    long sum = entries.stream().mapToLong(FileCache::size).sum();
    for (Path entry : entries) {
      if (sum <= limit) {
        return;
      }
      Optional<LogLock> lock = LogLock.tryTake(lockOf(key(entry)));
      if (lock.isPresent()) {
        try {
          sum -= size(entry);
          Files.deleteIfExists(entry);
        } finally {
          lock.get().close();
        }
      }
    }
  }

  private static String key(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(0, name.length() - ENDING.length());
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  private static long lastUse(Path file) {
    return file.toFile().lastModified();
  }
}
