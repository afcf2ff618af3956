package dev.ancestral.picture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;

/**
 * Text in a PNG file (ISO/IEC 15948, 11.3.3): chunks of a keyword and its text, which viewers and
 * libraries show and keep. Written as {@code tEXt} right after the header; read as {@code zTXt} and
 * {@code iTXt} too, which other programs make of it.
 *
 * <pre>
 * tEXt   keyword 00 text, Latin-1
 * zTXt   keyword 00 00 deflated text
 * iTXt   keyword 00 deflated? 00 language 00 translated keyword 00 text, UTF-8
 * </pre>
 */
public final class PngText {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int HEADER_END = SIGNATURE.length + 25;
  private static final int FRAME = 3 * Integer.BYTES;

  /** Of a text that was deflated: more is no recipe. */
  private static final int MAX_TEXT = 1 << 22;

  private PngText() {}

  /** Whether a file begins as a PNG does. */
  public static boolean isPng(byte[] file) {
    return file.length > HEADER_END
        && Arrays.equals(SIGNATURE, 0, SIGNATURE.length, file, 0, SIGNATURE.length);
  }

  /**
   * The picture with a text in it.
   *
   * @param png a whole PNG file
   * @param keyword 1 to 79 printable characters of ASCII
   * @param text of ASCII
   */
  public static byte[] add(byte[] png, String keyword, String text) {
    byte[] type = "tEXt".getBytes(StandardCharsets.US_ASCII);
    byte[] content = (keyword + '\0' + text).getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(type);
    checksum.update(content);
    return ByteBuffer.allocate(png.length + FRAME + content.length)
        .put(png, 0, HEADER_END)
        .putInt(content.length)
        .put(type)
        .put(content)
        .putInt((int) checksum.getValue())
        .put(png, HEADER_END, png.length - HEADER_END)
        .array();
  }

  /**
   * The first text under a keyword; none if there is none, or if the file is damaged before it.
   *
   * @param png that {@link #isPng}
   */
  public static Optional<String> find(byte[] png, String keyword) {
    ByteBuffer file = ByteBuffer.wrap(png).position(SIGNATURE.length);
    while (file.remaining() >= FRAME) {
      int length = file.getInt();
      byte[] type = new byte[Integer.BYTES];
      file.get(type);
      if (length < 0 || length > file.remaining() - Integer.BYTES) {
        return Optional.empty();
      }
      byte[] content = new byte[length];
      file.get(content).getInt();
      Optional<String> text =
          text(new String(type, StandardCharsets.US_ASCII), ByteBuffer.wrap(content), keyword);
      if (text.isPresent()) {
        return text;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(String type, ByteBuffer content, String keyword) {
    Charset charset = type.equals("iTXt") ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    if (!type.matches("[tzi]TXt|tEXt") || !upToZero(content).equals(keyword)) {
      return Optional.empty();
    }
    boolean deflated = type.equals("zTXt");
    if (deflated && content.hasRemaining()) {
      content.get();
    }
    if (type.equals("iTXt")) {
      if (content.remaining() < 2) {
        return Optional.empty();
      }
      deflated = content.get() != 0;
      content.get();
      upToZero(content);
      upToZero(content);
    }
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return deflated ? inflate(bytes).map(b -> new String(b, charset)) : text(bytes, charset);
  }

  private static Optional<String> text(byte[] bytes, Charset charset) {
    return Optional.of(new String(bytes, charset));
  }

  private static Optional<byte[]> inflate(byte[] bytes) {
    try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
      return Optional.of(in.readNBytes(MAX_TEXT));
    } catch (IOException e) {
      // A damaged text is none.
      return Optional.empty();
    }
  }

  private static String upToZero(ByteBuffer content) {
    StringBuilder text = new StringBuilder();
    while (content.hasRemaining()) {
      byte next = content.get();
      if (next == 0) {
        break;
      }
      text.append((char) Byte.toUnsignedInt(next));
    }
    return text.toString();
  }
}
