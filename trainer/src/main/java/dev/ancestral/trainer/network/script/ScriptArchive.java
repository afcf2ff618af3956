package dev.ancestral.trainer.network.script;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The file format of a TorchScript module without attributes: a zip whose entries are stored, not
 * compressed.
 *
 * <pre>
 * m/data.pkl            a pickle of the module: its class, and an empty dictionary of attributes
 * m/constants.pkl       a pickle of an empty tuple
 * m/version             the version of the format: 3
 * m/code/__torch__.py   the source of the class
 * </pre>
 */
final class ScriptArchive {
  private static final String VERSION = "3\n";

  private ScriptArchive() {}

  /**
   * The bytes of it.
   *
   * @param name of the class
   * @param source of the class
   */
  static byte[] of(String name, String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      // Protocol 2: GLOBAL, EMPTY_TUPLE, NEWOBJ, EMPTY_DICT, BUILD, STOP.
      add(zip, "data.pkl", "\u0080\u0002c__torch__\n" + name + "\n)\u0081}b.");
      add(zip, "constants.pkl", "\u0080\u0002).");
      add(zip, "version", VERSION);
      add(zip, "code/__torch__.py", source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Each character is a byte. */
  private static void add(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 sum = new CRC32();
    sum.update(bytes);
    ZipEntry entry = new ZipEntry("m/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(sum.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
