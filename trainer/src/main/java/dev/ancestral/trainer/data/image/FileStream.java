package dev.ancestral.trainer.data.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file as ImageIO's readers want it, through a small buffer. ImageIO's own streams take a {@link
 * java.io.File}, which cannot hold every name that a directory has, and may copy to a cache on
 * disk. Closes its channel; for one thread.
 */
final class FileStream extends ImageInputStreamImpl {
  private static final int BUFFER = 16 * 1024;

  private final SeekableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);

  /** Where in the file the buffer begins. */
  private long start;

  FileStream(SeekableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read() throws IOException {
    checkClosed();
    bitOffset = 0;
    if (!fill()) {
      return -1;
    }
    streamPos++;
    return buffer.get() & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    checkClosed();
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int read = Math.min(length, buffer.remaining());
    buffer.get(target, offset, read);
    streamPos += read;
    return read;
  }

  /** Puts the buffer where the stream stands; false at the end of the file. */
  private boolean fill() throws IOException {
    long at = streamPos - start;
    if (at >= 0 && at < buffer.limit()) {
      buffer.position((int) at);
      return true;
    }
    channel.position(streamPos);
    buffer.clear();
    start = streamPos;
    int read = channel.read(buffer);
    buffer.flip();
    return read > 0;
  }

  @Override
  public long length() {
    try {
      return channel.size();
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    super.close();
    channel.close();
  }
}
