package dev.ancestral.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicDirectoryTest {
  private final Path parent;
  private final Path target;

  AtomicDirectoryTest(@TempDir Path parent) {
    this.parent = parent;
    this.target = parent.resolve("bundle");
  }

  @Test
  void aDirectoryIsCreatedWithItsParents() throws IOException {
    Path deep = parent.resolve("a/b/bundle");
    AtomicDirectory.write(deep, directory -> Files.writeString(directory.resolve("x"), "new"));
    assertEquals(List.of("a", "a/b", "a/b/bundle", "a/b/bundle/x"), tree());
  }

  @Test
  void anOldDirectoryIsReplacedAsAWhole() throws IOException {
    Files.createDirectories(target.resolve("sub"));
    Files.writeString(target.resolve("sub/old"), "old");
    AtomicDirectory.write(
        target,
        directory -> {
          Files.writeString(directory.resolve("x"), "new");
          assertEquals("old", Files.readString(target.resolve("sub/old")), "still there");
        });
    assertEquals(List.of("bundle", "bundle/x"), tree());
  }

  @Test
  void aFillerThatFailsLeavesTheOldDirectoryAndNothingElse() throws IOException {
    Files.createDirectories(target);
    Files.writeString(target.resolve("x"), "old");
    assertThrows(
        IOException.class,
        () ->
            AtomicDirectory.write(
                target,
                directory -> {
                  Files.writeString(directory.resolve("x"), "new");
                  throw new IOException("disk full");
                }));
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicDirectory.write(
                target,
                directory -> {
                  throw new IllegalStateException("bug");
                }));
    assertEquals(List.of("bundle", "bundle/x"), tree());
    assertEquals("old", Files.readString(target.resolve("x")));
  }

  @Test
  void aFillerThatFailsLeavesNothingWhereNothingWas() throws IOException {
    assertThrows(
        IOException.class,
        () ->
            AtomicDirectory.write(
                target,
                directory -> {
                  throw new IOException("disk full");
                }));
    assertEquals(List.of(), tree());
  }

  @Test
  void parentsThatAreMissingAreNotCreatedBeforeTheDirectoryIsWhole() throws IOException {
    Path deep = parent.resolve("a/b/bundle");
    try (AtomicDirectory directory = AtomicDirectory.create(deep)) {
      Files.writeString(directory.path().resolve("x"), "new");
      assertEquals(parent, directory.path().getParent());
    }
    assertEquals(List.of(), tree());
  }

  private List<String> tree() throws IOException {
    try (Stream<Path> paths = Files.walk(parent)) {
      return paths
          .filter(path -> !path.equals(parent))
          .map(path -> parent.relativize(path).toString())
          .sorted()
          .toList();
    }
  }
}
