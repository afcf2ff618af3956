package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** To which size images come, and how. */
class ImageFitTest extends FolderFixture {
  @Test
  void theMostFrequentSizeHolds_notTheFirst_andWhatIsCroppedIsCounted() throws IOException {
    Pictures.gray(at("a.png"), 3, 2, 0);
    for (String name : List.of("b.png", "c.png", "d.png")) {
      Pictures.gray(at(name), 64, 48, 255);
    }
    Pictures.gray(at("e.png"), 64, 64, 255);
    for (List<String> remarks :
        List.of(open().remarks(), describe(DataOptions.DEFAULTS).remarks())) {
      assertSays(
          remarks,
          "size      48×64 (height×width), the most frequent of 3: 3 of 5 images have it; data.size"
              + " sets another",
          "fit       1 of 5 images lose more than 20 % of their area; data.fit=contain keeps it",
          "fit       1 of 5 images are smaller, and enlarged");
    }
    assertEquals(List.of(1L, 48L, 64L), open().description().spec().shape());
  }

  @Test
  void ofSizesThatAreEquallyFrequentTheFirstHolds() throws IOException {
    Pictures.gray(at("a.png"), 4, 2, 0);
    Pictures.gray(at("b.png"), 8, 8, 255);
    assertEquals(List.of(1L, 2L, 4L), open().description().spec().shape());
  }

  @Test
  void ofOneSizeNothingIsSaid() throws IOException {
    Pictures.gray(at("a.png"), 4, 2, 0);
    Pictures.gray(at("b.png"), 4, 2, 255);
    assertNothingOf(open().remarks(), "size");
    assertNothingOf(open().remarks(), "fit");
  }

  /** Eight wide, two high: 0 to 240 in steps of two columns. */
  private void strip() throws IOException {
    Files.createDirectories(directory);
    BufferedImage image = new BufferedImage(8, 2, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 16; i++) {
      image.getRaster().setSample(i % 8, i / 8, 0, i % 8 / 2 * 80);
    }
    ImageIO.write(image, "png", at("a.png").toFile());
  }

  @Test
  void cover_showsTheCentre() throws IOException {
    strip();
    assertArrayEquals(new float[] {80, 80, 160, 160}, row(Fit.COVER, 2, 4, 0));
  }

  @Test
  void contain_padsWithWhite_orBlack_orTheEdge() throws IOException {
    strip();
    DataOptions contain = options(4, 4, Fit.CONTAIN);
    Dataset white = open(contain);
    assertEquals(255, sample(white, 0)[0]);
    // Half as wide and half as high, it fills the second row of four; its edges are mixtures.
    assertArrayEquals(
        new float[] {0, 80, 160, 240}, Arrays.copyOfRange(sample(white, 0), 4, 8), 15);
    assertEquals(255, sample(white, 0)[15]);
    assertSays(
        white.remarks(), "fit       1 of 1 images are more than 20 % padding, which is white");
    assertEquals(
        0,
        sample(
            open(
                new DataOptions(
                    4, 4, null, LEVELS, Fit.CONTAIN, Padding.BLACK, null, null, null, null)),
            0)[3]);
    assertEquals(
        240,
        sample(
            open(
                new DataOptions(
                    4, 4, null, LEVELS, Fit.CONTAIN, Padding.EDGE, null, null, null, null)),
            0)[3],
        15);
  }

  @Test
  void stretch_showsAllOfIt_outOfShape() throws IOException {
    strip();
    assertArrayEquals(new float[] {0, 80, 160, 240}, row(Fit.STRETCH, 4, 4, 0), 27);
    assertSays(
        open(options(4, 4, Fit.STRETCH)).remarks(),
        "fit       1 of 1 images are stretched by more than a quarter");
  }

  @Test
  void randomCrop_showsEveryPartInTraining_andTheCentreElsewhere() throws IOException {
    strip();
    Dataset data = open(options(2, 4, Fit.RANDOM_CROP));
    assertArrayEquals(new float[] {80, 80, 160, 160}, row(Fit.RANDOM_CROP, 2, 4, 0));
    Set<Float> firsts = new HashSet<>();
    for (int row = 0; row < 100; row++) {
      float[] once = drawn(data, row);
      assertArrayEquals(once, drawn(data, row), "chance alone decides");
      firsts.add(once[0] + once[1] / 1000);
    }
    assertEquals(Set.of(0f, 0.08f, 80.08f, 80.16f, 160.16f), firsts);
    assertSays(
        data.remarks(),
        "fit       1 of 1 images are seen in part, less than 80 % of their area at a time");
  }

  private static float[] drawn(Dataset data, int row) {
    float[] out = new float[data.description().spec().elements()];
    data.sample(0, new PhiloxRandom(7, NoisePurpose.AUGMENTATION, 1, row), out);
    return out;
  }

  private float[] row(Fit fit, int height, int width, int y) {
    float[] all = sample(open(options(height, width, fit)), 0);
    return Arrays.copyOfRange(all, y * width, (y + 1) * width);
  }

  @Test
  void paddingWithoutRoomForIt_isRefused() {
    assertEquals(
        "data.padding: black (expected: nothing, or data.fit=contain, which leaves room for it)",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new DataOptions(
                        null, null, null, null, null, Padding.BLACK, null, null, null, null))
            .getMessage());
  }
}
