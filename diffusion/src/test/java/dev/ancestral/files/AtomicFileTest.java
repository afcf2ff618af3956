package dev.ancestral.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  private final Path directory;

  AtomicFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void aFileIsCreatedWithItsDirectories() throws IOException {
    Path file = directory.resolve("a/b/c.txt");
    AtomicFile.writeString(file, "ᾱ");
    assertEquals("ᾱ", Files.readString(file));
    assertEquals(List.of("c.txt"), names(file.resolveSibling(".")));
  }

  @Test
  void theOldContentStaysUntilTheNewOneIsWhole() throws IOException {
    Path file = directory.resolve("c.txt");
    AtomicFile.writeString(file, "old");
    AtomicFile.write(
        file,
        out -> {
          out.write("new".getBytes(StandardCharsets.UTF_8));
          out.flush();
          assertEquals("old", Files.readString(file));
        });
    assertEquals("new", Files.readString(file));
  }

  @Test
  void aWriterThatFailsLeavesTheOldContentAndNothingElse() throws IOException {
    Path file = directory.resolve("c.txt");
    AtomicFile.writeString(file, "old");
    IOException io =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("disk full");
                    }));
    assertEquals("disk full", io.getMessage());
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                file,
                out -> {
                  throw new IllegalStateException("bug");
                }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("c.txt"), names(directory));
  }

  @Test
  void aRootIsNoFileToWrite() {
    IOException e =
        assertThrows(IOException.class, () -> AtomicFile.writeString(Path.of("/"), "x"));
    assertEquals("/: is a root (expected: a file to write)", e.getMessage());
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
