package dev.ancestral.trainer.data.npy;

import dev.ancestral.trainer.data.cache.Mapped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/**
 * Opens files of numpy. What {@code numpy.save} and {@code numpy.savez} wrote stays on the disc;
 * what {@code numpy.savez_compressed} did is unpacked into the heap.
 */
public final class NpyFile {
  private static final String ENDING = ".npy";

  private NpyFile() {}

  /**
   * The one array of an {@code .npy} file.
   *
   * @throws IllegalArgumentException naming the file and what is wrong with it
   */
  public static NpyArray array(Path file) throws IOException {
    return NpyArray.of(file.toString(), mapped(file));
  }

  /**
   * The arrays of an {@code .npz} file by their names, in its order.
   *
   * @throws IllegalArgumentException naming the file, the array and what is wrong with it
   */
  public static Map<String, NpyArray> arrays(Path file) throws IOException {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    Bytes whole = mapped(file);
    try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        String name = entry.getName();
        if (name.endsWith(ENDING)) {
          String label = file + ": " + name;
          arrays.put(
              name.substring(0, name.length() - ENDING.length()),
              NpyArray.of(label, bytes(label, zip, entry, whole)));
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: is damaged (%s; expected: what numpy.savez wrote)".formatted(file, e.getMessage()),
          e);
    }
    return arrays;
  }

  private static Bytes bytes(String label, ZipFile zip, ZipArchiveEntry entry, Bytes whole)
      throws IOException {
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw new IllegalArgumentException(label + ": is encrypted (expected: no password)");
    }
    if (entry.getMethod() == ZipMethod.STORED.getCode()) {
      // Opened for the place of its bytes, which is known only then.
      try (InputStream raw = zip.getRawInputStream(entry)) {
        if (raw == null || entry.getDataOffset() + entry.getSize() > whole.size()) {
          throw new IllegalArgumentException(label + ": is cut (expected: a whole file)");
        }
        return new Bytes.Part(whole, entry.getDataOffset(), entry.getSize());
      }
    }
    long most = Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 4);
    if (entry.getSize() > most) {
      throw new IllegalArgumentException(
          "%s: is compressed and takes %d MiB (expected: at most %d; what numpy.savez wrote may be of any size)"
              .formatted(label, entry.getSize() >> 20, most >> 20));
    }
    try (InputStream in = zip.getInputStream(entry)) {
      // Whatever its size is said to be, no more than that is read.
      byte[] all = in.readNBytes((int) entry.getSize());
      return new Bytes.InHeap(ByteBuffer.wrap(all));
    }
  }

  private static Bytes mapped(Path file) throws IOException {
    Mapped mapped = Mapped.of(file);
    return new Bytes() {
      @Override
      public long size() {
        return mapped.size();
      }

      @Override
      public ByteBuffer at(long offset, int length) {
        return mapped.at(offset, length);
      }
    };
  }
}
