package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.v1.Model;
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
            "labels.csv"),
        Pictures.names(out));
    for (int i = 0; i < 5; i++) {
      assertArrayEquals(
          Pictures.levels(i, 6), Pictures.gray(out.resolve("00" + i + ".png")), "sample " + i);
    }
    // Three columns make five cells about square; 56 / 3 = 18 pixels a pixel, gaps of 2.
    BufferedImage grid = Pictures.read(out.resolve("grid.png"));
    assertEquals(3 * (3 * 18 + 2) + 2, grid.getWidth());
    assertEquals(2 * (2 * 18 + 2) + 2, grid.getHeight());
    List<BufferedImage> frames = Pictures.gif(out.resolve("chain.gif"));
    assertEquals(4, frames.size());
    for (int k = 0; k < 4; k++) {
      assertEquals(grid.getWidth(), frames.get(k).getWidth());
      assertEquals(10 * k, frames.get(k).getRGB(2, 2) & 0xFF, "frame " + k);
    }
    assertEquals(
        "file,label\n000.png,3\n001.png,8\n002.png,3\n003.png,8\n004.png,3\n",
        Files.readString(out.resolve("labels.csv")));
  }

  @Test
  void samplesAreNamedByTheirIndex() throws IOException {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      CommandRun run =
          CommandRun.sample(
              server, directory, "--first", "1057", "-n", "2", "--label", "0", "--label", "1");
      assertEquals(0, run.code(), run.err());
    }
    assertEquals(
        List.of("1057.png", "1058.png", "grid.png", "labels.csv"), Pictures.names(directory));
    assertArrayEquals(Pictures.levels(1058, 6), Pictures.gray(directory.resolve("1058.png")));
    assertEquals(
        "file,label\n1057.png,1\n1058.png,0\n", Files.readString(directory.resolve("labels.csv")));
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
