package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** A folder of images, and what opening it says. */
abstract class FolderFixture {
  static final DataOptions.Range LEVELS = new DataOptions.Range(0, 255);

  @TempDir Path directory;

  final Path at(String name) {
    return directory.resolve(name);
  }

  static DataOptions options(@Nullable Integer height, @Nullable Integer width, @Nullable Fit fit) {
    return new DataOptions(height, width, null, LEVELS, fit, null, null, null, null, null);
  }

  final Dataset open(DataOptions options) {
    return Datasets.open(directory.toString(), options);
  }

  final Dataset open() {
    return open(DataOptions.DEFAULTS);
  }

  final DataSummary describe(DataOptions options) {
    return Datasets.describe(directory.toString(), options, Opening.QUIET);
  }

  final String refusal(DataOptions options) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> open(options)).getMessage());
  }

  static float[] sample(Dataset data, int index) {
    float[] out = new float[data.description().spec().elements()];
    data.sample(index, out);
    return out;
  }

  static void assertSays(List<String> remarks, String... lines) {
    for (String line : lines) {
      assertTrue(remarks.contains(line), () -> String.join("\n", remarks) + "\n(no: " + line + ")");
    }
  }

  static void assertNothingOf(List<String> remarks, String about) {
    assertTrue(remarks.stream().noneMatch(line -> line.startsWith(about)), remarks.toString());
  }
}
