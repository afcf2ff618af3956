package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that numpy 2.4.6 wrote; {@code numpy-README.txt} beside them says what is in them. */
class NumpyArraysTest {
  @TempDir private Path directory;

  private Path file(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(NumpyArraysTest.class.getResourceAsStream("numpy/" + name), name)) {
      return Files.write(directory.resolve(name), in.readAllBytes());
    }
  }

  private Dataset open(String name, DataOptions options) throws IOException {
    return Datasets.open(file(name).toString(), options);
  }

  private static DataOptions with(@Nullable Layout layout, DataOptions.@Nullable Range range) {
    return new DataOptions(null, null, null, range, null, null, null, null, null, layout);
  }

  private static float[] sample(Dataset data, int index) {
    float[] out = new float[data.description().spec().elements()];
    data.sample(index, out);
    return out;
  }

  private String refusal(String name, DataOptions options) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> open(name, options)).getMessage());
    return message.replace(directory + "/", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes.npz", "compressed.npz"})
  void bytesAreLevels_pixelByPixelInTheFile_channelByChannelHere(String name) throws IOException {
    Dataset data = open(name, with(null, new DataOptions.Range(0, 255)));
    assertEquals(6, data.size());
    assertEquals(List.of(3L, 7L, 5L), data.description().spec().shape());
    assertEquals(256, data.description().spec().levels());
    for (int image = 0; image < 6; image++) {
      float[] numbers = sample(data, image);
      for (int i = 0; i < numbers.length; i++) {
        // Counted up through the file, and bytes begin anew at 256.
        int expected = (image * 105 + i % 35 * 3 + i / 35) % 256;
        assertEquals(expected, numbers[i], 1e-4, "image " + image + ", number " + i);
      }
      assertEquals(image % 3, data.label(image));
    }
    assertEquals(List.of("0", "1", "2"), data.description().classNames());
    assertTrue(data.remarks().contains("class 1   2 images"), data.remarks().toString());
  }

  @Test
  void whatIsToBeTrainedOnIsTold_andTheRestIsLeftOut() throws IOException {
    List<String> remarks = open("bytes.npz", DataOptions.DEFAULTS).remarks();
    assertTrue(remarks.contains("arrays    samples x_train, labels y_train"), remarks.toString());
    assertTrue(remarks.contains("left out  arrays x_test, y_test"), remarks.toString());
  }

  @Test
  void anyNumberOfChannels_andFractions_areTakenAsTheyAre() throws IOException {
    Dataset data = open("floats.npy", with(Layout.NCHW, null));
    assertEquals(List.of(5L, 4L, 6L), data.description().spec().shape());
    assertEquals(0, data.description().spec().levels());
    assertEquals(0, data.description().spec().min());
    assertEquals(239f / 240, data.description().spec().max(), 1e-7);
    assertEquals(121f / 240, sample(data, 1)[1], 1e-7);
    assertEquals(List.of(), data.description().classNames());
    Dataset last = open("floats.npy", with(Layout.NHWC, null));
    assertEquals(List.of(6L, 5L, 4L), last.description().spec().shape());
    assertEquals(6f / 240, sample(last, 0)[1], 1e-7);
  }

  @Test
  void aRangeIsWhatTheSmallestAndTheLargestBecome() throws IOException {
    DataOptions.Range range = new DataOptions.Range(-1, 1);
    Dataset data = open("doubles-big-endian.npy", with(Layout.NHW, range));
    assertEquals(List.of(1L, 2L, 8L), data.description().spec().shape());
    assertEquals(-1, data.description().spec().min());
    assertEquals(-1f, sample(data, 0)[0]);
    assertEquals(1f, sample(data, 2)[15]);
    assertEquals(-1 + 2 * 17 / 47f, sample(data, 1)[1], 1e-6);
  }

  /** A file as numpy.save writes it. */
  private static byte[] npy(String type, String shape, byte[] numbers) {
    String heading =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
    return ByteBuffer.allocate(10 + heading.length() + numbers.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) heading.length())
        .put(heading.getBytes(StandardCharsets.US_ASCII))
        .put(numbers)
        .array();
  }

  private String doubles(String name, int images, double first, double step) throws IOException {
    ByteBuffer numbers = ByteBuffer.allocate(images * 25 * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < images * 25; i++) {
      numbers.putDouble(first + i * step);
    }
    byte[] all = npy("<f8", images + ", 5, 5", numbers.array());
    return Files.write(directory.resolve(name), all).toString();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatBecameTheRangeIsRecorded_andHoldsForOtherNumbers(boolean scaled) throws IOException {
    DataOptions options = with(null, scaled ? new DataOptions.Range(-1, 1) : null);
    Dataset first = Datasets.open(doubles("first.npy", 2, 0, 2), options);
    DataDescription run = first.description();
    assertEquals(new Scaling(0, 98), run.scaling());
    // A run spells its range out.
    DataOptions resolved = with(null, new DataOptions.Range(run.spec().min(), run.spec().max()));
    Dataset other =
        Datasets.open(doubles("other.npy", 4, 0, 2), resolved, Opening.toMeasure(run, System.err));
    assertEquals(run.spec(), other.description().spec());
    assertEquals(run.scaling(), other.description().scaling());
    assertArrayEquals(sample(first, 1), sample(other, 1));
    String range = scaled ? "-1.0 to 1.0" : "0.0 to 98.0";
    assertTrue(
        other
            .remarks()
            .contains(
                "warning: the numbers are 0.0 to 198.0, and those that the run was started with 0.0 to 98.0, which alone become "
                    + range),
        other.remarks().toString());
    Dataset darker =
        Datasets.open(doubles("darker.npy", 1, 0, 1), resolved, Opening.toMeasure(run, System.err));
    assertEquals(scaled ? -1 + 2 * 24 / 98f : 24, sample(darker, 0)[24], 1e-6);
    assertTrue(
        darker.remarks().stream().noneMatch(line -> line.startsWith("warning")),
        darker.remarks().toString());
  }

  @Test
  void ofARunThatRecordedNoNumbers_thatIsSaid() throws IOException {
    DataOptions options = with(null, new DataOptions.Range(-1, 1));
    String file = doubles("a.npy", 2, 0, 2);
    DataDescription run = Datasets.open(file, options).description();
    DataDescription old = new DataDescription(file, run.spec(), List.of());
    List<String> remarks = Datasets.open(file, options, Opening.again(old, System.err)).remarks();
    assertTrue(
        remarks.contains(
            "warning: the run does not say which numbers became -1.0 to 1.0; taken are the bounds of "
                + file),
        remarks.toString());
  }

  @Test
  void rowsOfNumbersArePoints() throws IOException {
    Dataset data = open("points.npy", DataOptions.DEFAULTS);
    assertEquals(List.of(3L), data.description().spec().shape());
    assertEquals(4, data.size());
    assertEquals(List.of(0.3f, 0.4f, 0.5f), boxed(sample(data, 1)));
    DataOptions standardize =
        new DataOptions(null, null, null, null, null, null, null, null, true, null);
    float[] standard = sample(open("points.npy", standardize), 0);
    assertEquals(-1.3416, standard[0], 1e-4);
  }

  private static List<Float> boxed(float[] numbers) {
    Float[] boxed = new Float[numbers.length];
    Arrays.setAll(boxed, i -> numbers[i]);
    return List.of(boxed);
  }

  @Test
  void whatMayBeMeantInTwoWaysIsRefused() throws IOException {
    assertEquals(
        "floats.npy: an array of shape [2, 5, 4, 6], which may be meant in two ways (expected: data.layout=nchw or data.layout=nhwc)",
        refusal("floats.npy", DataOptions.DEFAULTS));
    assertTrue(
        refusal("doubles-big-endian.npy", DataOptions.DEFAULTS)
            .startsWith(
                "doubles-big-endian.npy: an array of shape [3, 2, 8], which are images [N, H, W] or signals of several channels (expected: data.layout=nhw"));
    Path last = Files.write(directory.resolve("last.npy"), npy("|u1", "2, 10, 3", new byte[60]));
    assertTrue(
        String.valueOf(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Datasets.open(last.toString(), DataOptions.DEFAULTS))
                    .getMessage())
            .startsWith(
                last
                    + ": an array of shape [2, 10, 3], which are images [N, H, W] or signals of several channels (expected: data.layout=nhw"));
    assertEquals(
        "data.layout: nf for an array of shape [2, 5, 4, 6] (expected: one of as many axes)",
        refusal("floats.npy", with(Layout.NF, null)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fortran.npy | fortran.npy: is in Fortran's order (expected: C order, by numpy.ascontiguousarray)",
        "complex.npy | complex.npy: has numbers of type c8 (expected: uint8, float32, float64 or whole numbers)",
        "objects.npy | objects.npy: has numbers of type O (expected: uint8, float32, float64 or whole numbers)"
      })
  void whatIsNoPlainArrayIsRefused(String name, String message) {
    assertEquals(message, refusal(name, DataOptions.DEFAULTS));
  }

  @Test
  void cutAnywhere_orLongerThanItSays_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file("floats.npy"));
    for (int length = 0; length < whole.length; length += length < 140 ? 1 : 41) {
      Path cut = Files.write(directory.resolve("cut.npy"), Arrays.copyOf(whole, length));
      String message =
          String.valueOf(
              assertThrows(
                      IllegalArgumentException.class,
                      () -> Datasets.open(cut.toString(), DataOptions.DEFAULTS))
                  .getMessage());
      assertTrue(message.startsWith(cut + ": "), message);
    }
    Path longer = Files.write(directory.resolve("longer.npy"), Arrays.copyOf(whole, 2000));
    assertThrows(
        IllegalArgumentException.class,
        () -> Datasets.open(longer.toString(), DataOptions.DEFAULTS));
  }

  @Test
  void numbersThatAreNotFinite_andOptionsForOtherData_areRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(file("floats.npy"));
    Arrays.fill(bytes, bytes.length - 4, bytes.length, (byte) 0xFF);
    Path broken = Files.write(directory.resolve("nan.npy"), bytes);
    assertEquals(
        broken + ": sample 1 holds NaN (expected: finite numbers)",
        assertThrows(
                IllegalArgumentException.class,
                () -> Datasets.open(broken.toString(), with(Layout.NCHW, null)))
            .getMessage());
    assertTrue(
        refusal("bytes.npz", new DataOptions(8, 8, null, null))
            .startsWith("bytes.npz: images of 3×7×5 (expected: no other data.size"));
    assertEquals(
        "data.layout: is for .npy and .npz (expected: nothing for builtin:digits)",
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Datasets.open("builtin:digits", with(Layout.NHW, null)))
                .getMessage()));
  }

  /** An array of bytes of any value in a zip. */
  private static void put(ZipOutputStream zip, String name, int rows, boolean stored)
      throws IOException {
    byte[] numbers = new byte[rows * 2500];
    new Random(7).nextBytes(numbers);
    byte[] all = npy("|u1", rows + ", 50, 50", numbers);
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(all);
    entry.setCrc(crc.getValue());
    entry.setSize(all.length);
    entry.setMethod(stored ? ZipEntry.STORED : ZipEntry.DEFLATED);
    zip.putNextEntry(entry);
    zip.write(all);
    zip.closeEntry();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsUsedIsComparedWithItsChecksum_andNothingElseIsRead(boolean stored) throws IOException {
    Path file = directory.resolve("a.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      put(zip, "x_train.npy", 100, stored);
      put(zip, "x_test.npy", 100, stored);
    }
    byte[] good = Files.readAllBytes(file);
    byte[] unusedIsBad = good.clone();
    unusedIsBad[good.length - 20_000] = (byte) ~good[good.length - 20_000];
    Files.write(file, unusedIsBad);
    assertEquals(100, Datasets.open(file.toString(), DataOptions.DEFAULTS).size());
    byte[] usedIsBad = good.clone();
    usedIsBad[good.length / 2 - 20_000] = (byte) ~good[good.length / 2 - 20_000];
    Files.write(file, usedIsBad);
    String message =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Datasets.open(file.toString(), DataOptions.DEFAULTS))
                .getMessage());
    assertTrue(message.startsWith(file + ": x_train.npy: is damaged ("), message);
  }

  @Test
  void aZipThatIsNone_isRefusedByItsName() throws IOException {
    Path file = directory.resolve("a.npz");
    Files.write(file, "no zip".getBytes(StandardCharsets.UTF_8));
    String message =
        String.valueOf(
            assertThrows(
                    RuntimeException.class,
                    () -> Datasets.open(file.toString(), DataOptions.DEFAULTS))
                .getMessage());
    assertTrue(message.startsWith(file + ": "), message);
  }
}
