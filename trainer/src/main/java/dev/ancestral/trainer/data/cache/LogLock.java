package dev.ancestral.trainer.data.cache;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * That this process alone has a log, by a lock on an empty file beside it. The file stays: somebody
 * may wait for it.
 */
final class LogLock implements Closeable {
  /**
   * What this process holds. To open and close such a file once more would let go of the lock on
   * it, so nobody does.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;
  private boolean closed;

  private LogLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes it, when other processes have let it go.
   *
   * @param file by its real path
   * @param waiting is run before another process is waited for
   * @throws OverlappingFileLockException if this process has it already
   */
  static LogLock take(Path file, Runnable waiting) throws IOException {
    LogLock lock = open(file);
    try {
      if (lock.channel.tryLock() == null) {
        waiting.run();
        lock.channel.lock();
      }
      return lock;
    } catch (IOException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** Takes it, unless anybody has it. */
  static Optional<LogLock> tryTake(Path file) throws IOException {
    if (HELD.contains(file)) {
      return Optional.empty();
    }
    LogLock lock = open(file);
    try {
      if (lock.channel.tryLock() != null) {
        return Optional.of(lock);
      }
    } catch (IOException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
    lock.close();
    return Optional.empty();
  }

  private static LogLock open(Path file) throws IOException {
    if (!HELD.add(file)) {
      throw new OverlappingFileLockException();
    }
    try {
      return new LogLock(
          file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    } catch (IOException | RuntimeException | Error e) {
      HELD.remove(file);
      throw e;
    }
  }

  /** Lets others have it; once. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      channel.close();
    } finally {
      HELD.remove(file);
    }
  }
}
