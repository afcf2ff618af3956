package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir private Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("a.safetensors");
    Safetensors.write(
        file,
        Map.of("iteration", "5", "word", "ä\"sha256\":\"no"),
        List.of(
            new Safetensors.Tensor(
                "a.weight", List.of(2L, 2L), FloatBuffer.wrap(new float[] {1, -2, 3.5f, -0f})),
            new Safetensors.Tensor(
                "b", List.of(1L), FloatBuffer.wrap(new float[] {9, 7, 8}, 1, 1))));
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Safetensors.Content content = Safetensors.read(file);
    assertEquals(Map.of("iteration", "5", "word", "ä\"sha256\":\"no"), content.metadata());
    assertEquals(List.of("a.weight", "b"), List.copyOf(content.tensors().keySet()));
    Safetensors.Tensor a = Objects.requireNonNull(content.tensors().get("a.weight"));
    assertEquals(List.of(2L, 2L), a.shape());
    assertEquals(FloatBuffer.wrap(new float[] {1, -2, 3.5f, -0f}), a.values());
    assertEquals(7, Objects.requireNonNull(content.tensors().get("b")).values().get(0));
  }

  @Test
  void layoutIsThatOfTheFormat() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) buffer.getLong(0);
    assertEquals(0, (8 + length) % 8);
    var header =
        JsonParser.parseString(new String(bytes, 8, length, StandardCharsets.UTF_8))
            .getAsJsonObject();
    var b = header.getAsJsonObject("b");
    assertEquals("F32", b.get("dtype").getAsString());
    assertEquals("[16,20]", b.get("data_offsets").toString());
    assertEquals(7f, buffer.getFloat(8 + length + 16));
    assertEquals(bytes.length, 8 + length + 20);
  }

  private String refusalOf(String from, String to) throws IOException {
    Path other = directory.resolve("other.safetensors");
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(from), text);
    Files.writeString(other, text.replace(from, to), StandardCharsets.ISO_8859_1);
    String said =
        String.valueOf(
            assertThrows(IOException.class, () -> Safetensors.readOfOthers(other)).getMessage());
    assertTrue(said.startsWith(other + ": "), said);
    return said.substring(other.toString().length() + 2);
  }

  @Test
  void aTensorOfAnotherLengthThanItsShape_isRefusedByName() throws IOException {
    assertEquals(
        "tensor a.weight has 16 bytes (expected: 24, as its shape [2, 3] says)",
        refusalOf("[2,2]", "[2,3]"));
    assertEquals(
        "tensor b has -4 bytes (expected: 4, as its shape [1] says)",
        refusalOf("[16,20]", "[16,12]"));
  }

  @Test
  void aTensorOfAnotherType_isRefusedByName() throws IOException {
    assertEquals(
        "tensor a.weight is of dtype F16 (expected: F32)",
        refusalOf("\"a.weight\":{\"dtype\":\"F32\"", "\"a.weight\":{\"dtype\":\"F16\""));
  }

  @Test
  void aFlippedByteAnywhereIsSeen() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 1;
      Files.write(file, flipped);
      int at = i;
      IOException error =
          assertThrows(IOException.class, () -> Safetensors.read(file), () -> "byte " + at);
      assertTrue(String.valueOf(error.getMessage()).startsWith(file.toString()));
    }
  }

  @Test
  void aCutAnywhereIsSeen() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      int at = length;
      assertThrows(IOException.class, () -> Safetensors.read(file), () -> "cut to " + at);
    }
  }
}
