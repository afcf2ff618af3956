package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.DataSpec;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a folder of images becomes, and what people are told of it. */
class ImageDirectoryTest extends FolderFixture {
  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

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
    return new DataOptions(null, null, null, null, null, null, null, count, null, null);
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
