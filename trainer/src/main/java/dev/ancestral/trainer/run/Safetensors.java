package dev.ancestral.trainer.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.ancestral.files.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format, float32 only, with a checksum of the whole file.
 *
 * <pre>
 * u64 little-endian  length of the header
 * header             JSON: "__metadata__" of strings; for each tensor its dtype, shape and data_offsets; padded with spaces
 * data               the tensors, little-endian
 * </pre>
 *
 * The metadata's {@code sha256} is that of all bytes of the file, with its own 64 digits as zeros:
 * so a flipped or missing byte anywhere is seen.
 */
final class Safetensors {
  private static final String METADATA = "__metadata__";
  private static final String CHECKSUM = "sha256";
  private static final String CHECKSUM_KEY = "\"" + CHECKSUM + "\":\"";
  private static final String NO_CHECKSUM = "0".repeat(64);
  private static final String FLOAT32 = "F32";
  private static final int ALIGNMENT = 8;

  /**
   * Named numbers.
   *
   * @param shape outermost first
   * @param values row-major; its remaining numbers are the tensor
   */
  record Tensor(String name, List<Long> shape, FloatBuffer values) {
    /** A copy of its numbers. */
    float[] numbers() {
      float[] numbers = new float[values.remaining()];
      values.duplicate().get(numbers);
      return numbers;
    }
  }

  /**
   * A whole file.
   *
   * @param metadata as written, without the checksum
   * @param tensors in the file's order, by name
   */
  record Content(Map<String, String> metadata, Map<String, Tensor> tensors) {}

  private Safetensors() {}

