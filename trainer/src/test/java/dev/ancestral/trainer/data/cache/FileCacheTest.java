package dev.ancestral.trainer.data.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
  private final List<String> said = new ArrayList<>();

  @TempDir private Path directory;

  private FileCache cache(long limit) {
    return new FileCache(directory.resolve("cache"), limit);
  }

  private void write(FileCache cache, String key, String text) {
    cache.write(key, text.length(), out -> out.writeUTF(text), said::add);
  }

  private Optional<String> read(FileCache cache, String key) {
    return cache.read(key, in -> in.readUTF(), said::add);
  }

  @Test
  void whatWasWrittenIsRead_andNothingElseIs() {
    FileCache cache = cache(1000);
    assertEquals(Optional.empty(), read(cache, "a"));
    write(cache, "a", "first");
    write(cache, "a", "second");
    assertEquals(Optional.of("second"), read(cache, "a"));
    assertEquals(Optional.empty(), read(cache, "b"));
    assertEquals("kept in %s, 0.0 MB".formatted(cache.file("a")), said.get(0));
  }

  @Test
  void anyByteThatChanged_orAnEndThatIsMissing_isNoticed() throws IOException {
    FileCache cache = cache(1000);
    write(cache, "a", "text");
    byte[] whole = Files.readAllBytes(cache.file("a"));
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 0x10;
      for (byte[] damaged : List.of(flipped, Arrays.copyOf(whole, i))) {
        said.clear();
        Files.write(cache.file("a"), damaged);
        assertEquals(Optional.empty(), read(cache, "a"), "byte " + i);
        assertEquals(List.of(cache.file("a") + " is damaged; it is made anew"), said);
        assertFalse(Files.exists(cache.file("a")));
      }
    }
  }

  @Test
  void theLeastRecentlyUsedGoes_whenThereAreTooMany() throws IOException {
    FileCache cache = cache(100);
    for (String key : List.of("a", "b")) {
      write(cache, key, "twelve bytes");
      Files.setLastModifiedTime(
          cache.file(key), FileTime.fromMillis(key.equals("a") ? 1000 : 2000));
    }
    assertEquals(Optional.of("twelve bytes"), read(cache, "a"));
    write(cache, "c", "twelve bytes");
    assertTrue(Files.exists(cache.file("a")), "read just now");
    assertFalse(Files.exists(cache.file("b")));
    assertTrue(Files.exists(cache.file("c")));
  }

  @Test
  void whatIsLargerThanTheWholeCacheIsNotKept() {
    FileCache cache = cache(3);
    write(cache, "a", "text");
    assertFalse(Files.exists(cache.directory()));
    assertEquals(
        "nothing is kept in %s: it would be 0.0 MB (expected: at most 0.0 MB)"
            .formatted(cache.directory()),
        said.get(0));
  }

  @Test
  void aPlaceThatCannotBeWritten_isSaid_andDoneWithout() throws IOException {
    Path taken = Files.writeString(directory.resolve("cache"), "a file");
    FileCache cache = cache(1000);
    write(cache, "a", "text");
    assertEquals(
        "nothing is kept in %s: %s is not a directory".formatted(taken, taken), said.get(0));
    assertEquals(Optional.empty(), read(cache, "a"));
  }

  @Test
  void theUsersPlaceFollowsXdg_unlessThatIsRelative() {
    assertEquals(
        Path.of("/var/c/ancestral/images"),
        FileCache.ofUser(Map.of("XDG_CACHE_HOME", "/var/c"), "/home/me").orElseThrow().directory());
    for (Map<String, String> environment :
        List.of(
            Map.<String, String>of(),
            Map.of("XDG_CACHE_HOME", ""),
            Map.of("XDG_CACHE_HOME", "c"))) {
      assertEquals(
          Path.of("/home/me/.cache/ancestral/images"),
          FileCache.ofUser(environment, "/home/me").orElseThrow().directory());
      for (String none : List.of("?", "", "home", "/no\0path")) {
        assertTrue(FileCache.ofUser(environment, none).isEmpty(), none);
      }
    }
  }
}
