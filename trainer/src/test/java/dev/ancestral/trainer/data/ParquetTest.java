package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A set as pyarrow wrote it; {@code parquet-README.txt} beside it says what is in it. */
class ParquetTest {
  private static final DataOptions LEVELS =
      new DataOptions(null, null, null, new DataOptions.Range(0, 255));
  private static final List<String> SHARDS =
      List.of(
          "train-00000-of-00002.parquet",
          "train-00001-of-00002.parquet",
          "test-00000-of-00001.parquet");

  @TempDir private Path directory;

  private Path copy(String name, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try (InputStream in =
        Objects.requireNonNull(ParquetTest.class.getResourceAsStream("parquet/" + name), name)) {
      return Files.write(to, in.readAllBytes());
    }
  }

  @BeforeEach
  void set() throws IOException {
    for (String shard : SHARDS) {
      copy(shard, directory.resolve("set/data").resolve(shard));
    }
    Files.writeString(directory.resolve("set/README.md"), "a set");
  }

  private Dataset open(Path path) throws IOException {
    return ImageDirectory.open(path, LEVELS, Opening.QUIET, new FolderCache(null, Long.MAX_VALUE));
  }

  private String refusal(Path path) {
    return String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> open(path)).getMessage())
        .replace(directory + "/", "");
  }

  @Test
  void theShardsToTrainOnAreOneSet_withTheNamesOfItsClasses() throws IOException {
    Dataset data = open(directory.resolve("set"));
    assertEquals(9, data.size());
    assertEquals(List.of(3L, 8L, 8L), data.description().spec().shape());
    assertEquals(List.of("cat", "dog", "eel"), data.description().classNames());
    float[] out = new float[3 * 64];
    for (int i = 0; i < 9; i++) {
      data.sample(i, out);
      assertEquals(List.of(20f * i, 255f - 20 * i, (float) i), List.of(out[0], out[64], out[128]));
      assertEquals(i % 3, data.label(i));
    }
    assertTrue(data.remarks().contains("class 2   eel  3 images"), data.remarks().toString());
    assertTrue(
        data.remarks()
            .contains("left out  data/test-00000-of-00001.parquet: not of the part train"),
        data.remarks().toString());
  }

  @Test
  void oneFileIsTaken_whateverItsPart() throws IOException {
    Dataset data = open(directory.resolve("set/data/test-00000-of-00001.parquet"));
    assertEquals(2, data.size());
    assertEquals(0, data.label(0));
  }

  @Test
  void resumed_theOrderIsTheSame() throws IOException {
    Path set = directory.resolve("set");
    Dataset first = open(set);
    Dataset again =
        ImageDirectory.open(
            set,
            LEVELS,
            Opening.again(first.description(), System.err),
            new FolderCache(null, Long.MAX_VALUE));
    for (int i = 0; i < first.size(); i++) {
      assertEquals(first.label(i), again.label(i));
    }
  }

  @Test
  void anotherCompression_andDamage_areRefusedByName() throws IOException {
    Path gzip = copy("../parquet-gzip.parquet", directory.resolve("gzip.parquet"));
    assertEquals(
        "gzip.parquet: column image is compressed by GZIP (expected: snappy, zstd or nothing)",
        refusal(gzip));
    Path shard = directory.resolve("set/data").resolve(SHARDS.get(0));
    byte[] whole = Files.readAllBytes(shard);
    for (int length = 0; length < whole.length; length += 97) {
      Path cut = Files.write(directory.resolve("cut.parquet"), Arrays.copyOf(whole, length));
      assertTrue(refusal(cut).startsWith("cut.parquet: "), refusal(cut));
    }
  }

  @Test
  void partsOfWhichNoneIsToTrainOn_areRefused() throws IOException {
    Path parts = directory.resolve("parts");
    copy(SHARDS.get(2), parts.resolve("test-0.parquet"));
    copy(SHARDS.get(2), parts.resolve("validation-0.parquet"));
    assertEquals(
        "parts: holds the parts test, validation (expected: one of them, such as --data parts/test-0.parquet)",
        refusal(parts));
  }
}
