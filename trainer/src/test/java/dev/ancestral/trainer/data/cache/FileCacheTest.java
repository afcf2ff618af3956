package dev.ancestral.trainer.data.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
      cache.evict(Set.of(key));
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
    cache.open("a", () -> {}, said::add).orElseThrow().close();
    write(cache, "c", "twelve bytes");
    assertTrue(Files.exists(cache.file("a")), "used just now");
    assertFalse(Files.exists(cache.file("b")));
    assertTrue(Files.exists(cache.file("c")));
    assertEquals(List.of(), said);
  }

  @Test
  void whatIsInUseIsNotCounted_howeverLargeItIs() throws IOException {
    FileCache cache = cache(100);
    write(cache, "a", "text");
    write(cache, "b", "text".repeat(100));
    assertTrue(Files.exists(cache.file("a")));
    cache.evict(Set.of("a", "b"));
    assertTrue(Files.exists(cache.file("b")));
    cache.evict(Set.of("a"));
    assertTrue(Files.exists(cache.file("a")));
    assertFalse(Files.exists(cache.file("b")));
  }

  @Test
  void whatSomebodyHolds_isNotDeleted() throws IOException {
    FileCache cache = cache(0);
    write(cache, "a", "text");
    try (RecordLog held = cache.open("a", () -> {}, said::add).orElseThrow()) {
      cache.evict(Set.of());
      assertTrue(Files.exists(held.file()));
    }
    cache.evict(Set.of());
    assertFalse(Files.exists(cache.file("a")));
    assertTrue(Files.exists(cache.directory().resolve("a.lock")), "somebody may wait for it");
  }

  @Test
  void oneThatIsHeldInThisProcess_isDoneWithout_andStaysHeld() throws Exception {
    FileCache cache = cache(0);
    Files.createDirectories(cache.directory());
    FileCache sameByAnotherName =
        new FileCache(Files.createSymbolicLink(directory.resolve("link"), cache.directory()), 0);
    Path lock = cache.directory().resolve("a.lock");
    try (RecordLog held = cache.open("a", () -> {}, said::add).orElseThrow()) {
      assertTrue(cache.open("a", () -> {}, said::add).isEmpty());
      assertEquals(
          List.of("nothing is kept in %s: this process uses it already".formatted(held.file())),
          said);
      assertTrue(sameByAnotherName.open("a", () -> {}, said::add).isEmpty());
      held.scan((name, offset, length) -> true);
      cache.evict(Set.of());
      assertEquals(OtherProcess.HELD, OtherProcess.run(lock));
    }
    assertEquals(OtherProcess.FREE, OtherProcess.run(lock));
    RecordLog again = cache.open("a", () -> {}, said::add).orElseThrow();
    again.close();
    again.close();
  }

  /** Whether a lock is held, as another process sees it. */
  static final class OtherProcess {
    static final int FREE = 40;
    static final int HELD = 41;

    private OtherProcess() {}

    static int run(Path lock) throws Exception {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
              "-cp",
              Path.of(
                      OtherProcess.class
                          .getProtectionDomain()
                          .getCodeSource()
                          .getLocation()
                          .toURI())
                  .toString(),
              OtherProcess.class.getName(),
              lock.toString())
          .inheritIO()
          .start()
          .waitFor();
    }

    /** Ends with what it found. */
    public static void main(String[] arguments) throws IOException {
      try (FileChannel channel =
          FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
        System.exit(channel.tryLock() == null ? HELD : FREE);
      }
    }
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