  /**
   * Writes without a checksum of its own, tensor by tensor, for files whose hash stands elsewhere
   * and which are too large to be held twice.
   */
  static void writeTo(OutputStream out, Map<String, String> metadata, List<Tensor> tensors)
      throws IOException {
    byte[] header = header(words(metadata), tensors);
    out.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .array());
    out.write(header);
    for (Tensor tensor : tensors) {
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.multiplyExact(tensor.values().remaining(), Float.BYTES))
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(tensor.values().duplicate());
      out.write(bytes.array());
    }
  }

  static void write(Path file, Map<String, String> metadata, List<Tensor> tensors)
      throws IOException {
    JsonObject words = new JsonObject();
    // First, so that nothing a caller writes can be taken for it.
    words.addProperty(CHECKSUM, NO_CHECKSUM);
    words(metadata).entrySet().forEach(word -> words.add(word.getKey(), word.getValue()));
    byte[] header = header(words, tensors);
    int size = Long.BYTES + header.length;
    for (Tensor tensor : tensors) {
      size = Math.addExact(size, Math.multiplyExact(tensor.values().remaining(), Float.BYTES));
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header);
    for (Tensor tensor : tensors) {
      FloatBuffer values = tensor.values().duplicate();
      int next = bytes.position() + values.remaining() * Float.BYTES;
      bytes.asFloatBuffer().put(values);
      bytes.position(next);
    }
    byte[] whole = bytes.array();
    byte[] checksum = sha256(whole).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(checksum, 0, whole, checksumAt(file, header), checksum.length);
    AtomicFile.write(file, out -> out.write(whole));
  }

  private static JsonObject words(Map<String, String> metadata) {
    JsonObject words = new JsonObject();
    metadata.forEach(words::addProperty);
    return words;
  }

  private static byte[] header(JsonObject words, List<Tensor> tensors) {
    JsonObject json = new JsonObject();
    json.add(METADATA, words);
    long offset = 0;
    for (Tensor tensor : tensors) {
      JsonArray shape = new JsonArray();
      tensor.shape().forEach(shape::add);
      long end = offset + (long) tensor.values().remaining() * Float.BYTES;
      JsonArray offsets = new JsonArray();
      offsets.add(offset);
      offsets.add(end);
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", FLOAT32);
      entry.add("shape", shape);
      entry.add("data_offsets", offsets);
      json.add(tensor.name(), entry);
      offset = end;
    }
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    int padding = Math.floorMod(-(Long.BYTES + text.length), ALIGNMENT);
    byte[] header = Arrays.copyOf(text, text.length + padding);
    Arrays.fill(header, text.length, header.length, (byte) ' ');
    return header;
  }

  /**
   * Reads and checks a file.
   *
   * @throws IOException if it cannot be read, was cut, was changed, or is something else
   */
  static Content read(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = header(file, bytes);
    int at = checksumAt(file, header);
    if (at + NO_CHECKSUM.length() > Long.BYTES + header.length) {
      throw new IOException(file + ": is damaged (its checksum is not whole)");
    }
    String written = new String(whole, at, NO_CHECKSUM.length(), StandardCharsets.US_ASCII);
    byte[] blank = NO_CHECKSUM.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(blank, 0, whole, at, blank.length);
    if (!written.equals(sha256(whole))) {
      throw new IOException(file + ": is damaged (its checksum does not match)");
    }
    return parse(file, new String(header, StandardCharsets.UTF_8), bytes.slice());
  }

  /**
   * Reads a file that another program wrote, which has no checksum of ours.
   *
   * @throws IOException if it cannot be read, was cut, or has a tensor of other numbers than
   *     float32, or of another length than its shape says; the tensor is named
   */
  static Content readOfOthers(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    return parse(file, new String(header(file, bytes), StandardCharsets.UTF_8), bytes.slice());
  }

  /** Reads the header, after which the data begin. */
  private static byte[] header(Path file, ByteBuffer bytes) throws IOException {
    if (bytes.remaining() < Long.BYTES) {
      throw new IOException(file + ": is cut (expected: a safetensors file)");
    }
    long length = bytes.getLong();
    if (length < 2 || length > bytes.remaining()) {
      throw new IOException(file + ": is cut or no safetensors file");
    }
    byte[] header = new byte[(int) length];
    bytes.get(header);
    return header;
  }

  /**
   * The metadata alone, without a look at the rest: what they say is believed only by who reads the
   * whole file later.
   *
   * @throws IOException if it cannot be read, was cut in its header, or is something else
   */
  static Map<String, String> readMetadata(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] length = in.readNBytes(Long.BYTES);
      long size =
          length.length < Long.BYTES
              ? 0
              : ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (size < 2 || size > Files.size(file) - Long.BYTES) {
        throw new IOException(file + ": is cut or no safetensors file");
      }
      JsonObject json =
          JsonParser.parseString(
                  new String(in.readNBytes(Math.toIntExact(size)), StandardCharsets.UTF_8))
              .getAsJsonObject();
      return json.has(METADATA) ? words(json.getAsJsonObject(METADATA)) : Map.of();
    } catch (JsonParseException | IllegalStateException | ClassCastException e) {
      throw new IOException(file + ": its header is not that of a safetensors file", e);
    }
  }

  private static Map<String, String> words(JsonObject json) {
    Map<String, String> words = new LinkedHashMap<>();
    json.entrySet().forEach(word -> words.put(word.getKey(), word.getValue().getAsString()));
    return words;
  }

  private static Content parse(Path file, String header, ByteBuffer data) throws IOException {
    try {
      JsonObject json = JsonParser.parseString(header).getAsJsonObject();
      Map<String, String> metadata = new LinkedHashMap<>();
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
        JsonObject value = entry.getValue().getAsJsonObject();
        if (entry.getKey().equals(METADATA)) {
          metadata.putAll(words(value));
        } else {
          tensors.put(entry.getKey(), tensor(file, entry.getKey(), value, data));
        }
      }
      metadata.remove(CHECKSUM);
      return new Content(metadata, tensors);
    } catch (JsonParseException
        | IllegalStateException
        | IndexOutOfBoundsException
        | ArithmeticException e) {
      throw new IOException(file + ": its header is not that of a float32 safetensors file", e);
    }
  }

  private static Tensor tensor(Path file, String name, JsonObject entry, ByteBuffer data)
      throws IOException {
    String type = entry.has("dtype") ? entry.get("dtype").getAsString() : "none";
    if (!type.equals(FLOAT32)) {
      throw new IOException(
          "%s: tensor %s is of dtype %s (expected: %s)".formatted(file, name, type, FLOAT32));
    }
    List<Long> shape = new ArrayList<>();
    entry.getAsJsonArray("shape").forEach(dimension -> shape.add(dimension.getAsLong()));
    JsonArray offsets = entry.getAsJsonArray("data_offsets");
    long start = offsets.get(0).getAsLong();
    long length = Math.subtractExact(offsets.get(1).getAsLong(), start);
    long expected = shape.stream().reduce((long) Float.BYTES, Math::multiplyExact);
    if (length != expected) {
      throw new IOException(
          "%s: tensor %s has %d bytes (expected: %d, as its shape %s says)"
              .formatted(file, name, length, expected, shape));
    }
    return new Tensor(
        name,
        shape,
        data.slice(Math.toIntExact(start), Math.toIntExact(length))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer());
  }

  /** Where in the file the checksum's digits are. */
  private static int checksumAt(Path file, byte[] header) throws IOException {
    int at = new String(header, StandardCharsets.ISO_8859_1).indexOf(CHECKSUM_KEY);
    if (at < 0) {
      throw new IOException(
          file + ": holds no checksum (expected: a checkpoint that `train` wrote)");
    }
    return Long.BYTES + at + CHECKSUM_KEY.length();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
