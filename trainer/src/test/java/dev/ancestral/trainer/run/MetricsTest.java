package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.trainer.loop.IterationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  @TempDir private Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void place() {
    file = directory.resolve("metrics.csv");
  }

  private static IterationReport report(int iteration, double loss) {
    return new IterationReport(iteration, loss, 1.5, 0.001, 0.0125);
  }

  @Test
  void aLineForEachIteration_afterAHeading() throws IOException {
    Metrics metrics = Metrics.after(file, 0);
    metrics.add(report(1, 0.25));
    metrics.flush();
    metrics.add(report(2, 0.125));
    metrics.flush();
    assertEquals(
        List.of(
            "iteration,loss,gradient_norm,learning_rate,waiting",
            "1,0.2500000,1.500000,0.001000000,0.0125",
            "2,0.1250000,1.500000,0.001000000,0.0125"),
        Files.readAllLines(file));
    assertEquals(List.of(0.25, 0.125), Metrics.losses(file));
  }

  @Test
  void whatIsAfterTheCheckpoint_orHalfALine_goes() throws IOException {
    Metrics metrics = Metrics.after(file, 0);
    for (int i = 1; i <= 3; i++) {
      metrics.add(report(i, i));
    }
    metrics.flush();
    Files.writeString(file, Files.readString(file) + "4,0.5,0.");
    assertEquals(List.of(1.0, 2.0, 3.0), Metrics.losses(file));
    Metrics.after(file, 2);
    assertEquals(List.of(1.0, 2.0), Metrics.losses(file));
    assertEquals(3, Files.readAllLines(file).size());
  }

  @Test
  void aFileOfAnEarlierVersionGoesOn_withWhatItMeasured() throws IOException {
    Files.writeString(file, "iteration,loss,gradient_norm,learning_rate\n1,0.5,2,0.1\n");
    Metrics metrics = Metrics.after(file, 1);
    metrics.add(report(2, 0.25));
    metrics.flush();
    assertEquals(
        List.of(
            "iteration,loss,gradient_norm,learning_rate,waiting",
            "1,0.5,2,0.1,",
            "2,0.2500000,1.500000,0.001000000,0.0125"),
        Files.readAllLines(file));
    assertEquals(List.of(0.5, 0.25), Metrics.losses(file));
  }
}
