package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.trainer.data.cache.FileCache;
import dev.ancestral.trainer.data.folder.ImageFolder;
import dev.ancestral.trainer.data.image.ImageDecoder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a folder is decoded once, and when it is decoded again. */
class FolderCacheTest {
  @TempDir private Path directory;

  private Path at(String name) {
    return directory.resolve(name);
  }

  private static DataOptions with(@Nullable Fit fit, @Nullable Integer skipped) {
    return new DataOptions(
        null, null, null, new DataOptions.Range(0, 255), fit, null, null, skipped, null, null);
  }

  private static float[] sample(Dataset data, int index) {
    float[] out = new float[data.description().spec().elements()];
    data.sample(index, out);
    return out;
  }

  private Dataset openCached(Path place, DataOptions options) throws IOException {
    return ImageDirectory.open(
        directory.resolve("images"), options, Opening.QUIET, new FolderCache(cache(place), 1));
  }

  private static FileCache cache(Path place) {
    return new FileCache(place, 100_000_000);
  }

  @Test
  void decodedImagesAreKept_andServeTrainingAndDryRunAgain(@TempDir Path place) throws IOException {
    DataOptions options = with(null, null);
    Path file = Pictures.gray(at("images/a.png"), 4, 4, 10);
    FileTime time = FileTime.fromMillis(1_700_000_000_000L);
    Files.setLastModifiedTime(file, time);
    Pictures.gray(at("images/b.png"), 4, 4, 250);
    Dataset first = openCached(place, options);
    assertTrue(first.remarks().stream().anyMatch(line -> line.startsWith("cache     kept in ")));
    // Other pixels in a file of the same length and time: who sees the old ones has not decoded it.
    Files.write(file, new byte[(int) Files.size(file)]);
    Files.setLastModifiedTime(file, time);
    Dataset second = openCached(place, options);
    assertArrayEquals(sample(first, 0), sample(second, 0));
    assertEquals(first.description(), second.description());
    assertTrue(
        second.remarks().stream()
            .anyMatch(line -> line.startsWith("cache     decoded before, read from ")));
    assertEquals(
        first.description(),
        ImageDirectory.describe(
                directory.resolve("images"),
                options,
                Opening.QUIET,
                new FolderCache(cache(place), 1))
            .description());
    String refusal =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> openCached(place, with(Fit.STRETCH, null)))
                .getMessage());
    assertTrue(refusal.startsWith(file + ": "), "another fit decodes anew: " + refusal);
    Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 2000));
    assertThrows(IllegalArgumentException.class, () -> openCached(place, options));
  }

  @Test
  void aDamagedCacheIsMadeAnew(@TempDir Path place) throws IOException {
    DataOptions options = with(null, null);
    Pictures.gray(at("images/a.png"), 4, 4, 10);
    Pictures.gray(at("images/b.png"), 4, 4, 250);
    float[] first = sample(openCached(place, options), 0);
    for (Path entry : entries(place)) {
      // Of the pixels of the last image.
      byte[] bytes = Files.readAllBytes(entry);
      bytes[bytes.length - 6] ^= 1;
      Files.write(entry, bytes);
    }
    Dataset second = openCached(place, options);
    assertArrayEquals(first, sample(second, 0));
    assertTrue(
        second.remarks().stream()
            .anyMatch(line -> line.endsWith(" is damaged; what is wrong in it is made anew")));
    assertTrue(second.remarks().stream().anyMatch(line -> line.startsWith("cache     kept in ")));
  }

  @Test
  void whatCouldNotBeReadIsTriedAgain(@TempDir Path place) throws IOException {
    Pictures.gray(at("images/a.png"), 4, 4, 10);
    Path broken = Pictures.gray(at("images/b.png"), 4, 4, 250);
    byte[] whole = Files.readAllBytes(broken);
    FileTime time = FileTime.fromMillis(1_700_000_000_000L);
    Files.write(broken, new byte[whole.length]);
    Files.setLastModifiedTime(broken, time);
    assertEquals(1, openCached(place, with(null, 1)).size());
    Files.write(broken, whole);
    Files.setLastModifiedTime(broken, time);
    assertEquals(2, openCached(place, with(null, 1)).size());
  }

  @Test
  void withoutAPlaceNothingIsKept_andThatIsSaid() throws IOException {
    Pictures.gray(at("images/a.png"), 4, 4, 10);
    assertTrue(
        ImageDirectory.open(
                directory.resolve("images"),
                DataOptions.DEFAULTS,
                Opening.QUIET,
                new FolderCache(null, 1))
            .remarks()
            .contains(
                "cache     nothing is kept: no home directory (expected: one, or a path in"
                    + " XDG_CACHE_HOME)"));
  }

  @Test
  void smallFoldersAreNotKept(@TempDir Path place) throws IOException {
    Pictures.gray(at("images/a.png"), 4, 4, 10);
    Dataset data =
        ImageDirectory.open(
            directory.resolve("images"),
            DataOptions.DEFAULTS,
            Opening.QUIET,
            new FolderCache(cache(place), 20_000));
    assertTrue(data.remarks().stream().noneMatch(line -> line.startsWith("cache")));
    assertEquals(List.of(), entries(place));
  }

  @Test
  void aChangedFileIsDecodedAnew_andNoOther(@TempDir Path place) throws IOException {
    DataOptions options = with(null, null);
    FileTime time = FileTime.fromMillis(1_700_000_000_000L);
    for (int i = 0; i < 20; i++) {
      Files.setLastModifiedTime(Pictures.gray(at("images/" + i + ".png"), 4, 4, 10 * i), time);
    }
    openCached(place, options);
    // Who decodes it anew notices.
    Files.write(at("images/3.png"), new byte[(int) Files.size(at("images/3.png"))]);
    Files.setLastModifiedTime(at("images/3.png"), time);
    Pictures.gray(at("images/7.png"), 4, 4, 255);
    Pictures.gray(at("images/new.png"), 4, 4, 254);
    Files.delete(at("images/9.png"));
    Dataset data = openCached(place, options);
    assertEquals(20, data.size());
    assertTrue(
        data.remarks().stream()
            .anyMatch(line -> line.startsWith("cache     18 of 20 images decoded before, ")),
        data.remarks().toString());
    List<Float> levels = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      levels.add(sample(data, i)[0]);
    }
    assertTrue(levels.containsAll(List.of(30f, 255f, 254f)), levels.toString());
    assertFalse(levels.contains(70f) || levels.contains(90f), levels.toString());
  }

  @Test
  void interruptedWhileDecoding_nothingThatWasDecodedIsLost(@TempDir Path place)
      throws IOException {
    DataOptions options = with(null, null);
    for (int i = 0; i < 20; i++) {
      Pictures.gray(at("images/%02d.png".formatted(i)), 4, 4, 10 * i);
    }
    openCached(place, options);
    // As it is when a process is killed: the log ends somewhere in the middle of an image.
    for (Path entry : entries(place)) {
      byte[] bytes = Files.readAllBytes(entry);
      Files.write(entry, Arrays.copyOf(bytes, bytes.length / 2));
    }
    Dataset data = openCached(place, options);
    for (int i = 0; i < 20; i++) {
      assertEquals(10f * i, sample(data, i)[0]);
    }
    assertTrue(
        data.remarks().stream()
            .anyMatch(line -> line.matches("cache     (9|10) of 20 images decoded before, .*")),
        data.remarks().toString());
    assertTrue(data.remarks().stream().noneMatch(line -> line.contains("damaged")));
  }

  @Test
  void aLogThatIsMostlyOfFilesThatAreGone_isBegunAnew(@TempDir Path place) throws IOException {
    DataOptions options = new DataOptions(1000, 1000, null, new DataOptions.Range(0, 255));
    for (int i = 0; i < 4; i++) {
      Pictures.gray(at("images/" + i + ".png"), 8, 8, 10 * i);
    }
    openCached(place, options);
    long before = largest(place);
    for (int i = 1; i < 4; i++) {
      Files.delete(at("images/" + i + ".png"));
    }
    assertEquals(0f, sample(openCached(place, options), 0)[0]);
    assertEquals(before / 4.0, (double) largest(place), before / 100.0);
  }

  @Test
  void aLogAboveTheLimit_isReadBack_andOthersGo(@TempDir Path place) throws IOException {
    DataOptions options = with(null, null);
    for (int i = 0; i < 4; i++) {
      Pictures.gray(at("images/" + i + ".png"), 8, 8, 10 * i);
    }
    FileCache small = new FileCache(place, 10);
    Path images = directory.resolve("images");
    for (int i = 0; i < 2; i++) {
      ImageDirectory.open(images, options, Opening.QUIET, new FolderCache(small, 1));
      assertEquals(2, entries(place).size(), "sizes and pixels");
    }
    assertTrue(
        ImageDirectory.open(images, options, Opening.QUIET, new FolderCache(small, 1))
            .remarks()
            .stream()
            .anyMatch(line -> line.startsWith("cache     decoded before, read from ")));
    List<Path> before = entries(place);
    Pictures.gray(at("others/a.png"), 8, 8, 10);
    ImageDirectory.open(
        directory.resolve("others"), options, Opening.QUIET, new FolderCache(small, 1));
    List<Path> after = entries(place);
    assertEquals(2, after.size());
    assertTrue(after.stream().noneMatch(before::contains));
  }

  @Test
  void howeverDecodingEnds_theLogIsFreeAgain(@TempDir Path place) throws IOException {
    Pictures.gray(at("images/a.png"), 4, 4, 10);
    ImageFolder folder =
        ImageFolder.scan(directory.resolve("images"), Set.copyOf(ImageDecoder.ENDINGS));
    FolderCache cache = new FolderCache(cache(place), 1);
    Results<FileSize> interrupted = cache.sizes(folder, Opening.QUIET.out());
    assertThrows(
        InterruptedIOException.class,
        () ->
            cache.fill(
                interrupted,
                () -> {
                  Thread.currentThread().interrupt();
                  throw new InterruptedIOException("stopped");
                }));
    assertTrue(Thread.interrupted());
    Results<FileSize> full = cache.sizes(folder, Opening.QUIET.out());
    assertThrows(
        OutOfMemoryError.class,
        () ->
            cache.fill(
                full,
                () -> {
                  throw new OutOfMemoryError("the heap");
                }));
    Results<FileSize> results = cache.sizes(folder, Opening.QUIET.out());
    assertInstanceOf(LoggedResults.class, results);
    cache.fill(
        results,
        () -> {
          results.put(0, new FileSize(4, 5));
          return new ReadFiles(folder.files(), new int[] {0}, Unreadable.NONE);
        });
    assertEquals(new FileSize(4, 5), results.get(0));
    assertEquals(List.of(), cache.said());
  }

  @Test
  void pixelsThatWereDamagedSinceTheyWereOpened_areNotTrainedOn(@TempDir Path place)
      throws IOException {
    Pictures.gray(at("images/a.png"), 4, 4, 10);
    Dataset data = openCached(place, with(null, null));
    assertEquals(10f, sample(data, 0)[0]);
    for (Path entry : entries(place)) {
      try (RandomAccessFile file = new RandomAccessFile(entry.toFile(), "rw")) {
        file.seek(file.length() - 6);
        file.write(77);
      }
    }
    String refusal =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> sample(data, 0)).getMessage());
    assertTrue(
        refusal.endsWith(
            ".cache: was damaged while it was used (expected: a.png as it was decoded; it may be"
                + " deleted)"),
        refusal);
  }

  private static long largest(Path place) throws IOException {
    long largest = 0;
    for (Path entry : entries(place)) {
      largest = Math.max(largest, Files.size(entry));
    }
    return largest;
  }

  private static List<Path> entries(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(file -> file.toString().endsWith(".cache")).toList();
    }
  }
}
