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
    return new IterationReport(
        iteration,
        loss,
        new double[] {1, Double.NaN, 3, 4},
        1.5,
        0.001,
        0.0125,
        iteration == 1 ? Double.NaN : 0.75);
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
            "iteration,loss,gradient_norm,learning_rate,loss_q1,loss_q2,loss_q3,loss_q4,held_out_loss,waiting",
            "1,0.2500000,1.500000,0.001000000,1.000000,,3.000000,4.000000,,0.0125",
            "2,0.1250000,1.500000,0.001000000,1.000000,,3.000000,4.000000,0.7500000,0.0125"),
        Files.readAllLines(file));
    assertEquals(List.of(0.25, 0.125), Metrics.read(file, Metrics.Column.LOSS));
  }

  @Test
  void whatIsAfterTheCheckpoint_orHalfALine_goes() throws IOException {
    Metrics metrics = Metrics.after(file, 0);
    for (int i = 1; i <= 3; i++) {
      metrics.add(report(i, i));
    }
    metrics.flush();
    Files.writeString(file, Files.readString(file) + "4,0.5,0.");
    assertEquals(List.of(1.0, 2.0, 3.0), Metrics.read(file, Metrics.Column.LOSS));
    Metrics.after(file, 2);
    assertEquals(List.of(1.0, 2.0), Metrics.read(file, Metrics.Column.LOSS));
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
            "iteration,loss,gradient_norm,learning_rate,loss_q1,loss_q2,loss_q3,loss_q4,held_out_loss,waiting",
            "1,0.5,2,0.1,,,,,,",
            "2,0.2500000,1.500000,0.001000000,1.000000,,3.000000,4.000000,0.7500000,0.0125"),
        Files.readAllLines(file));
    assertEquals(List.of(0.5, 0.25), Metrics.read(file, Metrics.Column.LOSS));
  }

  @Test
  void columnsAreFoundByTheirName_andWhatWasNotMeasuredIsNoNumber() throws IOException {
    Files.writeString(file, "iteration,else,loss\n1,7,0.5\n");
    Metrics metrics = Metrics.after(file, 5);
    metrics.add(report(2, 0.25));
    metrics.flush();
    assertEquals(List.of(0.5, 0.25), Metrics.read(file, Metrics.Column.LOSS));
    assertEquals(List.of(Double.NaN, 3.0), Metrics.read(file, Metrics.Column.LOSS_Q3));
    assertEquals(List.of(Double.NaN, Double.NaN), Metrics.read(file, Metrics.Column.LOSS_Q2));
  }

  @Test
  void aMeanLeavesOutWhatWasNotMeasured_orIsNotFinite() {
    assertEquals(2, Metrics.recent(List.of(100.0, 1.0, Double.NaN, 3.0), 3));
    assertEquals(2, Metrics.recent(List.of(1.0, Double.POSITIVE_INFINITY, 3.0), 3));
    assertEquals(Double.NaN, Metrics.recent(List.of(Double.NaN), 3));
  }
}
