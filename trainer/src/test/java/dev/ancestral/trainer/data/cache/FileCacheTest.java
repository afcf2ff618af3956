package dev.ancestral.trainer.data.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
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

  private void write(FileCache cache, String key, String text) throws IOException {
    Optional<RecordLog> log = cache.open(key, () -> said.add("waits"), said::add);
    if (log.isPresent()) {
      try (RecordLog open = log.get()) {
        open.scan((name, offset, length) -> true);
        open.append(new RecordLog.Key("a", 0, 0), text.getBytes(StandardCharsets.UTF_8));
      }
      cache.evict(cache.file(key));
    }
  }

  @Test
  void theLeastRecentlyUsedGoes_whenThereAreTooMany() throws IOException {
    FileCache cache = cache(150);
    for (String key : List.of("a", "b")) {
      write(cache, key, "twelve bytes");
      Files.setLastModifiedTime(
          cache.file(key), FileTime.fromMillis(key.equals("a") ? 1000 : 2000));
    }
    cache.open("a", () -> {}, said::add).orElseThrow().close();
    write(cache, "c", "twelve bytes");
    assertTrue(Files.exists(cache.file("a")), "used just now");
    assertFalse(Files.exists(cache.file("b")));
    assertTrue(Files.exists(cache.file("c")));
    assertEquals(List.of(), said);
  }

  @Test
  void whatIsLargerThanAllMayBe_stays_alone() throws IOException {
    FileCache cache = cache(150);
    write(cache, "a", "text");
    write(cache, "b", "text".repeat(100));
    assertFalse(Files.exists(cache.file("a")));
    assertTrue(Files.exists(cache.file("b")));
  }

  @Test
  void oneThatIsHeldInThisProcess_isDoneWithout() throws IOException {
    FileCache cache = cache(1000);
    try (RecordLog held = cache.open("a", () -> {}, said::add).orElseThrow()) {
      assertTrue(cache.open("a", () -> {}, said::add).isEmpty());
      assertEquals(
          List.of("nothing is kept in %s: this process uses it already".formatted(held.file())),
          said);
    }
    cache.open("a", () -> {}, said::add).orElseThrow().close();
  }

  @Test
  void aPlaceThatCannotBeWritten_isSaid_andDoneWithout() throws IOException {
    Path taken = Files.writeString(directory.resolve("cache"), "a file");
    write(cache(1000), "a", "text");
    assertEquals(
        "nothing is kept in %s: %s is not a directory".formatted(taken, taken), said.get(0));
    assertEquals(0, cache(1000).free());
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
