package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder of images becomes, and what people are told of it. */
class ImageDirectoryTest {
  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
  private static final DataOptions.Range LEVELS = new DataOptions.Range(0, 255);

  @TempDir private Path directory;

  private Path at(String name) {
    return directory.resolve(name);
  }

  private static DataOptions options(
      @Nullable Integer height, @Nullable Integer width, @Nullable Fit fit) {
    return new DataOptions(height, width, null, LEVELS, fit, null, null, null, null);
  }

  private Dataset open(DataOptions options) {
    return Datasets.open(directory.toString(), options);
  }

  private Dataset open() {
    return open(DataOptions.DEFAULTS);
  }

  private DataSummary describe(DataOptions options) {
    return Datasets.describe(directory.toString(), options, Opening.QUIET);
  }

  private String refusal(DataOptions options) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> open(options)).getMessage());
  }

  private static float[] sample(Dataset data, int index) {
    float[] out = new float[data.description().spec().elements()];
    data.sample(index, out);
    return out;
  }

  private static void assertSays(List<String> remarks, String... lines) {
    for (String line : lines) {
      assertTrue(remarks.contains(line), () -> String.join("\n", remarks) + "\n(no: " + line + ")");
    }
  }

  private static void assertNothingOf(List<String> remarks, String about) {
    assertTrue(remarks.stream().noneMatch(line -> line.startsWith(about)), remarks.toString());
  }

  @Test
  void classesAreNamedInOrder_withTheirCounts() throws IOException {
    Pictures.gray(at("10/a.png"), 2, 2, 0);
    Pictures.gray(at("2/a.png"), 2, 2, 255);
    Pictures.gray(at("2/b.png"), 2, 2, 255);
    Pictures.gray(at("cat/b.png"), 2, 2, 255);
    Dataset data = open();
    assertEquals(List.of("2", "10", "cat"), data.description().classNames());
    assertArrayEquals(new int[] {0, 0, 1, 2}, IntStream.range(0, 4).map(data::label).toArray());
    assertSays(
        data.remarks(),
        "class 0   2    2 images",
        "class 1   10   1 image",
        "class 2   cat  1 image");
  }

  @Test
  void manyClassesAreNotAllNamed() throws IOException {
    for (int i = 1; i <= 21; i++) {
      Pictures.gray(at("k" + i + "/a.png"), 2, 2, 10 * i);
    }
    List<String> remarks = open().remarks();
    assertSays(remarks, "class 9   k10  1 image", "...       11 classes more, to class 20, k21");
    assertNothingOf(remarks, "class 10");
  }

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
            open(new DataOptions(4, 4, null, LEVELS, Fit.CONTAIN, Padding.BLACK, null, null, null)),
            0)[3]);
    assertEquals(
        240,
        sample(
            open(new DataOptions(4, 4, null, LEVELS, Fit.CONTAIN, Padding.EDGE, null, null, null)),
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
                    new DataOptions(null, null, null, null, null, Padding.BLACK, null, null, null))
            .getMessage());
  }

  @Test
  void whatIsNoImageIsCounted() throws IOException {
    Pictures.gray(at("a.png"), 2, 2, 0);
    for (String name : List.of("b.txt", "c.txt", "d.mp4")) {
      Files.writeString(at(name), "");
    }
    assertSays(open().remarks(), "left out  3 files are not images: 2 .txt, 1 .mp4");
    Files.delete(at("a.png"));
    assertTrue(
        refusal(DataOptions.DEFAULTS)
            .endsWith("files, at least 1; 3 files are not images: 2 .txt, 1 .mp4)"));
  }

  private static DataOptions skipping(int count) {
    return new DataOptions(null, null, null, null, null, null, null, count, null);
  }

  @Test
  void allUnreadableFilesAreListedAtOnce_andRefused_unlessAllowed() throws IOException {
    Pictures.gray(at("cat/a.png"), 2, 2, 0);
    Pictures.gray(at("dog/a.png"), 2, 2, 255);
    Files.writeString(at("cat/b.png"), "text");
    Files.createSymbolicLink(at("dog/b.png"), at("nowhere.png"));
    String refusal = refusal(DataOptions.DEFAULTS);
    assertTrue(
        refusal.startsWith(directory + ": 2 of 4 files cannot be read as images: cat/b.png ("),
        refusal);
    assertTrue(refusal.contains("), dog/b.png ("), refusal);
    assertTrue(
        refusal.endsWith(" (expected: none, or data.skip_unreadable=2, which leaves them out)"),
        refusal);
    assertTrue(refusal(skipping(1)).contains("(expected: at most 1, or data.skip_unreadable=2,"));
    Dataset data = open(skipping(2));
    assertEquals(2, data.size());
    assertArrayEquals(new int[] {0, 1}, new int[] {data.label(0), data.label(1)});
    assertTrue(
        data.remarks().stream()
            .anyMatch(
                line -> line.startsWith("left out  2 files that cannot be read: cat/b.png (")));
  }

  @Test
  void ofManyUnreadableFilesTenAreNamed() throws IOException {
    Pictures.gray(at("z.png"), 2, 2, 0);
    for (int i = 10; i < 35; i++) {
      Files.writeString(at(i + ".png"), "text");
    }
    String refusal = refusal(DataOptions.DEFAULTS);
    assertTrue(refusal.contains("19.png ("), refusal);
    assertFalse(refusal.contains("20.png ("), refusal);
    assertTrue(refusal.contains(" and 15 more (expected: none"), refusal);
  }

  @Test
  void aClassOfWhichNothingCanBeReadIsRefused_evenIfSkippingIsAllowed() throws IOException {
    Pictures.gray(at("cat/a.png"), 2, 2, 0);
    Files.createDirectory(at("dog"));
    Files.writeString(at("dog/b.png"), "text");
    assertTrue(
        refusal(skipping(5))
            .startsWith(at("dog") + ": none of its images can be read: dog/b.png ("));
  }

  @Test
  void recordedSizeChannelsAndClassesHold() throws IOException {
    Pictures.plain(at("1/a.png"), 4, 4, Color.RED);
    Pictures.gray(at("2/a.png"), 8, 8, 20);
    Pictures.gray(at("10/a.png"), 8, 8, 30);
    DataDescription recorded =
        new DataDescription(
            "before", new DataSpec(List.of(1L, 4L, 4L), 0, 255, 256), List.of("1", "10", "2"));
    DataOptions options = options(null, null, null);
    Dataset data = Datasets.open(directory.toString(), options, Opening.again(recorded, NOWHERE));
    assertEquals(recorded.spec(), data.description().spec());
    assertEquals(recorded.classNames(), data.description().classNames());
    List<Float> firsts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      assertEquals(i, data.label(i));
      firsts.add(sample(data, i)[0]);
    }
    assertEquals(List.of(76f, 30f, 20f), firsts);
    assertSays(
        data.remarks(),
        "size      4×4, as the run has it: 1 of 3 images have it",
        "colour    gray, as the run has it: 1 of 3 images lose their colour");
  }

  @Test
  void fewerClassesThanRecordedDoToMeasure_andNotToTrain() throws IOException {
    Pictures.gray(at("2/a.png"), 4, 4, 20);
    DataDescription recorded =
        new DataDescription(
            "before", new DataSpec(List.of(1L, 4L, 4L), 0, 255, 256), List.of("1", "10", "2"));
    DataOptions options = options(null, null, null);
    String source = directory.toString();
    assertEquals(2, Datasets.open(source, options, Opening.toMeasure(recorded, NOWHERE)).label(0));
    assertEquals(
        List.of("2"),
        Datasets.open(source, options, Opening.again(recorded, NOWHERE))
            .description()
            .classNames());
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
    Dataset mended = open(new DataOptions(null, null, null, LEVELS, null, null, 12, null, null));
    assertArrayEquals(new float[] {255, 0}, sample(mended, 0));
    assertNothingOf(mended.remarks(), "warning");
  }

  @Test
  void readingOnManyThreadsKeepsTheOrder() throws IOException {
    for (int i = 0; i < 200; i++) {
      Pictures.gray(at("%03d.png".formatted(i)), 2, 2, i);
    }
    Dataset data = open(options(null, null, null));
    assertEquals(
        IntStream.range(0, 200).boxed().collect(Collectors.toList()),
        IntStream.range(0, 200).mapToObj(i -> Math.round(sample(data, i)[0])).toList());
  }
}
