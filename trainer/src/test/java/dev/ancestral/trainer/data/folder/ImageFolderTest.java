package dev.ancestral.trainer.data.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files are told by their names here: none of these holds an image. */
class ImageFolderTest {
  @TempDir private Path directory;

  private Path file(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "");
  }

  private ImageFolder scan() throws IOException {
    return ImageFolder.scan(directory, Set.of(".png", ".jpg"));
  }

  private String refusal() {
    return String.valueOf(assertThrows(IllegalArgumentException.class, this::scan).getMessage());
  }

  private static List<String> names(ImageFolder folder) {
    return folder.files().stream().map(file -> file.label() + " " + file.relative()).toList();
  }

  @Test
  void twelveClassesAreCounted_notSpelled() throws IOException {
    for (int k = 12; k >= 1; k--) {
      file(k + "/a.png");
    }
    assertEquals(
        List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"), scan().classes());
    assertEquals("1 2/a.png", names(scan()).get(1));
  }

  @Test
  void aClassIsItsWholeTree_andItsFilesAreInTheOrderOfTheirPaths() throws IOException {
    for (String name : List.of("b/10.png", "b/9.PNG", "b/deep/er/1.jpg", "A/x.png", "b/.h.png")) {
      file(name);
    }
    assertEquals(
        List.of("0 A/x.png", "1 b/10.png", "1 b/9.PNG", "1 b/deep/er/1.jpg"), names(scan()));
  }

  @Test
  void recordedClassesKeepTheirOrder_andTheirFilesGoWithThem() throws IOException {
    for (String name : List.of("1/a.png", "2/a.png", "10/a.png", "10/b.png")) {
      file(name);
    }
    assertEquals(
        List.of("0 1/a.png", "1 10/a.png", "1 10/b.png", "2 2/a.png"),
        names(scan().withClasses(List.of("1", "10", "2"))));
    assertEquals(
        List.of("0 2/a.png", "2 1/a.png", "3 10/a.png", "3 10/b.png"),
        names(scan().withClasses(List.of("2", "gone", "1", "10"))));
  }

  @Test
  void whatIsNoImageIsCountedByItsEnding() throws IOException {
    for (String name : List.of("a.png", "b.txt", "c.TXT", "d.mp4", "README", ".hidden")) {
      file(name);
    }
    assertEquals(Map.of(".txt", 2, ".mp4", 1, "", 1), scan().others());
    assertEquals(List.of("0 a.png"), names(scan()));
  }

  @Test
  void aRunAndABundleAmongTheDataAreLeftOut() throws IOException {
    file("a.png");
    file("run/config.yaml");
    file("run/data.yaml");
    file("run/samples/000008.png");
    file("old run/config.yaml");
    file("old run/checkpoints/iteration-000008.safetensors");
    file("old run/samples/000008.png");
    file("models/mine/bundle.json");
    file("models/mine/grid.png");
    assertEquals(List.of("0 a.png"), names(scan()));
    assertEquals(
        Map.of("run", "a run", "old run", "a run", "models/mine", "a bundle"), scan().leftOut());
  }

  @Test
  void aConfigurationAloneMakesNoRun() throws IOException {
    file("cats/config.yaml");
    file("cats/a.png");
    assertEquals(List.of("0 cats/a.png"), names(scan()));
  }

  @Test
  void aRunItselfIsNoFolderOfImages() throws IOException {
    file("config.yaml");
    file("data.yaml");
    file("samples/000008.png");
    assertEquals(directory + ": holds a run (expected: a folder of images)", refusal());
  }

  @Test
  void aLinkToWhereItIsIsLeftOut_aLinkElsewhereIsAClass() throws IOException {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("a.png"), "");
    Path data = Files.createDirectory(directory.resolve("data"));
    Files.createDirectory(data.resolve("cat"));
    Files.writeString(data.resolve("cat/a.png"), "");
    Files.createSymbolicLink(data.resolve("cat/loop"), data);
    Files.createSymbolicLink(data.resolve("self"), data);
    Files.createSymbolicLink(data.resolve("dog"), elsewhere);
    ImageFolder folder = ImageFolder.scan(data, Set.of(".png"));
    assertEquals(List.of("0 cat/a.png", "1 dog/a.png"), names(folder));
    assertEquals(
        Map.of(
            "cat/loop",
            "a link to a directory that it is in",
            "self",
            "a link to a directory that it is in"),
        folder.leftOut());
  }

  @Test
  void aLinkThatLeadsNowhereIsAnImage_toBeMissedByWhoReadsIt() throws IOException {
    Files.createSymbolicLink(directory.resolve("a.png"), directory.resolve("gone.png"));
    assertEquals(List.of("0 a.png"), names(scan()));
  }

  @Test
  void aDirectoryThatMayNotBeReadIsRefused() throws IOException {
    file("cat/a.png");
    Path closed = Files.createDirectory(directory.resolve("dog"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try {
      assumeFalse(Files.isReadable(closed), "root reads everything");
      assertEquals(
          closed + ": permission denied (expected: a directory that can be read)", refusal());
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train | val   | train/ and val/
          Train | Test  | Test/ and Train/
          train | train | train/
          """)
  void partsOfADataSetAreNoClasses(String first, String second, String listed) throws IOException {
    file(first + "/cat/a.png");
    file(second + "/cat/a.png");
    assertEquals(
        "%s: holds nothing but %s, parts of a data set and no classes (expected: one of them, such as --data %s)"
            .formatted(directory, listed, directory.resolve(first)),
        refusal());
  }

  @Test
  void trainBesideOtherClassesIsOneOfThem() throws IOException {
    file("train/a.png");
    file("plane/a.png");
    assertEquals(List.of("plane", "train"), scan().classes());
  }

  @Test
  void looseImagesBesideClassesAreRefused() throws IOException {
    file("b.png");
    file("a.png");
    file("cat/a.png");
    assertEquals(
        directory.resolve("a.png")
            + ": stands beside the sub-directory cat (expected: every image in a sub-directory,"
            + " which is its class, or none)",
        refusal());
  }
}
