package dev.ancestral.trainer.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Linux says of memory, as files. */
class MachineMemoryTest {
  private static final long MIB = 1L << 20;

  @TempDir private Path directory;

  @BeforeEach
  void machine() throws IOException {
    write("proc/meminfo", "MemTotal: 8192000 kB\nMemFree: 1 kB\nMemAvailable: 4096000 kB\n");
    write("proc/self/cgroup", "0::/user/mine\n");
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private MachineMemory read() throws IOException {
    return MachineMemory.read(directory.resolve("proc"), directory.resolve("groups"));
  }

  @Test
  void withoutALimitAllIsTheMachines() throws IOException {
    MachineMemory all = new MachineMemory(8000 * MIB, 4000 * MIB);
    assertEquals(all, read());
    write("groups/user/mine/memory.max", "max\n");
    assertEquals(all, read());
  }

  @Test
  void theLimitOfAGroupAroundCounts_andFilesThatAreKeptDoNot() throws IOException {
    write("groups/user/memory.max", Long.toString(1000 * MIB));
    write("groups/user/memory.current", Long.toString(700 * MIB));
    write("groups/user/memory.stat", "anon 1\ninactive_file " + 200 * MIB + "\n");
    assertEquals(new MachineMemory(1000 * MIB, 500 * MIB), read());
  }

  @Test
  void theFirstVersionOfGroupsIsReadToo_alsoWhereTheContainersOwnStandAtTheTop()
      throws IOException {
    write("proc/self/cgroup", "4:cpu:/x\n3:memory:/outside/name\n");
    write("groups/memory/memory.limit_in_bytes", Long.toString(2000 * MIB));
    write("groups/memory/memory.usage_in_bytes", Long.toString(100 * MIB));
    assertEquals(new MachineMemory(2000 * MIB, 1900 * MIB), read());
    write("groups/memory/memory.limit_in_bytes", "9223372036854771712");
    assertEquals(8000 * MIB, read().total());
  }

  @Test
  void elsewhereTheJavaRuntimeIsAsked() throws IOException {
    Files.delete(directory.resolve("proc/meminfo"));
    assertThrows(IOException.class, this::read);
    assertTrue(MachineMemory.now().total() > 0);
    assertTrue(MachineMemory.now().available() <= MachineMemory.now().total());
  }
}
