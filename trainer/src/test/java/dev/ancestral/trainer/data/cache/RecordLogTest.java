package dev.ancestral.trainer.data.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordLogTest {
  private static final int HEAD = 32;

  @TempDir private Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void place() {
    file = directory.resolve("a.cache");
  }

  private RecordLog open() throws IOException {
    return RecordLog.open(file, () -> {});
  }

  private static RecordLog.Key key(String name) {
    return new RecordLog.Key(name, name.length(), 1_700_000_000_123_456_789L);
  }

  private void write(String... names) throws IOException {
    try (RecordLog log = open()) {
      log.scan((key, offset, length) -> true);
      for (String name : names) {
        log.append(key(name), ("bytes of " + name).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Name and bytes of each record; whether anything was damaged. */
  private boolean read(Map<RecordLog.Key, String> found) throws IOException {
    try (RecordLog log = open()) {
      Mapped mapped = log.map();
      return log.scan(
              (key, offset, length) -> {
                found.put(key, StandardCharsets.UTF_8.decode(mapped.at(offset, length)).toString());
                return true;
              })
          .damaged();
    }
  }

  @Test
  void whatWasAppendedIsThere_inTheirOrder_howeverOftenItIsOpened() throws IOException {
    write("a.png", "ä/ö.png");
    write("c", "");
    Map<RecordLog.Key, String> found = new LinkedHashMap<>();
    assertFalse(read(found));
    assertEquals(
        Map.of(
            key("a.png"), "bytes of a.png",
            key("ä/ö.png"), "bytes of ä/ö.png",
            key("c"), "bytes of c",
            key(""), "bytes of "),
        found);
    assertEquals(key("a.png"), found.keySet().iterator().next());
  }

  @Test
  void offsetsOfAppendedBytesAreWhereTheyAre() throws IOException {
    write("a");
    try (RecordLog log = open()) {
      log.scan((key, offset, length) -> true);
      long offset = log.append(key("b"), new byte[] {7, 8, 9});
      assertEquals(ByteBuffer.wrap(new byte[] {7, 8, 9}), log.map().at(offset, 3));
    }
  }

  @Test
  void cutAnywhere_theRecordsBeforeAreWhole_andItGoesOn() throws IOException {
    write("a", "b", "c");
    byte[] whole = Files.readAllBytes(file);
    int record = HEAD + 1 + 10 + 4;
    int first = whole.length - 3 * record;
    for (int length = first; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      Map<RecordLog.Key, String> found = new LinkedHashMap<>();
      assertFalse(read(found), "what a killed process leaves is no damage");
      assertEquals((length - first) / record, found.size(), "cut at " + length);
      write("d");
      found.clear();
      read(found);
      assertEquals((length - first) / record + 1, found.size(), "cut at " + length);
    }
  }

  @Test
  void anyByteThatChangedIsNoticed_andOtherRecordsStay() throws IOException {
    write("a", "b");
    byte[] whole = Files.readAllBytes(file);
    int record = HEAD + 1 + 10 + 4;
    int first = whole.length - 2 * record;
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 0x10;
      Files.write(file, flipped);
      Map<RecordLog.Key, String> found = new LinkedHashMap<>();
      boolean damaged = read(found);
      assertTrue(damaged, "byte " + i);
      assertEquals(i >= first + record, found.containsKey(key("a")), "byte " + i);
      // What follows a damaged name or damaged bytes is found; what follows a damaged head is not.
      boolean bodyOfFirst = i >= first + HEAD && i < first + record;
      assertEquals(bodyOfFirst, found.containsKey(key("b")), "byte " + i);
      found.forEach((key, bytes) -> assertEquals("bytes of " + key.name(), bytes));
      write("c");
      found.clear();
      read(found);
      assertTrue(found.containsKey(key("c")), "goes on after byte " + i);
    }
  }

  @Test
  void whatOthersReadIsNotCutOff_whenTheFileIsDamaged() throws IOException {
    write("a", "b");
    byte[] whole = Files.readAllBytes(file);
    for (int damaged : new int[] {0, whole.length - HEAD - 1 - 10 - 4}) {
      byte[] flipped = whole.clone();
      flipped[damaged] ^= 0x10;
      Files.delete(file);
      Files.write(file, flipped);
      Mapped others = Mapped.of(file);
      write("c");
      assertEquals(ByteBuffer.wrap(flipped), others.at(0, flipped.length), "byte " + damaged);
    }
  }

  @Test
  void usefulAndUselessBytesAreCounted() throws IOException {
    write("a", "bb");
    try (RecordLog log = open()) {
      assertEquals(
          new RecordLog.Scan(HEAD + 1 + 10 + 4, HEAD + 2 + 11 + 4, false),
          log.scan((key, offset, length) -> key.name().equals("a")));
    }
  }

  @Test
  void begunAnew_itIsEmpty_andReadersOfTheOldOneAreNotDisturbed() throws IOException {
    write("a");
    try (RecordLog log = open()) {
      Mapped before = log.map();
      ByteBuffer all = before.at(0, (int) before.size());
      byte[] bytes = new byte[all.remaining()];
      all.get(bytes);
      log.anew();
      log.append(key("b"), new byte[] {1});
      assertEquals(ByteBuffer.wrap(bytes), before.at(0, (int) before.size()));
    }
    Map<RecordLog.Key, String> found = new LinkedHashMap<>();
    read(found);
    assertEquals(Map.of(key("b"), "\u0001"), found);
  }
}
