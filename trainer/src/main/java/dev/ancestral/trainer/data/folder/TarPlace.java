package dev.ancestral.trainer.data.folder;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * A tar. One that is compressed cannot be read here and there, so it is uncompressed to a file that
 * nobody else sees, and that is gone with this process.
 */
final class TarPlace implements ImageFile.Place {
  private static final int BLOCK = 512;
  private static final int CHUNK = 1 << 20;

  private final Path root;
  private final FileChannel channel;

  private TarPlace(Path root, FileChannel channel) {
    this.root = root;
    this.channel = channel;
  }

  static TarPlace open(Path root, Path file) throws IOException {
    return new TarPlace(root, FileChannel.open(file, StandardOpenOption.READ));
  }

  /** Uncompresses one, into at most half of the space that the disc has left. */
  static TarPlace unzipped(Path root, Path file, Path scratch) throws IOException {
    Files.createDirectories(scratch);
    Path tar = Files.createTempFile(scratch, "ancestral", ".tar");
    FileChannel channel =
        FileChannel.open(
            tar,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    long most = Files.getFileStore(scratch).getUsableSpace() / 2;
    try (InputStream in =
        GzipCompressorInputStream.builder()
            .setInputStream(new BufferedInputStream(Files.newInputStream(file), CHUNK))
            .setDecompressConcatenated(true)
            .get()) {
      byte[] chunk = new byte[CHUNK];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (channel.position() + read > most) {
          throw new IllegalArgumentException(
              "%s: uncompressed it has more than %d MiB (expected: at most half of what is free in %s)"
                  .formatted(file, most >> 20, scratch));
        }
        write(file, ByteBuffer.wrap(chunk, 0, read), channel, scratch);
      }
      return new TarPlace(root, channel);
    } catch (IOException e) {
      channel.close();
      throw new IllegalArgumentException(
          "%s: cannot be uncompressed (%s; expected: a whole tar.gz)"
              .formatted(file, e.getMessage()),
          e);
    } catch (RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Writes all, or says that it is not the archive's fault. */
  static void write(Path file, ByteBuffer bytes, WritableByteChannel to, Path scratch) {
    try {
      while (bytes.hasRemaining()) {
        to.write(bytes);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: cannot be written uncompressed to %s (%s; expected: room for it there)"
              .formatted(file, scratch, e.getMessage()),
          e);
    }
  }

  /**
   * Shows its files.
   *
   * @throws IllegalArgumentException if it is damaged
   */
  void walk(EntryWalk walk) {
    List<TarArchiveEntry> entries;
    try {
      // Not closed: its channel is read from for longer.
      @SuppressWarnings("resource")
      TarFile tar = new TarFile(channel.position(0));
      entries = tar.getEntries();
      requireEnd(entries);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: is damaged (%s; expected: a tar)".formatted(root, e.getMessage()), e);
    }
    for (TarArchiveEntry entry : entries) {
      if (entry.isDirectory()) {
        continue;
      }
      if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() && !entry.isSparse()) {
        walk.add(entry.getName(), entry.getSize(), entry.getDataOffset());
      } else {
        walk.leaveOut(
            entry.getName(),
            entry.isLink() || entry.isSymbolicLink() ? "a link" : "neither a file nor a directory");
      }
    }
  }

  /** Behind the last entry stands a block of zeros, unless it is cut between two. */
  private void requireEnd(List<TarArchiveEntry> entries) throws IOException {
    long end = 0;
    for (TarArchiveEntry entry : entries) {
      long blocks = (entry.getDataOffset() + entry.getSize() + BLOCK - 1) / BLOCK;
      end = Math.max(end, blocks * BLOCK);
    }
    if (channel.size() < end + BLOCK) {
      throw new IOException("it ends without the mark of its end");
    }
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public SeekableByteChannel open(ImageFile file) throws IOException {
    if (file.bytes() > EntryBytes.MOST) {
      throw new IOException(
          "%d MiB in its archive; at most %d are read"
              .formatted(file.bytes() >> 20, EntryBytes.MOST >> 20));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) file.bytes());
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, file.position() + bytes.position()) < 0) {
        throw new IOException("its archive is cut");
      }
    }
    return EntryBytes.channel(bytes.array());
  }
}
