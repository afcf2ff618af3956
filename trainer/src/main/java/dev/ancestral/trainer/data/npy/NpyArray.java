package dev.ancestral.trainer.data.npy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array in the form of {@code numpy.save}: the bytes {@code \x93NUMPY}, a version, the length of
 * a heading, the heading, a dictionary of Python, and the numbers, the last axis fastest. For any
 * thread.
 */
public final class NpyArray {
  private static final String MAGIC = "\u0093NUMPY";
  static final int LONGEST_HEADING = 1 << 16;
  private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([<>|=])([a-zA-Z]\\d*)'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");

  private final List<Long> shape;
  private final NumberType type;
  private final ByteOrder order;
  private final Bytes numbers;

  private NpyArray(List<Long> shape, NumberType type, ByteOrder order, Bytes numbers) {
    this.shape = shape;
    this.type = type;
    this.order = order;
    this.numbers = numbers;
  }

  /**
   * Understands a heading.
   *
   * @param name of the file, for messages
   * @throws IllegalArgumentException for what is no such array, or one that is not read here
   */
  static NpyArray of(String name, Bytes bytes) {
    if (bytes.size() < 10 || !MAGIC.equals(latin(bytes.at(0, MAGIC.length())))) {
      throw wrong(name, "is no array of numpy", "what numpy.save wrote");
    }
    ByteBuffer start = bytes.at(6, 2);
    int version = start.get(0);
    if (version < 1 || version > 3) {
      throw wrong(name, "has version " + version, "1 to 3");
    }
    int lengthBytes = version == 1 ? 2 : 4;
    int before = 8 + lengthBytes;
    ByteBuffer lengthField =
        bytes.at(8, (int) Math.min(lengthBytes, bytes.size() - 8)).order(ByteOrder.LITTLE_ENDIAN);
    int length =
        lengthField.remaining() < lengthBytes
            ? -1
            : version == 1 ? lengthField.getShort(0) & 0xFFFF : lengthField.getInt(0);
    if (length < 0 || length > LONGEST_HEADING || before + length > bytes.size()) {
      throw wrong(name, "is cut", "a heading and numbers");
    }
    String heading = latin(bytes.at(before, length));
    Matcher descr = TYPE.matcher(heading);
    if (!descr.find()) {
      throw wrong(
          name,
          "holds no plain numbers: " + heading.strip(),
          "uint8, float32, float64 or whole numbers");
    }
    String code = descr.group(2);
    NumberType type =
        NumberType.of(code)
            .orElseThrow(
                () ->
                    wrong(
                        name,
                        "has numbers of type " + code,
                        "uint8, float32, float64 or whole numbers"));
    Matcher fortran = FORTRAN.matcher(heading);
    if (!fortran.find() || fortran.group(1).equals("True")) {
      throw wrong(name, "is in Fortran's order", "C order, by numpy.ascontiguousarray");
    }
    List<Long> shape = shape(name, heading);
    long count = 1;
    try {
      for (long side : shape) {
        count = Math.multiplyExact(count, side);
      }
      count = Math.multiplyExact(count, (long) type.bytes());
    } catch (ArithmeticException e) {
      throw wrong(name, "has the shape " + shape, "one that a file can have");
    }
    long there = bytes.size() - before - length;
    if (count != there) {
      throw wrong(
          name,
          "has %d bytes of numbers".formatted(there),
          "%d, for %s of shape %s".formatted(count, code, shape));
    }
    ByteOrder order = descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new NpyArray(shape, type, order, new Bytes.Part(bytes, before + length, count));
  }

  private static List<Long> shape(String name, String heading) {
    Matcher found = SHAPE.matcher(heading);
    if (!found.find()) {
      throw wrong(name, "has no shape", "what numpy.save wrote");
    }
    List<Long> shape = new ArrayList<>();
    for (String side : found.group(1).split(",", -1)) {
      if (!side.isBlank()) {
        if (side.strip().length() > 18) {
          throw wrong(name, "has a side of " + side.strip(), "one that a file can have");
        }
        shape.add(Long.valueOf(side.strip()));
      }
    }
    return List.copyOf(shape);
  }

  private static String latin(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(bytes).toString();
  }

  private static IllegalArgumentException wrong(String name, String what, String expected) {
    return new IllegalArgumentException("%s: %s (expected: %s)".formatted(name, what, expected));
  }

  /**
   * The same array, whose numbers were unpacked and compared with their checksum, if they have one;
   * until then only the heading of one that is packed can be asked for.
   *
   * @throws IllegalArgumentException naming the file and what is wrong with it
   */
  public NpyArray whole() throws IOException {
    return new NpyArray(shape, type, order, numbers.whole());
  }

  /** Its sides. */
  public List<Long> shape() {
    return shape;
  }

  /** What its numbers are. */
  public NumberType type() {
    return type;
  }

  /**
   * Copies numbers that follow one another.
   *
   * @param from the place of the first, counted through the whole array
   */
  public void read(long from, double[] out) {
    ByteBuffer bytes = bytes(from, out.length);
    for (int i = 0; i < out.length; i++) {
      out[i] = type.read(bytes, i * type.bytes());
    }
  }

  /** As {@link #read(long, double[])}, rounded. */
  public void read(long from, float[] out) {
    ByteBuffer bytes = bytes(from, out.length);
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) type.read(bytes, i * type.bytes());
    }
  }

  private ByteBuffer bytes(long from, int count) {
    return numbers.at(from * type.bytes(), Math.multiplyExact(count, type.bytes())).order(order);
  }
}
