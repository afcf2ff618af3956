package dev.ancestral.trainer.run;

import dev.ancestral.cli.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * That one training of a run is under way at a time. The operating system lets go of it when the
 * process ends, however it does; the file stays.
 */
final class RunLock implements AutoCloseable {
  static final String FILE = "train.lock";

  /** Beyond the text, since some systems let nobody read what is locked. */
  private static final long LOCKED = Long.MAX_VALUE - 1;

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock; the directory is made if there is none.
   *
   * @throws UserError if a training of this run is under way, naming its process
   */
  @SuppressWarnings("resource") // The channel is the lock's until it is closed.
  static RunLock take(Path run) throws IOException {
    Files.createDirectories(run);
    Path file = run.resolve(FILE);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!isTaken(channel)) {
        channel.truncate(0);
        channel.write(
            ByteBuffer.wrap(
                "%d%n".formatted(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
        return new RunLock(channel);
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new UserError(
        "%s: is being trained by process %s (expected: one training of a run at a time)"
            .formatted(run, Files.readString(file).strip()));
  }

  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock(LOCKED, 1, false);
      return lock == null;
    } catch (OverlappingFileLockException e) {
      // By this very process.
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
