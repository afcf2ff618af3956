package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.client.data.Npy;
import dev.ancestral.v1.Encoding;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Raw floats and points, and how what {@code sample} writes comes to be there. */
@Timeout(60)
class SampleFilesTest {
  private static final Model GRAY = Scripts.model(1L, 2L, 3L).toBuilder().setNumClasses(10).build();
  private static final Model POINTS = Scripts.model(2L).toBuilder().setNumClasses(10).build();

  private final Path directory;

  SampleFilesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void rawFloatsArriveUnchanged() throws IOException {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(0, CommandRun.sample(server, directory, "-n", "2", "--npy").code());
    }
    FloatTensor raw = Npy.read(directory.resolve("samples.npy"));
    assertEquals(List.of(2L, 1L, 2L, 3L), raw.shape());
    float[] expected = new float[12];
    System.arraycopy(Scripts.values(0, 6), 0, expected, 0, 6);
    System.arraycopy(Scripts.values(1, 6), 0, expected, 6, 6);
    assertArrayEquals(expected, raw.values());
  }

  @Test
  void pointsBecomeATableAScatterAndItsAnimation() throws IOException {
    try (FakeServer server = FakeServer.start(POINTS, Scripts.sampling(POINTS))) {
      assertEquals(
          0,
          CommandRun.sample(server, directory, "-n", "3", "--label", "1", "--frames", "2").code());
      Frames frames = server.requests.remove().getFrames();
      assertEquals(Encoding.ENCODING_FLOAT32, frames.getEncoding());
    }
    assertEquals(
        List.of("chain.gif", "request.json", "samples.csv", "scatter.png"),
        Pictures.names(directory));
    StringBuilder table = new StringBuilder("x0,x1,label\n");
    for (int i = 0; i < 3; i++) {
      float[] point = Scripts.values(i, 2);
      table.append(point[0]).append(',').append(point[1]).append(",1\n");
    }
    assertEquals(table.toString(), Files.readString(directory.resolve("samples.csv")));
    assertEquals(2, Pictures.gif(directory.resolve("chain.gif")).size());
    assertTrue(Pictures.read(directory.resolve("scatter.png")).getWidth() > 100);
  }

  @Test
  void whatItTakesToDrawThemAgainIsSaid() {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      String out =
          CommandRun.sample(server, directory, "--label", "1", "--guidance", "2.5", "--seed", "7")
              .out();
      assertTrue(out.contains("ddim, 10 steps, guidance 2.5, seed 7,"), out);
    }
  }

  @Test
  void anEarlierSamplingIsReplacedAsAWhole() throws IOException {
    try (FakeServer server = FakeServer.start(GRAY, Scripts.sampling(GRAY))) {
      assertEquals(
          0, CommandRun.sample(server, directory, "-n", "4", "--npy", "--frames", "2").code());
      Files.writeString(directory.resolve("001.png"), "old");
      assertEquals(0, CommandRun.sample(server, directory, "-n", "2").code());
    }
    assertEquals(
        List.of("000.png", "001.png", "grid.png", "request.json"), Pictures.names(directory));
    assertArrayEquals(Pictures.levels(1, 6), Pictures.gray(directory.resolve("001.png")));
  }

  @Test
  void samplesAreWrittenAsTheyCome_outOfSightUntilAllAreThere() throws IOException {
    Path out = directory.resolve("out");
    List<String> seen = new ArrayList<>();
    FakeServer.Script script =
        (request, responses) -> {
          responses.onNext(Scripts.accepted(request));
          for (int i = 0; i < 3; i++) {
            responses.onNext(Scripts.sample(request, GRAY, i));
            awaitFile(directory, "00" + i + ".png");
            seen.add(Files.exists(out) ? "visible" : "hidden");
          }
          responses.onNext(Scripts.summary(3));
          responses.onCompleted();
        };
    try (FakeServer server = FakeServer.start(GRAY, script)) {
      assertEquals(0, CommandRun.sample(server, out, "-n", "3").code());
    }
    assertEquals(List.of("hidden", "hidden", "hidden"), seen);
    assertEquals(List.of("out"), Pictures.names(directory));
    assertEquals(
        List.of("000.png", "001.png", "002.png", "grid.png", "request.json"), Pictures.names(out));
  }

  /** Waits until a file of this name is somewhere below a directory. */
  private static void awaitFile(Path directory, String name) {
    boolean there = false;
    while (!there) {
      try (Stream<Path> files = Files.walk(directory)) {
        there = files.anyMatch(file -> file.getFileName().toString().equals(name));
      } catch (IOException | UncheckedIOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
