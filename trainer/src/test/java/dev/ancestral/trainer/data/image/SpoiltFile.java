package dev.ancestral.trainer.data.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is spoilt byte by byte in its place, which is much faster than writing it anew. */
final class SpoiltFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;

  SpoiltFile(Path path, byte[] whole) throws IOException {
    this.path = Files.write(path, whole);
    this.channel = FileChannel.open(path, StandardOpenOption.WRITE);
  }

  Path path() {
    return path;
  }

  void set(int at, int value) throws IOException {
    channel.write(ByteBuffer.wrap(new byte[] {(byte) value}), at);
  }

  /** Once cut, a file grows no more. */
  void cut(int length) throws IOException {
    channel.truncate(length);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
