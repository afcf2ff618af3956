package dev.ancestral.trainer.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.ancestral.files.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Named float arrays in one file: the safetensors format, with a checksum.
 *
 * <pre>
 * u64 little-endian  length of the header
 * header             JSON: name → {dtype: "F32", shape, data_offsets: [from, to]},
 *                    "__metadata__" → texts, among them "ancestral.sha256"
 * data               the arrays, little-endian, without gaps
 * </pre>
 *
 * <p>The checksum is the SHA-256 of the whole file with 64 zeros in its own place, so that a file
 * that was cut or flipped anywhere is recognised. Other programs read the file as any other; a file
 * without a checksum is refused. At most 2 GB.
 *
 * @param tensors by name, in the file's order
 * @param metadata texts by name, without the checksum
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
  private static final String METADATA = "__metadata__";
  private static final String CHECKSUM = "ancestral.sha256";
  private static final String NO_CHECKSUM = "0".repeat(64);

  /** Copies the maps, in their order. */
  public Safetensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** Writes the file; it is whole or absent. */
  public void write(Path file) throws IOException {
    byte[] bytes = bytes(NO_CHECKSUM);
    byte[] summed = bytes(sha256(bytes));
    AtomicFile.write(file, out -> out.write(summed));
  }

  private byte[] bytes(String checksum) {
    JsonObject header = new JsonObject();
    JsonObject texts = new JsonObject();
    metadata.forEach(texts::addProperty);
    texts.addProperty(CHECKSUM, checksum);
    header.add(METADATA, texts);
    int offset = 0;
    for (var entry : tensors.entrySet()) {
      int end = Math.addExact(offset, Math.multiplyExact(4, entry.getValue().values().length));
      header.add(entry.getKey(), describe(entry.getValue(), offset, end));
      offset = end;
    }
    String json = header.toString();
    byte[] head = json.getBytes(StandardCharsets.UTF_8);
    // The format aligns the data to eight bytes by spaces after the header.
    int padded = (head.length + 7) / 8 * 8;
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.addExact(8 + padded, offset)).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(padded).put(head);
    while (buffer.position() < 8 + padded) {
      buffer.put((byte) ' ');
    }
    for (Tensor tensor : tensors.values()) {
      for (float value : tensor.values()) {
        buffer.putFloat(value);
      }
    }
    return buffer.array();
  }

  private static JsonObject describe(Tensor tensor, int from, int to) {
    JsonObject entry = new JsonObject();
    entry.addProperty("dtype", "F32");
    JsonArray shape = new JsonArray();
    tensor.shape().forEach(shape::add);
    entry.add("shape", shape);
    JsonArray offsets = new JsonArray();
    offsets.add(from);
    offsets.add(to);
    entry.add("data_offsets", offsets);
    return entry;
  }

  /**
   * Reads a file.
   *
   * @throws SafetensorsException if it is cut, changed or not ours
   * @throws IOException if it cannot be read
   */
  public static Safetensors read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 8 || buffer.getLong(0) < 2 || buffer.getLong(0) > bytes.length - 8) {
      throw new SafetensorsException(file, "cut or not a safetensors file");
    }
    int headerLength = (int) buffer.getLong(0);
    try {
      JsonObject header =
          JsonParser.parseString(new String(bytes, 8, headerLength, StandardCharsets.UTF_8))
              .getAsJsonObject();
      JsonObject texts = header.getAsJsonObject(METADATA);
      verify(file, bytes, headerLength, texts.get(CHECKSUM).getAsString());
      Map<String, String> metadata = new LinkedHashMap<>();
      texts.entrySet().stream()
          .filter(entry -> !entry.getKey().equals(CHECKSUM))
          .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().getAsString()));
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (var entry : header.entrySet()) {
        if (!entry.getKey().equals(METADATA)) {
          tensors.put(entry.getKey(), tensor(buffer, 8 + headerLength, entry.getValue()));
        }
      }
      return new Safetensors(tensors, metadata);
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | UnsupportedOperationException
        | IllegalArgumentException
        | IndexOutOfBoundsException e) {
      // Whatever a header that was not written by this class can do to its reader.
      throw new SafetensorsException(file, "changed, or not written by this program");
    }
  }

  private static Tensor tensor(ByteBuffer buffer, int dataStart, JsonElement description) {
    JsonObject entry = description.getAsJsonObject();
    List<Long> shape =
        StreamSupport.stream(entry.getAsJsonArray("shape").spliterator(), false)
            .map(JsonElement::getAsLong)
            .toList();
    JsonArray offsets = entry.getAsJsonArray("data_offsets");
    int from = offsets.get(0).getAsInt();
    float[] values = new float[(offsets.get(1).getAsInt() - from) / 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = buffer.getFloat(dataStart + from + 4 * i);
    }
    return new Tensor(shape, values);
  }

  private static void verify(Path file, byte[] bytes, int headerLength, String checksum)
      throws SafetensorsException {
    byte[] wanted = checksum.getBytes(StandardCharsets.UTF_8);
    byte[] blank = bytes.clone();
    int at = indexOf(bytes, wanted, 8, 8 + headerLength);
    if (wanted.length != NO_CHECKSUM.length() || at < 0) {
      throw new SafetensorsException(file, "has no usable checksum");
    }
    System.arraycopy(NO_CHECKSUM.getBytes(StandardCharsets.UTF_8), 0, blank, at, wanted.length);
    if (!sha256(blank).equals(checksum)) {
      throw new SafetensorsException(file, "cut or changed: its checksum does not match");
    }
  }

  private static int indexOf(byte[] bytes, byte[] part, int from, int to) {
    for (int i = from; i <= to - part.length; i++) {
      if (java.util.Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
