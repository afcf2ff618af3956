package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.example.RemoteSampling;
import dev.ancestral.v1.Model;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemoteSamplingTest {
  private static final Model TOY = Scripts.model(1L, 2L, 3L);

  @Test
  void theExamplePrintsEverySampleAsItComes() {
    PrintStream real = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try (FakeServer server = FakeServer.start(TOY, Scripts.sampling(TOY))) {
      RemoteSampling.main(new String[] {server.target()});
    } finally {
      System.setOut(real);
    }
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(12, lines.size(), "a line for each sample, and its two rows");
    assertEquals("sample 3", lines.get(0));
    // Sample 0 has the levels 0, 5, 10 and 15, 20, 25 of 51.
    assertEquals(List.of("sample 0", " .:", "-=="), lines.subList(9, 12));
  }
}
