package dev.ancestral.trainer.data.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/** A zip. It stays open for as long as somebody may read from it. */
final class ZipPlace implements ImageFile.Place {
  private final Path root;
  private final ZipFile zip;
  private final List<ZipArchiveEntry> entries;

  private ZipPlace(Path root, ZipFile zip) {
    this.root = root;
    this.zip = zip;
    this.entries = Collections.list(zip.getEntries());
  }

  static ZipPlace open(Path root, Path file) throws IOException {
    try {
      return new ZipPlace(root, ZipFile.builder().setPath(file).get());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: is damaged (%s; expected: a zip)".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Shows its files.
   *
   * @throws IllegalArgumentException if one cannot be read by anybody without more
   */
  void walk(EntryWalk walk) {
    for (int i = 0; i < entries.size(); i++) {
      ZipArchiveEntry entry = entries.get(i);
      if (entry.isDirectory()) {
        continue;
      }
      if (entry.getGeneralPurposeBit().usesEncryption()) {
        throw new IllegalArgumentException(
            "%s: %s is encrypted (expected: an archive without a password)"
                .formatted(root, entry.getName()));
      }
      if (!zip.canReadEntryData(entry)) {
        ZipMethod method = ZipMethod.getMethodByCode(entry.getMethod());
        throw new IllegalArgumentException(
            "%s: %s is compressed by %s (expected: deflate, or stored)"
                .formatted(root, entry.getName(), method == null ? entry.getMethod() : method));
      }
      if (entry.isUnixSymlink()) {
        walk.leaveOut(entry.getName(), "a link");
      } else {
        walk.add(entry.getName(), entry.getSize(), i);
      }
    }
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public SeekableByteChannel open(ImageFile file) throws IOException {
    ZipArchiveEntry entry = entries.get((int) file.position());
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = EntryBytes.read(in, entry.getSize());
      CRC32 checksum = new CRC32();
      checksum.update(bytes);
      if (checksum.getValue() != entry.getCrc()) {
        throw new IOException("its checksum in the archive is another");
      }
      return EntryBytes.channel(bytes);
    }
  }
}
