package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.trainer.data.cache.FileCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
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
        null, null, null, new DataOptions.Range(0, 255), fit, null, null, skipped, null);
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
    return new FileCache(place, 1_000_000);
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
    Dataset first = openCached(place, options);
    for (Path entry : entries(place)) {
      byte[] bytes = Files.readAllBytes(entry);
      bytes[bytes.length / 2] ^= 1;
      Files.write(entry, bytes);
    }
    Dataset second = openCached(place, options);
    assertArrayEquals(sample(first, 0), sample(second, 0));
    assertTrue(
        second.remarks().stream().anyMatch(line -> line.endsWith(" is damaged; it is made anew")));
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

  private static List<Path> entries(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.toList();
    }
  }
}
