package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Gray or RGB, and which levels. */
class ImageColoursTest extends FolderFixture {
  @Test
  void grayInAnyClothesIsGray_andSaid() throws IOException {
    Pictures.gray(at("a.png"), 4, 4, 100);
    Pictures.halves(at("b.png"), 4, 4, new Color(1, 1, 1), Color.WHITE);
    Dataset data = open();
    assertEquals(List.of(1L, 4L, 4L), data.description().spec().shape());
    assertSays(data.remarks(), "colour    gray: no pixel of 2 images has colour");
    assertEquals(data.description(), describe(DataOptions.DEFAULTS).description());
  }

  @Test
  void oneColouredFileMakesAllColoured_whereverItStands() throws IOException {
    Pictures.gray(at("a.png"), 4, 4, 100);
    Pictures.halves(at("b.png"), 4, 4, Color.BLACK, new Color(255, 255, 254));
    Dataset data = open(options(null, null, null));
    assertEquals(List.of(3L, 4L, 4L), data.description().spec().shape());
    assertArrayEquals(new float[] {100, 100, 100}, firstPixel(sample(data, 0)));
    assertSays(
        data.remarks(), "colour    RGB: 1 of 2 images have colour; data.channels=1 makes all gray");
    assertEquals(data.remarks(), describe(options(null, null, null)).remarks());
    assertEquals(data.description(), describe(options(null, null, null)).description());
    // A dry run has seen enough after a first file with colour.
    Pictures.halves(at("0.png"), 4, 4, Color.BLACK, Color.RED);
    assertEquals(3, describe(DataOptions.DEFAULTS).description().spec().shape().get(0));
    assertSays(describe(DataOptions.DEFAULTS).remarks(), "colour    RGB: 0.png has colour");
  }

  private static float[] firstPixel(float[] sample) {
    int plane = sample.length / 3;
    return new float[] {sample[0], sample[plane], sample[2 * plane]};
  }

  @Test
  void channelsOverrideThat() throws IOException {
    Pictures.gray(at("a.png"), 2, 2, 100);
    Pictures.plain(at("b.png"), 2, 2, Color.RED);
    Dataset data = open(new DataOptions(null, null, 1, LEVELS));
    assertEquals(List.of(1L, 2L, 2L), data.description().spec().shape());
    assertEquals(76, sample(data, 1)[0], 1e-4);
    assertSays(
        data.remarks(), "colour    gray, as data.channels says: 1 of 2 images lose their colour");
  }

  @Test
  void aSetThatUsesLessThanHalfOfTheLevels_isWarnedOf() throws IOException {
    Pictures.gray(at("a.png"), 2, 2, 0);
    Pictures.gray(at("b.png"), 2, 2, 16);
    assertSays(
        open().remarks(),
        "warning: the samples of all 2 images lie between 0.0 % and 6.3 % of white: data.bits=5"
            + " makes 31 white instead of 255");
    Pictures.gray(at("c.png"), 2, 2, 128);
    assertNothingOf(open().remarks(), "warning");
  }

  /** Twelve bits in sixteen, as scientific cameras write them. */
  private void twelveBits() throws IOException {
    BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 4095);
    ImageIO.write(deep, "png", at("a.png").toFile());
  }

  @Test
  void twelveBitsInSixteenAreWarnedOf_andMended() throws IOException {
    twelveBits();
    assertSays(
        open().remarks(),
        "warning: the samples of all 1 images lie between 0.0 % and 6.2 % of white: data.bits=12"
            + " makes 4095 white instead of 65535");
    Dataset mended =
        open(new DataOptions(null, null, null, LEVELS, null, null, 12, null, null, null));
    assertArrayEquals(new float[] {255, 0}, sample(mended, 0));
    assertNothingOf(mended.remarks(), "warning");
  }
}
