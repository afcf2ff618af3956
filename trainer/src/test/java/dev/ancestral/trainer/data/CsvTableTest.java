package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables as people have them: understood, or refused by name; never other numbers. */
class CsvTableTest {
  @TempDir private Path directory;

  private static CsvTable read(String text) {
    return CsvTable.read("t.csv", text.lines().toList());
  }

  private static String numbers(String text) {
    return read(text).rows().stream().map(Arrays::toString).collect(Collectors.joining(" "));
  }

  private static String refusal(String text) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> read(text)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0,5;1,5/2;-,25            | [0.5, 1.5] [2.0, -0.25]",
        "x;y/0,5;1,5e3             | [0.5, 1500.0]",
        "0.5;1.5/2;3               | [0.5, 1.5] [2.0, 3.0]",
        "0,5>1,5/2>3               | [0.5, 1.5] [2.0, 3.0]",
        "x>y/0.5>1.5               | [0.5, 1.5]",
        "0.5, 1.5/ 2 ,3            | [0.5, 1.5] [2.0, 3.0]",
        "0.5   1.5/2 3             | [0.5, 1.5] [2.0, 3.0]",
        "~x~,~y~/~0.5~,1           | [0.5, 1.0]",
        ",x,y/0,0.5,1.5/1,2,3      | [0.5, 1.5] [2.0, 3.0]",
        "~~;~x~;~y~/~1~;0,5;1/~2~;2;3 | [0.5, 1.0] [2.0, 3.0]",
        "Unnamed: 0,x/0,5/1,6      | [5.0] [6.0]",
        ",0,1/0,0.5,1.5            | [0.5, 1.5]",
        "7/8.5                     | [7.0] [8.5]",
      })
  void isUnderstood(String text, String numbers) {
    assertEquals(numbers, numbers(text.replace('/', '\n').replace('>', '\t').replace('~', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "0,5 1,5        | t.csv:1: '0,5 1,5' (expected: numbers separated by commas)",
        "1;2/3,4        | t.csv:1: '1;2' (expected: a semicolon between numbers in all lines or in none; line 2 has none)",
        "0,5;1.5        | t.csv:1: '0,5;1.5' (expected: a decimal comma or a decimal point, one of them in all numbers)",
        "1;1.234,5      | t.csv:1: '1;1.234,5' (expected: numbers, with a semicolon between them)",
        "1.234,5;2.345,6/1;2 | t.csv:1: '1.234,5;2.345,6' (expected: numbers, with a semicolon between them)",
        "1;1,234,567    | t.csv:1: '1;1,234,567' (expected: numbers, with a semicolon between them)",
        "1,2x/3,4       | t.csv:1: '1,2x' (expected: numbers separated by commas)",
        "1,2/3,         | t.csv:2: '3,' (expected: numbers separated by commas)",
        "1,2/3,0x1p3    | t.csv:2: '3,0x1p3' (expected: numbers separated by commas)",
        "1,2/3,4f       | t.csv:2: '3,4f' (expected: numbers separated by commas)",
        "1,2/3,NaN      | t.csv:2: NaN (expected: finite numbers)",
        "1,2/3,-inf     | t.csv:2: -inf (expected: finite numbers)",
        "1,2/3,1e39     | t.csv:2: 1e39 (expected: finite numbers)",
        "x y/1 2 3      | t.csv:1: 'x y' (expected: as many names as there are numbers in a line, 3)",
        ",x/3,1/1,2     | t.csv:1: ',x' (expected: a name for the first column, unless it counts the lines from 0 or 1, or a table without that column)",
        "x,y            | t.csv: holds no point (expected: at least 1)",
      })
  void isRefused(String text, String line) {
    assertEquals(line, refusal(text.replace('/', '\n')));
  }

  @Test
  void anIndexThatIsLeftOutIsSaid() {
    assertEquals(
        List.of("left out  the first column, an index: without a name, from 0 to 1"),
        read(",x\n0,5\n1,6\n").remarks());
  }

  @Test
  void columnNumbersThatLookLikeAPointAreWarnedOf() {
    assertTrue(
        read("0,1\n0.5,1.5\n").remarks().get(0).startsWith("warning: line 1 is taken for a point"));
    assertEquals(List.of(), read("0,1\n2,3\n").remarks());
  }

  @Test
  void aNamedColumnThatCountsTheLinesIsWarnedOf() {
    String warning =
        "warning: the first column counts the lines, and is taken for a coordinate; delete it if it is an index";
    assertEquals(List.of(warning), read("index,x\n0,5\n1,6\n2,5\n").remarks());
    assertEquals(List.of(warning), read("1,5\n2,6\n3,5\n").remarks());
    assertEquals(List.of(), read("x,y\n0,5\n1,6\n3,5\n").remarks());
    assertEquals(List.of(), read("x\n0\n1\n2\n").remarks());
  }

  private Dataset open(String text, DataOptions options) throws IOException {
    Path file = Files.writeString(directory.resolve("t.csv"), text);
    return Datasets.open("csv:" + file, options);
  }

  private static float[] sample(Dataset data, int index) {
    float[] out = new float[data.description().spec().elements()];
    data.sample(index, out);
    return out;
  }

  @Test
  void aByteOrderMarkHidesNoPoint() throws IOException {
    Dataset data = open("\uFEFF1,2\n3,4\n", DataOptions.DEFAULTS);
    assertEquals(2, data.size());
    assertArrayEquals(new float[] {1, 2}, sample(data, 0));
  }

  @Test
  void anotherEncodingIsRefused() throws IOException {
    Path file = directory.resolve("t.csv");
    String refusal = file + ": is not text in UTF-8 (expected: points, one a line)";
    for (byte[] bytes :
        List.of("1,2\n".getBytes(StandardCharsets.UTF_16), new byte[] {49, 0, 44, 0, 50, 0})) {
      Files.write(file, bytes);
      assertEquals(
          refusal,
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Datasets.open("csv:" + file, DataOptions.DEFAULTS))
              .getMessage());
    }
  }

  private static final DataOptions STANDARDIZE =
      new DataOptions(null, null, null, null, null, null, null, null, true, null);

  @Test
  void numbersFarFromUnitScaleAreWarnedOf_withTheSettingThatMendsIt() throws IOException {
    String text = "100000,1\n100500,2\n101000,3\n";
    assertEquals(
        List.of(
            "warning: the numbers have mean [100500, 2.00000], standard deviation [408.248,"
                + " 0.816497], far from 0 and 1, which schedules and networks presume:"
                + " data.standardize=true brings them there"),
        open(text, DataOptions.DEFAULTS).remarks());
    Dataset standard = open(text, STANDARDIZE);
    assertArrayEquals(new float[] {-1.2247f, -1.2247f}, sample(standard, 0), 1e-4f);
    assertArrayEquals(new float[] {0, 0}, sample(standard, 1));
    assertEquals(
        List.of(
            "warning: data.standardize took these out of the file's numbers: mean [100500, 2.00000],"
                + " standard deviation [408.248, 0.816497]. The network learns, and every command and"
                + " the server draw, what is left: samples times [408.248290463863,"
                + " 0.816496580927726], plus [100500.0, 2.0], are in the data's units"),
        standard.remarks());
    assertArrayEquals(
        new float[] {0, 1},
        sample(open("0.1,1\n0.1,-1\n0.1,1\n0.1,-1\n0.1,1\n0.1,-1\n", STANDARDIZE), 0),
        0,
        "what is equal stays equal");
    assertEquals(List.of(), open("-1,2\n3,-1\n0,0.5\n", DataOptions.DEFAULTS).remarks());
  }

  @Test
  void aRecordedScaleHolds_andIsNotMeasuredAgain() throws IOException {
    DataDescription recorded = open("0,0\n20,40\n", STANDARDIZE).description();
    Path file = Files.writeString(directory.resolve("more.csv"), "0,0\n20,40\n40,80\n");
    Dataset data = Datasets.open("csv:" + file, STANDARDIZE, Opening.again(recorded, System.err));
    assertArrayEquals(new float[] {3, 3}, sample(data, 2));
    assertEquals(recorded.standardization(), data.description().standardization());
  }
}
