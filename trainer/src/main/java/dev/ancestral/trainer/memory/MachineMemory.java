package dev.ancestral.trainer.memory;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a training can have.
 *
 * @param total bytes of the machine, or of the narrowest limit of the container
 * @param available bytes of it that nobody uses now, but for files that are kept in case they are
 *     read again
 */
record MachineMemory(long total, long available) {
  private static final long KIB = 1024;

  /** How a version of Linux's control groups says what is allowed and what is used. */
  private record Format(String folder, String limit, String used, String reclaimable) {}

  private static final List<Format> FORMATS =
      List.of(
          new Format("", "memory.max", "memory.current", "inactive_file"),
          new Format("unified", "memory.max", "memory.current", "inactive_file"),
          new Format(
              "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"));

  /** This machine's, now. */
  static MachineMemory now() {
    try {
      return read(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    } catch (IOException | NumberFormatException e) {
      // No Linux: what the Java runtime knows.
      var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      return new MachineMemory(system.getTotalMemorySize(), system.getTotalMemorySize());
    }
  }

  /**
   * Reads what Linux says.
   *
   * @param proc where {@code meminfo} and {@code self/cgroup} are
   * @param groups where control groups are mounted
   * @throws IOException if this is no Linux
   */
  static MachineMemory read(Path proc, Path groups) throws IOException {
    Path meminfo = proc.resolve("meminfo");
    long total = KIB * number(meminfo, "MemTotal:").orElseThrow(() -> missing(meminfo));
    long available = KIB * number(meminfo, "MemAvailable:").orElse(total / KIB);
    MachineMemory memory = new MachineMemory(total, available);
    for (String line : Files.readAllLines(proc.resolve("self/cgroup"))) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3
          && (parts[1].isEmpty() || List.of(parts[1].split(",")).contains("memory"))) {
        memory = memory.within(groups, parts[2]);
      }
    }
    return memory;
  }

  private static IOException missing(Path file) {
    return new IOException(file + ": has no MemTotal");
  }

  /** Narrowed by the group of this name and by those it is part of. */
  private MachineMemory within(Path groups, String name) throws IOException {
    MachineMemory narrowed = this;
    for (Format format : FORMATS) {
      Path top = groups.resolve(format.folder()).normalize();
      // In a container the group's own files often stand at the top, whatever its name is outside.
      for (Path group = top.resolve(name.substring(1)).normalize();
          group != null && group.startsWith(top);
          group = group.getParent()) {
        narrowed = narrowed.within(group, format);
      }
    }
    return narrowed;
  }

  private MachineMemory within(Path group, Format format) throws IOException {
    OptionalLong limit = number(group.resolve(format.limit()), "");
    if (limit.isEmpty() || limit.getAsLong() >= total) {
      return this;
    }
    long used = number(group.resolve(format.used()), "").orElse(0);
    long files = number(group.resolve("memory.stat"), format.reclaimable()).orElse(0);
    long free = Math.max(0, limit.getAsLong() - Math.max(0, used - files));
    return new MachineMemory(limit.getAsLong(), Math.min(available, free));
  }

  /** The first whole number on the line that begins so; none for "max", or without such a file. */
  private static OptionalLong number(Path file, String beginning) throws IOException {
    if (!Files.isReadable(file)) {
      return OptionalLong.empty();
    }
    for (String line : Files.readAllLines(file)) {
      String[] words = line.trim().split("\\s+", -1);
      int at = beginning.isEmpty() ? 0 : 1;
      if (words.length > at && (at == 0 || words[0].equals(beginning))) {
        return words[at].matches("\\d{1,18}")
            ? OptionalLong.of(Long.parseLong(words[at]))
            : OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }
}
