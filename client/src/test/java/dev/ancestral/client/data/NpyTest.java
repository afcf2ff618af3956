package dev.ancestral.client.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  private static final String HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";

  private final Path file;

  NpyTest(@TempDir Path directory) {
    file = directory.resolve("a.npy");
  }

  @Test
  void theBytesAreThoseNumpyWrites() throws IOException {
    Npy.write(file, new FloatTensor(List.of(2L), new float[] {1, -2}));
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(128 + 8, bytes.length);
    assertArrayEquals(npy(1, HEADER + " ".repeat(128 - 10 - HEADER.length() - 1) + "\n"), bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 16_384, 16_385, 40_000})
  void whatIsWrittenIsReadBack(int length) throws IOException {
    float[] values = new float[2 * length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    values[0] = Float.NaN;
    Npy.write(file, new FloatTensor(List.of(2L, (long) length), values));
    FloatTensor read = Npy.read(file);
    assertEquals(List.of(2L, (long) length), read.shape());
    assertArrayEquals(values, read.values());
    assertEquals(0, (Files.size(file) - 4L * values.length) % 64, "values start aligned");
  }

  @Test
  void aHeaderInAnotherOrderIsRead() throws IOException {
    Files.write(file, npy(1, "{'shape': (2,), 'fortran_order': False, 'descr': '<f4'}\n"));
    assertArrayEquals(new float[] {1, -2}, Npy.read(file).values());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "2 | (2,) | <f4 | False | version 2.0 (expected: 1.0)",
        "1 | (2,) | <i8 | False | descr: <i8 (expected: f2, f4 or f8, NumPy's float16, float32 and float64)",
        "1 | (2,) | <f8 | False | 8 bytes of values (expected: 16, as shape [2] has)",
        "1 | (3,) | <f4 | False | 8 bytes of values (expected: 12, as shape [3] has)",
        "1 | (1,) | <f4 | False | 8 bytes of values (expected: 4, as shape [1] has)",
      })
  void otherKindsAreRefusedByName(
      int version, String shape, String type, String order, String problem) throws IOException {
    Files.write(
        file,
        npy(
            version,
            "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n".formatted(type, order, shape)));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Npy.read(file));
    assertEquals(file + ": " + problem, e.getMessage());
  }

  /** The bytes are what Python's struct module packs. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<f2 | 003c00c0ff7b010055b50080007c",
        ">f2 | 3c00c0007bff0001b55580007c00",
        "<f4 | 0000803f000000c000e07f470000803300a0aabe000000800000807f",
        ">f8 | 3ff0000000000000c00000000000000040effc0000000000"
            + "3e70000000000000bfd55400000000008000000000000000"
            + "7ff0000000000000",
      })
  void everyFloatIsRead_inEitherOrderOfBytes(String descr, String hex) throws IOException {
    write("{'descr': '%s', 'fortran_order': False, 'shape': (7,), }\n".formatted(descr), hex);
    assertArrayEquals(
        new float[] {1, -2, 65504, 0x1p-24f, -0.33325195f, -0f, Float.POSITIVE_INFINITY},
        Npy.read(file).values());
  }

  @Test
  void aDoubleIsReadAsTheNearestFloat() throws IOException {
    write("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n", "9a9999999999b93f");
    assertArrayEquals(new float[] {0.1f}, Npy.read(file).values());
  }

  @Test
  void fortransOrderIsReadAsTheArrayItIs() throws IOException {
    // np.asfortranarray(np.arange(6, dtype='<f2').reshape(1, 2, 3)), whose columns come first.
    write(
        "{'descr': '<f2', 'fortran_order': True, 'shape': (1, 2, 3), }\n",
        "00000042003c004400400045");
    assertEquals(List.of(1L, 2L, 3L), Npy.read(file).shape());
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, Npy.read(file).values());
  }

  private void write(String header, String hex) throws IOException {
    byte[] values = HexFormat.of().parseHex(hex);
    byte[] start = Arrays.copyOf(npy(1, header), 10 + header.length() + values.length);
    System.arraycopy(values, 0, start, 10 + header.length(), values.length);
    Files.write(file, start);
  }

  @Test
  void whatIsNoArrayIsRefused() throws IOException {
    Files.writeString(file, "PNG");
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Npy.read(file));
    assertEquals(file + ": is no .npy file", e.getMessage());
  }

  @Test
  void rowsThatComeInAnyOrderMakeTheSameFile() throws IOException {
    Path whole = file.resolveSibling("whole.npy");
    Npy.write(whole, new FloatTensor(List.of(3L, 2L), new float[] {1, 2, 3, 4, 5, 6}));
    try (RowFile rows = Npy.rows(file, 3, List.of(2L))) {
      for (int row : new int[] {2, 0, 1}) {
        rows.put(row, row(2 * row + 1, 2 * row + 2));
      }
      assertArrayEquals(new float[] {3, 4}, rows.floats(1));
    }
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(file));
  }

  @Test
  void aRowOfAnotherSizeOrThatNeverCameIsNamed() throws IOException {
    try (RowFile rows = Npy.rows(file, 3, List.of(2L))) {
      ByteBuffer longer = row(1, 2, 3);
      assertEquals(
          "row 1: 12 bytes (expected: 8)",
          assertThrows(IllegalArgumentException.class, () -> rows.put(1, longer)).getMessage());
      assertEquals(
          "row 1: is not there",
          assertThrows(IllegalArgumentException.class, () -> rows.get(1)).getMessage());
    }
  }

  @Test
  void aShapeThatNoFileHoldsIsRefusedBeforeAnythingIsRead() throws IOException {
    for (String shape : List.of("(4611686018427387904, 4)", "(99999999999999999999,)")) {
      String header = "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }\n".formatted(shape);
      Files.write(file, npy(1, header));
      String message =
          assertThrows(IllegalArgumentException.class, () -> Npy.read(file)).getMessage();
      assertTrue(String.valueOf(message).startsWith(file + ": shape "), message);
    }
  }

  private static ByteBuffer row(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  /** A file of the values 1 and -2. */
  private static byte[] npy(int version, String header) {
    return ByteBuffer.allocate(10 + header.length() + 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0})
        .putShort((short) header.length())
        .put(header.getBytes(StandardCharsets.US_ASCII))
        .putFloat(1)
        .putFloat(-2)
        .array();
  }
}
