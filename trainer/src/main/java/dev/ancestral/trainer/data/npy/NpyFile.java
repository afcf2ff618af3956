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
   * The arrays of an {@code .npz} file by their names, in its order. Their headings are read; for
   * their numbers each is asked to be {@link NpyArray#whole}.
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
              NpyArray.of(label, bytes(label, file, zip, entry, whole)));
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: is damaged (%s; expected: what numpy.savez wrote)".formatted(file, e.getMessage()),
          e);
    }
    return arrays;
  }

  private static Bytes bytes(
      String label, Path file, ZipFile zip, ZipArchiveEntry entry, Bytes whole) throws IOException {
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw new IllegalArgumentException(label + ": is encrypted (expected: no password)");
    }
    if (entry.getMethod() == ZipMethod.STORED.getCode()) {
      // Opened for the place of its bytes, which is known only then.
      try (InputStream raw = zip.getRawInputStream(entry)) {
        if (raw == null || entry.getDataOffset() + entry.getSize() > whole.size()) {
          throw new IllegalArgumentException(label + ": is cut (expected: a whole file)");
        }
        return new NpzEntry.Stored(
            label, new Bytes.Part(whole, entry.getDataOffset(), entry.getSize()), entry.getCrc());
      }
    }
    return NpzEntry.Packed.of(label, file, zip, entry);
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
