package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTables;
import java.io.IOException;
import java.util.Optional;

/**
 * What a sample costs by the chain that was fitted to the network, beside the 50 steps of DDIM that
 * people take instead: of this server, and of PyTorch, where the steps are the network's calls
 * alone. How good the samples are is measured by {@code evaluate --calls}.
 */
final class FittedCalls implements Scenario {
  private static final int CLIENTS = 32;
  private static final int DDIM_STEPS = 50;
  private static final String DDIM = "DDIM, %d steps".formatted(DDIM_STEPS);

  @Override
  public String name() {
    return "fitted";
  }

  @Override
  public String description() {
    return "a sample of the fitted chain, alone and for 32 clients, against 50 steps of DDIM";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    Optional<FittedTable> table = table(lab);
    if (table.isEmpty()) {
      results.add(
          Finding.missing(
              name(),
              "fitted",
              Quantity.MILLISECONDS,
              "no chain is fitted to the network (expected: --bundle with one that `ancestral fit` was run on)"));
      return;
    }
    int calls = table.get().calls();
    String fitted = "fitted, %d calls".formatted(calls);
    String proven = table.get().isProven(1) ? "" : ", not proven";
    alone(lab, calls, fitted, proven, results);
    together(lab, calls, fitted, proven, results);
  }

  /** What a request gets that names no steps. */
  private static Optional<FittedTable> table(Lab lab) throws IOException {
    FittedTables tables = BundleFormat.read(lab.bundle()).fitted();
    if (tables == null) {
      return Optional.empty();
    }
    return tables.proven(1).or(() -> Optional.of(tables.tables().get(tables.tables().size() - 1)));
  }

  private void alone(Lab lab, int calls, String fitted, String proven, Results results)
      throws IOException, InterruptedException {
    try (LoadClient connection = lab.connect(Variant.ALL.get(0))) {
      Turns turns = new Turns();
      turns.enter(fitted, () -> OneRequest.millis(connection, Requests.ofFitted(calls, Lab.SEED)));
      turns.enter(
          DDIM, () -> OneRequest.millis(connection, Requests.ofSteps(DDIM_STEPS, Lab.SEED)));
      PyTorchTurns pyTorch =
          new PyTorchTurns(
              lab,
              turns,
              name(),
              Quantity.MILLISECONDS,
              ", " + DDIM,
              it -> it.run(1, DDIM_STEPS).toNanos() / 1e6);
      Rounds rounds = turns.run(name(), Quantity.MILLISECONDS, lab.pace().pairs());
      String note = "a sample alone, over gRPC" + proven;
      results.add(rounds.finding(fitted, DDIM, note));
      pyTorch.findings(rounds, fitted, note, results::add);
    }
  }

  private void together(Lab lab, int calls, String fitted, String proven, Results results)
      throws IOException, InterruptedException {
    Clients plain = Clients.equal(CLIENTS, DDIM_STEPS);
    Clients few = new Clients(CLIENTS, index -> Requests.ofFitted(calls, Lab.SEED + index));
    String target = lab.server(Variant.ALL.get(0)).target();
    Window window = lab.pace().loop();
    Turns turns = new Turns();
    turns.enter(fitted, () -> few.stepsPerSecond(target, window) / calls);
    turns.enter(DDIM, () -> plain.stepsPerSecond(target, window) / DDIM_STEPS);
    PyTorchTurns pyTorch =
        new PyTorchTurns(
            lab,
            turns,
            name(),
            Quantity.SAMPLES_PER_SECOND,
            ", %s, %d at once".formatted(DDIM, CLIENTS),
            it -> CLIENTS / (it.run(CLIENTS, DDIM_STEPS).toNanos() / 1e9));
    Rounds rounds = turns.run(name(), Quantity.SAMPLES_PER_SECOND, lab.pace().rounds());
    String note = "%d clients in a closed loop".formatted(CLIENTS) + proven;
    results.add(rounds.finding(fitted, DDIM, note));
    pyTorch.findings(rounds, fitted, note, results::add);
  }
}
