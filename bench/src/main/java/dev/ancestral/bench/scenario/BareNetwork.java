package dev.ancestral.bench.scenario;

import dev.ancestral.bench.baseline.BareRuntime;
import dev.ancestral.bench.baseline.BatchCurve;
import dev.ancestral.bench.baseline.PyTorch;
import dev.ancestral.bench.report.Plot;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The network without a server: ours in ONNX Runtime, PyTorch's export of it, PyTorch itself. */
final class BareNetwork implements Scenario {
  private static final List<Integer> BATCHES = List.of(1, 8);
  private static final double ROUND_MILLIS = 500;
  private static final int MOST_CALLS = 50;
  private static final String OURS = "our export in ONNX Runtime";
  private static final String THEIRS = "PyTorch's export in ONNX Runtime";

  @Override
  public String name() {
    return "network";
  }

  @Override
  public String description() {
    return "a call of the network alone, against PyTorch's own export of it and PyTorch itself";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    BatchCurve curve = lab.curve();
    results.add(plot(curve));
    for (int batch : BATCHES) {
      String rows = batch == 1 ? ", 1 row" : ", %d rows".formatted(batch);
      int times = (int) Math.min(MOST_CALLS, Math.max(2, ROUND_MILLIS / curve.callMillis(batch)));
      Turns turns = new Turns();
      turns.enter(OURS + rows, () -> millis(lab.bare().run(batch, times), times));
      String noExport = "";
      try {
        BareRuntime theirs = lab.pyTorchExport();
        turns.enter(THEIRS + rows, () -> millis(theirs.run(batch, times), times));
      } catch (PyTorch.Unavailable e) {
        noExport = e.reason();
      }
      PyTorchTurns pyTorch =
          new PyTorchTurns(
              lab,
              turns,
              name(),
              Quantity.MILLISECONDS,
              rows,
              it -> millis(it.run(batch, times), times));
      Rounds rounds = turns.run(name(), Quantity.MILLISECONDS, lab.pace().pairs());
      results.add(
          noExport.isEmpty()
              ? rounds.finding(OURS + rows, THEIRS + rows, "")
              : rounds.finding(OURS + rows, "PyTorch's export not measured: " + noExport));
      pyTorch.findings(rounds, OURS + rows, "", results::add);
    }
  }

  private static double millis(Duration all, int times) {
    return all.toNanos() / 1e6 / times;
  }

  private static Plot plot(BatchCurve curve) {
    List<Double> batches = new ArrayList<>();
    List<Double> perRow = new ArrayList<>();
    curve
        .milliseconds()
        .forEach(
            (batch, time) -> {
              batches.add((double) batch);
              perRow.add(time / batch);
            });
    return new Plot(
        "batch-curve",
        "ONNX Runtime alone: a row's share of a call",
        "rows of the call",
        "ms",
        false,
        List.of(new Plot.Curve("our export", batches, perRow)));
  }
}
