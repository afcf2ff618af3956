package dev.ancestral.trainer.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of PNG, from a generator that knows its pixels. */
final class PngTest {
  private static final int WIDTH = 13;
  private static final int HEIGHT = 11;

  /** Levels of 255. */
  private static final double TOLERANCE = 2;

  @TempDir private Path directory;

  /** How transparency is stored. */
  private enum Transparency {
    NONE,
    /** A gray level or a colour that is not seen, or alphas of a palette. */
    CHUNK
  }

  private record Kind(int colourType, int depth, boolean interlaced, Transparency transparency) {}

  static Stream<Kind> kinds() {
    return Stream.of(0, 2, 3, 4, 6)
        .flatMap(
            type ->
                Stream.of(1, 2, 4, 8, 16)
                    .filter(depth -> depth >= 8 || type == 0 || type == 3)
                    .filter(depth -> depth < 16 || type != 3)
                    .flatMap(
                        depth ->
                            Stream.of(false, true)
                                .flatMap(
                                    interlaced ->
                                        Stream.of(Transparency.values())
                                            .filter(t -> type < 4 || t == Transparency.NONE)
                                            .map(t -> new Kind(type, depth, interlaced, t)))));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKind_isWhatTheGeneratorDrew(Kind kind) throws IOException {
    for (int[] size : new int[][] {{WIDTH, HEIGHT}, {1, 1}, {3, 2}, {9, 1}}) {
      GeneratedPng png = new GeneratedPng(kind.colourType(), kind.depth(), size[0], size[1]);
      if (kind.transparency() == Transparency.CHUNK) {
        png.withTransparencyChunk();
      }
      Path file = Files.write(directory.resolve("a.png"), png.writer(kind.interlaced()).bytes());
      DecodedImage image = ImageDecoder.decode(file, DecodeSettings.DEFAULTS);
      assertEquals(size[0], image.width());
      assertEquals(size[1], image.height());
      assertEquals(png.coloured(), image.coloured());
      assertEquals(
          new ImageHeader(ImageFormat.PNG, size[0], size[1], png.bits()),
          ImageDecoder.header(file));
      for (int i = 0; i < size[0] * size[1] * 3; i++) {
        int seen = image.pixels()[image.coloured() ? i : i / 3] & 0xFF;
        assertEquals(png.overWhite(i / 3, i % 3), seen, TOLERANCE, "sample " + i);
      }
    }
  }
}
