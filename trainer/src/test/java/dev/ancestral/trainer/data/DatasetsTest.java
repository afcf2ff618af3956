package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
  @TempDir Path directory;

  private static Dataset open(String source) {
    return Datasets.open(source, DataOptions.DEFAULTS);
  }

  private static String refusal(String source, DataOptions options) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> Datasets.open(source, options))
            .getMessage());
  }

  private String refusal(Path source) {
    return refusal(source.toString(), DataOptions.DEFAULTS);
  }

  private static float[] sample(Dataset data, int index) {
    float[] out = new float[data.description().spec().elements()];
    data.sample(index, out);
    return out;
  }

  @Test
  void digits_areAllThere_withTheirLabels() {
    Dataset digits = open("builtin:digits");
    assertEquals(1797, digits.size());
    assertEquals(List.of(1L, 8L, 8L), digits.description().spec().shape());
    assertEquals(17, digits.description().spec().levels());
    int[] count = new int[10];
    for (int i = 0; i < digits.size(); i++) {
      count[digits.label(i)]++;
    }
    assertArrayEquals(new int[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, count);
    // The first one, a zero: its first row is 0 0 5 13 9 1 0 0 of 16.
    float[] first = sample(digits, 0);
    assertEquals(-1, first[0], 0);
    assertEquals(2 * 13 / 16f - 1, first[3], 1e-6f);
  }

  @Test
  void swissRoll_hasTenThousandPointsOnItsSpiral() {
    Dataset roll = open("builtin:swiss-roll");
    assertEquals(10_000, roll.size());
    assertEquals(List.of(2L), roll.description().spec().shape());
    assertEquals(0, roll.description().spec().levels());
    double mean = 0;
    for (int i = 0; i < roll.size(); i++) {
      float[] point = sample(roll, i);
      mean += Math.hypot(point[0], point[1]) / roll.size();
    }
    // |t|/10 with t uniform in 1.5π..4.5π has mean 0.3π; the noise adds about σ²/2r = 0.0015.
    assertEquals(0.3 * Math.PI, mean, 0.01);
  }

  @Test
  void swissRoll_canBeDrawnAfresh_neverTheDataSetItself() {
    Dataset roll = open("builtin:swiss-roll");
    List<float[]> fresh = roll.drawAfresh(100, 0).orElseThrow();
    assertEquals(100, fresh.size());
    assertArrayEquals(fresh.get(7), roll.drawAfresh(100, 0).orElseThrow().get(7));
    for (long seed : new long[] {0, -1, 5}) {
      List<float[]> drawn = roll.drawAfresh(1, seed).orElseThrow();
      for (int i = 0; i < roll.size(); i++) {
        assertFalse(Arrays.equals(drawn.get(0), sample(roll, i)));
      }
    }
    assertTrue(open("builtin:digits").drawAfresh(1, 0).isEmpty());
  }

  @Test
  void csv_isReadWithAndWithoutHeading() throws IOException {
    Path file = directory.resolve("points.csv");
    Files.writeString(file, "x;y\n1;2\n\n-0.5 ; 1e-3\n");
    Dataset points = open("csv:" + file);
    assertEquals(2, points.size());
    assertArrayEquals(new float[] {-0.5f, 1e-3f}, sample(points, 1));
    assertEquals(-0.5, points.description().spec().min(), 0);
    assertEquals(2, points.description().spec().max(), 0);
  }

  @Test
  void csv_withAWrongLine_isRefusedByItsNumber() throws IOException {
    Path file = directory.resolve("points.csv");
    Files.writeString(file, "1,2\n3,4,5\n");
    assertEquals(
        file + ":2: 3 numbers (expected: 2, as in the first point)",
        refusal("csv:" + file, DataOptions.DEFAULTS));
    Files.writeString(file, "1,2\n3,four\n");
    assertEquals(
        file + ":2: '3,four' (expected: numbers separated by commas)",
        refusal("csv:" + file, DataOptions.DEFAULTS));
    Files.writeString(file, "1,2\n3,NaN\n");
    assertEquals(
        file + ":2: NaN (expected: finite numbers)", refusal("csv:" + file, DataOptions.DEFAULTS));
    Files.writeString(file, "x,y\n");
    assertEquals(
        file + ": holds no point (expected: at least 1)",
        refusal("csv:" + file, DataOptions.DEFAULTS));
    assertEquals(
        directory.resolve("none.csv") + ": no such file (expected: points, one a line)",
        refusal("csv:" + directory.resolve("none.csv"), DataOptions.DEFAULTS));
  }

  private static byte[] idx(int dimensions, int[] sizes, byte[] data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0x800 | dimensions);
    for (int size : sizes) {
      out.writeInt(size);
    }
    out.write(data);
    return bytes.toByteArray();
  }

  @Test
  void idx_isRead_gzippedOrNot() throws IOException {
    byte[] pixels = {0, (byte) 255, 51, 102, 0, 0, 0, 0, 1, 1, 1, 1};
    try (OutputStream out =
        new GZIPOutputStream(
            Files.newOutputStream(directory.resolve("train-images-idx3-ubyte.gz")))) {
      out.write(idx(3, new int[] {3, 1, 4}, pixels));
    }
    Files.write(
        directory.resolve("train-labels-idx1-ubyte"), idx(1, new int[] {3}, new byte[] {2, 0, 1}));
    Dataset data = open("idx:" + directory);
    assertEquals(3, data.size());
    assertEquals(List.of(1L, 1L, 4L), data.description().spec().shape());
    assertEquals(List.of("0", "1", "2"), data.description().classNames());
    assertEquals(2, data.label(0));
    assertArrayEquals(new float[] {-1, 1, -0.6f, -0.2f}, sample(data, 0), 1e-6f);
  }

  @Test
  void idx_withDamagedGzip_isRefusedByItsName() throws IOException {
    Path images = directory.resolve("train-images-idx3-ubyte.gz");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(idx(3, new int[] {4, 8, 8}, new byte[256]));
    }
    byte[] gzip = bytes.toByteArray();
    String source = "idx:" + directory;
    Files.write(images, Arrays.copyOf(gzip, gzip.length - 9));
    assertEquals(
        images + ": ends too early (expected: as many bytes as its header says)",
        refusal(source, DataOptions.DEFAULTS));
    // The checksum in the trailer.
    gzip[gzip.length - 6] ^= 1;
    Files.write(images, gzip);
    assertEquals(
        images + ": is damaged (Corrupt GZIP trailer; expected: gzip)",
        refusal(source, DataOptions.DEFAULTS));
    Files.writeString(images, "this is text");
    assertEquals(
        images + ": is damaged (Not in GZIP format; expected: gzip)",
        refusal(source, DataOptions.DEFAULTS));
  }

  @Test
  void idx_thatIsCutOrForeign_isRefused() throws IOException {
    Path images = directory.resolve("train-images-idx3-ubyte");
    String source = "idx:" + directory;
    assertEquals(
        directory + ": holds no train-images-idx3-ubyte (expected: it, gzipped or not)",
        refusal(source, DataOptions.DEFAULTS));
    Files.write(images, idx(3, new int[] {2, 2, 2}, new byte[7]));
    assertEquals(
        images + ": ends too early (expected: as many bytes as its header says)",
        refusal(source, DataOptions.DEFAULTS));
    Files.write(images, idx(1, new int[] {2}, new byte[2]));
    assertTrue(
        refusal(source, DataOptions.DEFAULTS).startsWith(images + ": magic number 0x00000801"));
    Files.write(images, idx(3, new int[] {1, 1, 1}, new byte[1]));
    Files.write(directory.resolve("train-labels-idx1-ubyte"), idx(1, new int[] {2}, new byte[2]));
    assertEquals(
        directory.resolve("train-labels-idx1-ubyte")
            + ": 2 labels (expected: 1, as there are images)",
        refusal(source, DataOptions.DEFAULTS));
  }

  private void writeImage(String name, int width, int height, Color left, Color right)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(left);
    graphics.fillRect(0, 0, width / 2, height);
    graphics.setColor(right);
    graphics.fillRect(width / 2, 0, width - width / 2, height);
    graphics.dispose();
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile());
  }

  @Test
  void directory_takesItsClassesFromSubdirectories() throws IOException {
    writeImage("dogs/b.png", 4, 4, Color.RED, Color.RED);
    writeImage("cats/deep/a.png", 4, 4, Color.BLUE, Color.BLUE);
    writeImage("dogs/a.jpg", 4, 4, Color.GREEN, Color.GREEN);
    Files.writeString(directory.resolve("notes.txt"), "not an image");
    Dataset data = open(directory.toString());
    assertEquals(List.of("cats", "dogs"), data.description().classNames());
    assertEquals(3, data.size());
    assertArrayEquals(new int[] {0, 1, 1}, new int[] {data.label(0), data.label(1), data.label(2)});
    assertEquals(List.of(3L, 4L, 4L), data.description().spec().shape());
    assertEquals(1, sample(data, 0)[2 * 16], 0);
    assertEquals(-1, sample(data, 0)[0], 0);
  }

  @Test
  void directory_downToASingleImage_isCoveredAndCroppedToTheCentre() throws IOException {
    // 40 wide, 10 high, halves of red and blue: the centre 10×10 is half and half.
    writeImage("only.png", 40, 10, Color.RED, Color.BLUE);
    Dataset data =
        Datasets.open(directory.toString(), new DataOptions(4, 6, 3, new DataOptions.Range(0, 1)));
    assertEquals(1, data.size());
    assertEquals(List.of(3L, 4L, 6L), data.description().spec().shape());
    float[] pixels = sample(data, 0);
    assertEquals(1, pixels[0], 0.02, "red at the left");
    assertEquals(0, pixels[5], 0.02, "no red at the right");
    assertEquals(1, pixels[2 * 24 + 5], 0.02, "blue at the right");
    assertEquals(List.of(), data.description().classNames());
  }

  @Test
  void grayPng_keepsItsValues_andColourBecomesLuma() throws IOException {
    BufferedImage gray = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(0, 0, 0, 100);
    gray.getRaster().setSample(1, 0, 0, 200);
    ImageIO.write(gray, "png", directory.resolve("a.png").toFile());
    writeImage("b.png", 2, 1, Color.RED, Color.WHITE);
    Dataset data =
        Datasets.open(
            directory.toString(), new DataOptions(null, null, 1, new DataOptions.Range(0, 255)));
    assertArrayEquals(new float[] {100, 200}, sample(data, 0), 1e-4f);
    assertArrayEquals(new float[] {76, 255}, sample(data, 1), 1e-4f);
  }

  @Test
  void grayWithTransparency_keepsItsValues_overWhite() throws IOException {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_BYTE);
    WritableRaster raster = model.createCompatibleWritableRaster(3, 1);
    raster.setPixel(0, 0, new int[] {100, 255});
    raster.setPixel(1, 0, new int[] {100, 0});
    raster.setPixel(2, 0, new int[] {0, 51});
    ImageIO.write(
        new BufferedImage(model, raster, false, null), "png", directory.resolve("a.png").toFile());
    Dataset data =
        Datasets.open(
            directory.toString(), new DataOptions(null, null, null, new DataOptions.Range(0, 255)));
    assertEquals(List.of(1L, 1L, 3L), data.description().spec().shape());
    assertArrayEquals(new float[] {100, 255, 204}, sample(data, 0), 1e-4f);
  }

  @Test
  void sixteenBitGray_isScaledToEightBits() throws IOException {
    BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 65535);
    deep.getRaster().setSample(1, 0, 0, 100 * 257);
    ImageIO.write(deep, "png", directory.resolve("a.png").toFile());
    Dataset data =
        Datasets.open(
            directory.toString(), new DataOptions(null, null, null, new DataOptions.Range(0, 255)));
    assertArrayEquals(new float[] {255, 100}, sample(data, 0), 1e-4f);
  }

  @Test
  void hiddenFilesAreNoImages_andLinkedDirectoriesAreClasses() throws IOException {
    writeImage("elsewhere/deep/a.png", 2, 2, Color.RED, Color.RED);
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.createSymbolicLink(root.resolve("linked"), directory.resolve("elsewhere"));
    Files.createDirectory(root.resolve("own"));
    Files.copy(directory.resolve("elsewhere/deep/a.png"), root.resolve("own/b.png"));
    Files.writeString(root.resolve("own/._b.png"), "another system's notes");
    Files.createDirectory(root.resolve(".thumbnails"));
    Files.copy(directory.resolve("elsewhere/deep/a.png"), root.resolve(".thumbnails/b.png"));
    Dataset data = open(root.toString());
    assertEquals(List.of("linked", "own"), data.description().classNames());
    assertEquals(2, data.size());
  }

  @Test
  void directory_withoutImages_orWithOneThatIsNone_isRefused() throws IOException {
    assertEquals(
        directory
            + ": holds no image (expected: .png, .jpg, .jpeg, .webp, .gif, .bmp, .tif, .tiff files,"
            + " at least 1)",
        refusal(directory));
    Files.writeString(directory.resolve("fake.png"), "this is text");
    assertEquals(
        directory.resolve("fake.png")
            + ": is not an image, whatever its name says (expected: an image, or"
            + " data.skip_unreadable=1, which leaves it out)",
        refusal(directory));
    Path none = directory.resolve("none");
    assertEquals(none + ": no such directory (expected: a folder of images)", refusal(none));
  }

  @Test
  void cutJpeg_isRefused_thoughMostOfItCanBeRead() throws IOException {
    writeImage("cut.jpg", 64, 64, Color.RED, Color.BLUE);
    Path file = directory.resolve("cut.jpg");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 40));
    assertEquals(
        file + ": is cut (expected: an image, or data.skip_unreadable=1, which leaves it out)",
        refusal(directory));
  }

  @Test
  void cutPng_isRefusedByItsName() throws IOException {
    writeImage("cut.png", 64, 64, Color.RED, Color.BLUE);
    byte[] whole = Files.readAllBytes(directory.resolve("cut.png"));
    Files.write(directory.resolve("cut.png"), Arrays.copyOf(whole, whole.length / 2));
    assertTrue(refusal(directory).startsWith(directory.resolve("cut.png") + ": is cut"));
  }

  @Test
  void unknownBuiltin_namesTheNearest() {
    assertTrue(
        refusal("builtin:digit", DataOptions.DEFAULTS).contains("did you mean builtin:digits?"));
  }

  @Test
  void sourceThatDoesNotExist_isNamedWithTheKnownOnes() {
    assertEquals(
        "data: unknown name 'buildin:digits' (expected one of: builtin:digits, builtin:swiss-roll,"
            + " idx:DIR, csv:FILE, FILE.npy, FILE.npz, FILE.zip, FILE.tar, FILE.tar.gz,"
            + " FILE.parquet, a directory of images; did you mean builtin:digits?)",
        refusal("buildin:digits", DataOptions.DEFAULTS));
    Path none = directory.resolve("none");
    assertEquals(
        none
            + ": no such directory (expected: one that holds train-images-idx3-ubyte, gzipped or"
            + " not)",
        refusal("idx:" + none, DataOptions.DEFAULTS));
  }

  @Test
  void imageOptionsOnPoints_areRefused() {
    assertEquals(
        "data.size: is for images (expected: nothing for builtin:swiss-roll)",
        refusal("builtin:swiss-roll", new DataOptions(8, 8, null, null)));
    assertEquals(
        "data.fit: is for a directory of images (expected: nothing for builtin:digits)",
        refusal(
            "builtin:digits",
            new DataOptions(null, null, null, null, Fit.STRETCH, null, null, null, null, null)));
  }

  @Test
  void anEmptySourceIsRefused() {
    assertEquals(
        "data: is empty (expected one of: builtin:digits, builtin:swiss-roll, idx:DIR, csv:FILE,"
            + " FILE.npy, FILE.npz, FILE.zip, FILE.tar, FILE.tar.gz, FILE.parquet, a directory of"
            + " images)",
        refusal("", DataOptions.DEFAULTS));
    assertEquals(
        "data: a path is missing (expected: it after the colon)",
        refusal("csv:", DataOptions.DEFAULTS));
  }
}
