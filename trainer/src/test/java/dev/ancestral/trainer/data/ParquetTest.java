package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.trainer.data.parquet.ParquetFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void resumed_theRecordedOrderOfTheClassesHolds() throws IOException {
    Path set = directory.resolve("set");
    Dataset first = open(set);
    Dataset again =
        ImageDirectory.open(
            set,
            LEVELS,
            Opening.again(
                new DataDescription(
                    set.toString(), first.description().spec(), List.of("eel", "cat", "dog")),
                System.err),
            new FolderCache(null, Long.MAX_VALUE));
    assertEquals(List.of("eel", "cat", "dog"), again.description().classNames());
    float[] out = new float[3 * 64];
    for (int i = 0; i < again.size(); i++) {
      again.sample(i, out);
      int picture = Math.round(out[128]);
      assertEquals((picture + 1) % 3, again.label(i), "picture " + picture);
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
        "parts: holds the part test and the part validation (expected: one of them, such as --data parts/test-0.parquet)",
        refusal(parts));
    Files.move(parts.resolve("validation-0.parquet"), parts.resolve("pictures.parquet"));
    assertEquals(
        "parts: holds pictures.parquet, which is of no part and the part test (expected: one of them, such as --data parts/pictures.parquet)",
        refusal(parts));
  }

  @ParameterizedTest
  @CsvSource({
    "mnist-train.parquet, mnist-test.parquet",
    "training-0.parquet, testing-0.parquet",
    "a_train00.parquet, a_Dev01.parquet",
    "training/0.parquet, my-eval/0.parquet"
  })
  void aPartIsToldByAnyWordOfAName(String train, String other) throws IOException {
    Path set = directory.resolve("named");
    copy(SHARDS.get(0), set.resolve(train));
    copy(SHARDS.get(2), set.resolve(other));
    Dataset data = open(set);
    assertEquals(5, data.size());
    assertTrue(
        data.remarks().contains("shards    %s: the part train".formatted(train)),
        data.remarks().toString());
    assertTrue(
        data.remarks().contains("left out  %s: not of the part train".formatted(other)),
        data.remarks().toString());
  }

  @Test
  void whatMayBeOfTwoParts_orIsOfSeveralSets_isRefused() throws IOException {
    Path set = directory.resolve("sets");
    copy(SHARDS.get(0), set.resolve("a/train-0.parquet"));
    copy(SHARDS.get(1), set.resolve("b/train-0.parquet"));
    assertEquals(
        "sets: holds 2 sets, such as those of a/train-0.parquet and of b/train-0.parquet (expected: one of them, such as --data sets/b)",
        refusal(set));
    copy(SHARDS.get(0), set.resolve("train-test.parquet"));
    assertEquals(
        "sets/train-test.parquet: may be of the part train or test (expected: the name of one part)",
        refusal(set));
  }

  @Test
  void linksAreFollowed_andADirectoryWithoutShardsIsRefused() throws IOException {
    Path links = Files.createDirectories(directory.resolve("links"));
    Files.createSymbolicLink(links.resolve("data"), directory.resolve("set/data"));
    Files.createSymbolicLink(links.resolve("round"), links);
    Dataset data = open(links);
    assertEquals(9, data.size());
    assertTrue(
        data.remarks().contains("left out  round: a link to a directory that it is in"),
        data.remarks().toString());
    Path none = Files.createDirectories(directory.resolve("none"));
    assertEquals(
        none + ": holds no shard (expected: files .parquet)",
        assertThrows(IllegalArgumentException.class, () -> ParquetFolder.scan(none)).getMessage());
  }

  @Test
  void textsAreClassesInNaturalOrder_andNumbersWithoutNamesByThemselves() throws IOException {
    Dataset texts = open(copy("../parquet-texts.parquet", directory.resolve("texts.parquet")));
    assertEquals(List.of("Ape", "class 2", "class 10"), texts.description().classNames());
    assertEquals(List.of(2, 1, 0, 2), IntStream.range(0, 4).mapToObj(texts::label).toList());
    assertTrue(
        texts.remarks().contains("left out  column caption: neither the images nor their classes"),
        texts.remarks().toString());
    Dataset numbers =
        open(copy("../parquet-numbers.parquet", directory.resolve("numbers.parquet")));
    assertEquals(List.of("0", "1", "2"), numbers.description().classNames());
    assertEquals(List.of(0, 2, 1, 2), IntStream.range(0, 4).mapToObj(numbers::label).toList());
    assertEquals(
        "missing.parquet: row 1: label is empty (expected: the name of a class)",
        refusal(copy("../parquet-missing.parquet", directory.resolve("missing.parquet"))));
  }
}
