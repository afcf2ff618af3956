package dev.ancestral.trainer.run;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.cli.Printable;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.trainer.config.Average;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.loop.TrainingLoop;
import dev.ancestral.trainer.memory.MemoryCheck;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a training says of itself before its first iteration. */
final class RunDescription {
  private static final double SUSPICIOUS_SNR = 1e-2;

  /** The weights, and the optimizer's two moments. */
  private static final int OTHERS_IN_A_CHECKPOINT = 3;

  private RunDescription() {}

  /** The need of memory, which is said before anything that needs it. */
  static void print(PrintStream out, MemoryCheck memory) {
    out.println("memory    " + memory.inWords());
    memory.warning().ifPresent(warning -> out.println("warning: " + Printable.line(warning)));
  }

  static void print(PrintStream out, Task task, Dataset data, TrainingLoop loop) {
    TrainingConfig config = task.config();
    var description = task.data().description();
    out.printf(
        Locale.ROOT,
        "data      %s: %d samples of shape %s%s%n",
        Printable.line(description.source()),
        task.data().samples(),
        description.spec().shape(),
        task.conditioning() == null
            ? ""
            : ", %d classes".formatted(task.conditioning().numClasses()));
    data.remarks().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "network   %s: %,d parameters%n",
        config.network().type(),
        loop.parameters().size());
    NoiseSchedule schedule = config.schedule().create();
    double snr = schedule.finalSnr();
    out.printf(
        Locale.ROOT,
        "schedule  %s, T = %d, final SNR %.3g%n",
        config.schedule().name(),
        config.schedule().timesteps(),
        snr);
    // Langevin dynamics on a score may start anywhere.
    if (schedule.isVariancePreserving() && snr > SUSPICIOUS_SNR) {
      out.printf(
          Locale.ROOT,
          "warning: final SNR %.3g is above %s: x_T still shows the data, but sampling starts from"
              + " pure noise%n",
          snr,
          SUSPICIOUS_SNR);
    }
    out.printf(
        Locale.ROOT,
        "length    %s; learning rate %s, %s%n",
        task.length().inWords(),
        config.training().rate().learningRate(),
        config.training().rate().decay().label());
    printFrozen(out, task);
    printAverages(out, config, loop.parameters().size());
    if (loop.iteration() > 0) {
      out.printf(Locale.ROOT, "resumed   after iteration %d%n", loop.iteration());
    }
  }

  /** Every tensor that stays as it is, if any does. */
  private static void printFrozen(PrintStream out, Task task) {
    Set<String> frozen = task.frozen();
    if (frozen.isEmpty()) {
      return;
    }
    Map<String, Shape> shapes = task.shapes();
    out.printf(
        Locale.ROOT,
        "frozen    %d of %d tensors, %,d of %,d weights%n",
        frozen.size(),
        shapes.size(),
        shapes.entrySet().stream()
            .filter(entry -> frozen.contains(entry.getKey()))
            .mapToLong(entry -> entry.getValue().size())
            .sum(),
        shapes.values().stream().mapToLong(Shape::size).sum());
    frozen.forEach(name -> out.println("  " + name));
  }

  /** What further averages cost, where there are any. */
  private static void printAverages(PrintStream out, TrainingConfig config, long parameters) {
    List<Average> averages = config.ema().averages();
    if (averages.size() == 1) {
      return;
    }
    double one = (double) Float.BYTES * parameters;
    out.printf(
        "averages  %s: %s each; a checkpoint is %s%n",
        averages.stream().map(Average::name).collect(Collectors.joining(", ")),
        MemoryCheck.bytes(one),
        MemoryCheck.bytes(one * (OTHERS_IN_A_CHECKPOINT + averages.size())));
    int snapshots = config.ema().sigmaRel().size();
    if (snapshots > 0) {
      Integer every = config.ema().snapshotEvery();
      out.printf(
          "snapshots %s every %d iterations, which stay%n",
          MemoryCheck.bytes(one * snapshots),
          every == null ? config.output().checkpointEvery() : every);
    }
  }
}
