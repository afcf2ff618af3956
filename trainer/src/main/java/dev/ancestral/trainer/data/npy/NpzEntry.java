package dev.ancestral.trainer.data.npy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** An entry of an {@code .npz} file, of which nothing but a heading may be wanted. */
sealed interface NpzEntry extends Bytes {
  /** What is compared at a time. */
  int CHUNK = 1 << 20;

  /** As it is in the file, which stays on the disc. */
  record Stored(String label, Bytes bytes, long checksum) implements NpzEntry {
    @Override
    public long size() {
      return bytes.size();
    }

    @Override
    public ByteBuffer at(long offset, int length) {
      return bytes.at(offset, length);
    }

    @Override
    public Bytes whole() {
      requireChecksum(label, bytes, checksum);
      return bytes;
    }
  }

  /**
   * Compressed.
   *
   * @param start at least as many bytes as a heading has, or all
   */
  record Packed(String label, Path file, String name, long size, long checksum, Bytes start)
      implements NpzEntry {
    static Packed of(String label, Path file, ZipFile zip, ZipArchiveEntry entry)
        throws IOException {
      int most = 2 * NpyArray.LONGEST_HEADING;
      try (InputStream in = zip.getInputStream(entry)) {
        byte[] start = in.readNBytes((int) Math.min(most, entry.getSize()));
        return new Packed(
            label,
            file,
            entry.getName(),
            entry.getSize(),
            entry.getCrc(),
            new InHeap(ByteBuffer.wrap(start)));
      }
    }

    @Override
    public ByteBuffer at(long offset, int length) {
      if (offset + length > start.size()) {
        throw new IllegalArgumentException(label + ": is cut (expected: a heading and numbers)");
      }
      return start.at(offset, length);
    }

    @Override
    public Bytes whole() throws IOException {
      long most = Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 4);
      if (size > most) {
        throw new IllegalArgumentException(
            "%s: is compressed and takes %d MiB (expected: at most %d; what numpy.savez wrote may be of any size)"
                .formatted(label, size >> 20, most >> 20));
      }
      byte[] all;
      try (ZipFile zip = ZipFile.builder().setPath(file).get();
          InputStream in = zip.getInputStream(zip.getEntry(name))) {
        // Whatever its size is said to be, no more than that is read.
        all = in.readNBytes((int) size);
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "%s: is damaged (%s; expected: what numpy.savez wrote)"
                .formatted(label, e.getMessage()),
            e);
      }
      Bytes bytes = new InHeap(ByteBuffer.wrap(all));
      requireChecksum(label, bytes, checksum);
      return bytes;
    }
  }

  private static void requireChecksum(String label, Bytes bytes, long checksum) {
    CRC32 crc = new CRC32();
    for (long at = 0; at < bytes.size(); at += CHUNK) {
      crc.update(bytes.at(at, (int) Math.min(CHUNK, bytes.size() - at)));
    }
    if (crc.getValue() != checksum) {
      throw new IllegalArgumentException(
          "%s: is damaged (its checksum is another; expected: what numpy.savez wrote)"
              .formatted(label));
    }
  }
}
