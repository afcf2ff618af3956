package dev.ancestral.client.data;

import dev.ancestral.files.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * NumPy's {@code .npy} format, version 1.0. Written are float32 arrays in C order:
 *
 * <pre>
 * 93 'N' 'U' 'M' 'P' 'Y'   magic
 * 01 00                    version 1.0
 * u16, little-endian       length of the header that follows
 * header                   {'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 8, 8), } spaces, \n
 * f32, little-endian       the values, row-major, from a multiple of 64 bytes
 * </pre>
 *
 * Read are float16, float32 and float64, of either order of bytes, in C or Fortran order; other
 * versions and types are refused.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final byte[] VERSION = {1, 0};
  private static final int ALIGNMENT = 64;
  private static final int PREFIX = MAGIC.length + VERSION.length + Short.BYTES;
  private static final int CHUNK = 1 << 14;

  /** What is read at once: far more than a request may hold. */
  private static final long MAX_BYTES = 1 << 30;

  private static final Pattern DESCR = Pattern.compile("'descr':\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9, ]*)\\)");

  private Npy() {}

  /** Replaces or creates a file, whole or not at all. */
  public static void write(Path file, FloatTensor tensor) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          out.write(header(tensor.shape()));
          writeValues(out, tensor.values());
        });
  }

  /**
   * Creates a file that gets its rows one by one; it is whole when the last is there.
   *
   * @param rows how many there will be
   * @param rowShape of each
   */
  public static RowFile rows(Path file, int rows, List<Long> rowShape) throws IOException {
    List<Long> shape = new ArrayList<>(List.of((long) rows));
    shape.addAll(rowShape);
    int rowBytes = Math.toIntExact(FloatTensor.elements(rowShape) * Float.BYTES);
    return RowFile.create(file, header(shape), rowBytes);
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException naming the file and what is wrong in it
   */
  public static FloatTensor read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] prefix = in.readNBytes(PREFIX);
      if (prefix.length < PREFIX || !startsWith(prefix, 0, MAGIC)) {
        throw wrong(file, "is no .npy file");
      }
      if (!startsWith(prefix, MAGIC.length, VERSION)) {
        throw wrong(
            file,
            "version %d.%d (expected: 1.0)"
                .formatted(prefix[MAGIC.length], prefix[MAGIC.length + 1]));
      }
      int length =
          Short.toUnsignedInt(
              ByteBuffer.wrap(prefix)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .getShort(PREFIX - Short.BYTES));
      String header = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
      String descr = field(file, DESCR, header);
      NpyType type =
          NpyType.of(descr)
              .orElseThrow(
                  () ->
                      wrong(
                          file,
                          "descr: %s (expected: f2, f4 or f8, NumPy's float16, float32 and float64)"
                              .formatted(descr)));
      boolean columnMajor = field(file, ORDER, header).equals("True");
      List<Long> shape = shape(file, field(file, SHAPE, header));
      checkLength(file, shape, type.bytes(), Files.size(file) - PREFIX - length);
      float[] values = type.read(in.readAllBytes());
      return new FloatTensor(shape, columnMajor ? NpyType.rowMajor(values, shape) : values);
    }
  }

  /** Before the values are read: the file may be anything, and of any size. */
  private static void checkLength(Path file, List<Long> shape, int each, long bytes) {
    long expected;
    try {
      expected = Math.multiplyExact(FloatTensor.elements(shape), each);
    } catch (ArithmeticException e) {
      throw wrong(file, "shape %s (expected: one that a file can hold)".formatted(shape));
    }
    if (bytes != expected) {
      throw wrong(
          file,
          "%d bytes of values (expected: %d, as shape %s has)".formatted(bytes, expected, shape));
    }
    if (bytes > MAX_BYTES) {
      throw wrong(file, "%d bytes of values (expected: at most %d)".formatted(bytes, MAX_BYTES));
    }
  }

  private static byte[] header(List<Long> shape) {
    // A tuple of one has a comma of its own.
    String tuple =
        shape.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + (shape.size() == 1 ? "," : "");
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }".formatted(tuple);
    int unpadded = PREFIX + dictionary.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    String header = dictionary + " ".repeat(padding) + "\n";
    return ByteBuffer.allocate(PREFIX + header.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put(VERSION)
        .putShort((short) header.length())
        .put(header.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private static void writeValues(OutputStream out, float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      bytes.asFloatBuffer().put(values, from, count);
      out.write(bytes.array(), 0, count * Float.BYTES);
    }
  }

  private static List<Long> shape(Path file, String tuple) {
    try {
      return Arrays.stream(tuple.split(",", -1))
          .map(String::strip)
          .filter(number -> !number.isEmpty())
          .map(Long::valueOf)
          .toList();
    } catch (NumberFormatException e) {
      throw wrong(file, "shape (%s) (expected: numbers)".formatted(tuple));
    }
  }

  private static String field(Path file, Pattern pattern, String header) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw wrong(file, "header '%s' lacks %s".formatted(header.strip(), pattern.pattern()));
    }
    return matcher.group(1);
  }

  private static boolean startsWith(byte[] bytes, int from, byte[] expected) {
    return Arrays.equals(bytes, from, from + expected.length, expected, 0, expected.length);
  }

  private static IllegalArgumentException wrong(Path file, String problem) {
    return new IllegalArgumentException(file + ": " + problem);
  }
}
