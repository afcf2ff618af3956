package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleResponse;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pictures that {@code sample} makes of images. */
@Timeout(60)
class SampleImagesTest {
  private static final Model GRAY = Scripts.model(1L, 2L, 3L).toBuilder().setNumClasses(10).build();
  private static final Model RGB = Scripts.model(3L, 2L, 2L);

  private final Path directory;

  SampleImagesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void imagesBecomeNumberedPicturesASheetATableAndAnAnimation() throws IOException {
    Path out = directory.resolve("new/samples");
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      CommandRun run =
          CommandRun.sample(
              server, out, "-n", "5", "--label", "3", "--label", "8", "--frames", "4");
      assertEquals(0, run.code(), run.err());
      assertTrue(run.out().startsWith("5 samples of toy in 1.50 s: ddim, 10 steps"), run.out());
    }
    assertEquals(
        List.of(
            "000.png",
            "001.png",
            "002.png",
            "003.png",
            "004.png",
            "chain.gif",
            "grid.png",
            "labels.csv",
            "request.json"),
        Pictures.names(out));
    for (int i = 0; i < 5; i++) {
      assertArrayEquals(
          Pictures.levels(i, 6), Pictures.gray(out.resolve("00" + i + ".png")), "sample " + i);
    }
    // Three columns make five cells about square; 56 / 3 = 18 pixels a pixel, gaps of 2.
    BufferedImage grid = Pictures.read(out.resolve("grid.png"));
    assertEquals(3 * (3 * 18 + 2) + 2, grid.getWidth());
    // Captions of 16 below each cell.
    assertEquals(2 * (2 * 18 + 2 + 16) + 2, grid.getHeight());
    List<BufferedImage> frames = Pictures.gif(out.resolve("chain.gif"));
    assertEquals(4, frames.size());
    for (int k = 0; k < 4; k++) {
      assertEquals(grid.getWidth(), frames.get(k).getWidth());
      assertEquals(10 * k, frames.get(k).getRGB(2, 2) & 0xFF, "frame " + k);
    }
    assertEquals(
        "file,label,name\n000.png,3,3\n001.png,8,8\n002.png,3,3\n003.png,8,8\n004.png,3,3\n",
        Files.readString(out.resolve("labels.csv")));
  }

  @Test
  void samplesAreNamedByTheirIndex() throws IOException {
    Model named =
        GRAY.toBuilder().setNumClasses(2).addClassNames("a").addClassNames("b, \"c\"").build();
    try (FakeServer server = FakeServer.start(named, Scripts.sampling(named))) {
      CommandRun run =
          CommandRun.sample(
              server, directory, "--first", "1057", "-n", "2", "--label", "0", "--label", "1");
      assertEquals(0, run.code(), run.err());
    }
    assertEquals(
        List.of("1057.png", "1058.png", "grid.png", "labels.csv", "request.json"),
        Pictures.names(directory));
    assertArrayEquals(Pictures.levels(1058, 6), Pictures.gray(directory.resolve("1058.png")));
    assertEquals(
        "file,label,name\n1057.png,1,\"b, \"\"c\"\"\"\n1058.png,0,a\n",
        Files.readString(directory.resolve("labels.csv")));
  }

  @Test
  void colourImagesKeepTheirChannels() throws IOException {
    try (FakeServer server = FakeServer.start(RGB, Scripts.sampling(RGB))) {
      assertEquals(0, CommandRun.sample(server, directory, "-n", "1").code());
    }
    int[] levels = Pictures.levels(0, 12);
    BufferedImage image = Pictures.read(directory.resolve("000.png"));
    for (int pixel = 0; pixel < 4; pixel++) {
      assertEquals(
          levels[pixel] << 16 | levels[4 + pixel] << 8 | levels[8 + pixel],
          image.getRGB(pixel % 2, pixel / 2) & 0xFFFFFF);
    }
  }

  @Test
  void captionsStandAboveColumnsOfOneClassEach() throws IOException {
    Model digits = Scripts.model(1L, 8L, 8L).toBuilder().setNumClasses(10).build();
    try (FakeServer server = FakeServer.start(digits, Scripts.sampling(digits))) {
      CommandRun run =
          CommandRun.sample(
              server, directory, "-n", "6", "--columns", "2", "--label", "3", "--label", "8");
      assertEquals(0, run.code(), run.err());
    }
    BufferedImage grid = Pictures.read(directory.resolve("grid.png"));
    assertEquals(16 + 3 * (56 + 2) + 2, grid.getHeight());
    assertTrue(bright(grid, 0, 18) > 0 && bright(grid, 58, 18) > 0, "letters above both columns");
  }

  /** Pixels of a caption's box that are much lighter than the sheet's ground. */
  private static int bright(BufferedImage sheet, int left, int bottom) {
    int count = 0;
    for (int x = left; x < left + 58; x++) {
      for (int y = 0; y < bottom; y++) {
        count += (sheet.getRGB(x, y) & 0xFF) > 0x90 ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void scaleMakesSquaresOfPixels_inFilesAndOnTheSheet() throws IOException {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(0, CommandRun.sample(server, directory, "-n", "1", "--scale", "4").code());
      int[] small = Pictures.levels(0, 6);
      int[] large = Pictures.gray(directory.resolve("000.png"));
      assertEquals(8 * 12, large.length);
      for (int i = 0; i < large.length; i++) {
        assertEquals(small[i / 12 / 4 * 3 + i % 12 / 4], large[i], "pixel " + i);
      }
      assertEquals(3 * 4 + 4, Pictures.read(directory.resolve("grid.png")).getWidth());
      CommandRun huge = CommandRun.sample(server, directory, "--scale", "100000");
      assertEquals(1, huge.code());
      assertEquals("error: --scale: 100000 (expected: 1..2364 for pictures of 3 x 2)", huge.err());
    }
  }

  @Test
  void numbersThatAPictureCannotShowAreCounted() throws IOException {
    FakeServer.Script loud =
        (request, out) -> {
          out.onNext(Scripts.accepted(request));
          float[] values = {-3, -1.003f, 0, 1.003f, 1, 1.2f};
          out.onNext(
              SampleResponse.newBuilder()
                  .setSample(
                      Sample.newBuilder()
                          .setData(new FloatTensor(GRAY.getDataShapeList(), values).toMessage()))
                  .build());
          out.onNext(Scripts.summary(1));
          out.onCompleted();
        };
    try (FakeServer server = FakeServer.start(GRAY, loud)) {
      CommandRun run = CommandRun.sample(server, directory, "-n", "1", "--no-clip");
      assertTrue(
          run.out()
              .contains(
                  "33 % of the numbers are beyond the data's range, and were cut to it in the pictures (clip was off)"),
          run.out());
    }
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      String out = CommandRun.sample(server, directory, "-n", "1").out();
      assertFalse(out.contains("beyond"), out);
    }
  }

  @Test
  void columnsSetTheSheetsWidth() throws IOException {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(0, CommandRun.sample(server, directory, "-n", "6", "--columns", "6").code());
    }
    assertEquals(6 * (3 * 18 + 2) + 2, Pictures.read(directory.resolve("grid.png")).getWidth());
  }

  @Test
  void anAnimationThatHasNoRoomForAllSaysHowManyItShows() throws IOException {
    // 56x56 pixels a cell and 1 Mpx a frame leave room for 334.
    Model digits = Scripts.model(1L, 8L, 8L);
    try (FakeServer server = FakeServer.start(digits, Scripts.sampling(digits))) {
      CommandRun run =
          CommandRun.sample(server, directory, "-n", "340", "--columns", "20", "--frames", "2");
      assertEquals(0, run.code(), run.err());
      assertTrue(run.out().strip().endsWith("\nchain.gif shows the first 334 of 340"), run.out());
    }
    assertEquals(20 * 58 + 2, Pictures.gif(directory.resolve("chain.gif")).get(0).getWidth());
    assertEquals(17 * 58 + 2, Pictures.read(directory.resolve("grid.png")).getHeight());
  }

  @Test
  void framesAtNamedStepsAreAnimatedInTheirOrder() throws IOException {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(
          0, CommandRun.sample(server, directory, "-n", "1", "--frames-at", "0,3,9").code());
    }
    assertEquals(
        List.of(0, 30, 90),
        Pictures.gif(directory.resolve("chain.gif")).stream()
            .map(frame -> frame.getRGB(2, 2) & 0xFF)
            .toList());
  }
}
