package dev.ancestral.trainer.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that others wrote, against what others read; README.txt beside them says how. */
final class GoldenPicturesTest {
  private static final JsonObject GOLDEN =
      JsonParser.parseString(new String(Fixtures.bytes("golden.json"), StandardCharsets.UTF_8))
          .getAsJsonObject();

  @TempDir private Path directory;

  static Set<String> files() {
    return GOLDEN.keySet();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFile_hasThePixelsThatOthersSee(String name) throws IOException {
    JsonObject golden = GOLDEN.getAsJsonObject(name);
    Path file = Fixtures.copy(name, directory);
    DecodedImage image = ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
    assertEquals(golden.get("width").getAsInt(), image.width());
    assertEquals(golden.get("height").getAsInt(), image.height());
    assertEquals(golden.get("coloured").getAsBoolean(), image.coloured());
    int tolerance = golden.get("tolerance").getAsInt();
    byte[] expected = HexFormat.of().parseHex(golden.get("rgb").getAsString());
    for (int i = 0; i < expected.length; i++) {
      byte seen = image.pixels()[image.coloured() ? i : i / 3];
      assertEquals(expected[i] & 0xFF, seen & 0xFF, tolerance, "level " + i);
    }
    ImageHeader header = ImageDecoder.header(file);
    assertEquals(image.width(), header.width());
    assertEquals(image.height(), header.height());
    assertEquals(image.bits(), header.bits());
  }
}
