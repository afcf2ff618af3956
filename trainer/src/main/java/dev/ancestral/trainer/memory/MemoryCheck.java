package dev.ancestral.trainer.memory;

import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.loop.HeldOutLoss;
import dev.ancestral.trainer.loop.TrainingLoop;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.NetworkTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a training will need beside what the machine has, and what to change if the one is more than
 * the other.
 */
public final class MemoryCheck {
  /** The largest array of Java. */
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** Arrays on the heap that hold an update: samples, noise and the like, whole and in slices. */
  private static final int COPIES_ON_HEAP = 8;

  /** Itself, and as a checkpoint is written. */
  private static final int COPIES_OF_AN_AVERAGE = 2;

  /** An estimate may be wrong by this factor, so from here on it is near. */
  private static final double NEAR = 0.7;

  private final TrainingConfig config;
  private final NetworkTask task;
  private final Footprint footprint;
  private final MachineMemory machine;
  private final MemoryEstimate estimate;

  MemoryCheck(TrainingConfig config, NetworkTask task, Footprint footprint, MachineMemory machine) {
    this.config = config;
    this.task = task;
    this.footprint = footprint;
    this.machine = machine;
    this.estimate =
        MemoryEstimate.of(footprint, config.training().batch())
            .withCopies(copiesOfFurtherAverages(), footprint.parameters());
  }

  private int copiesOfFurtherAverages() {
    return COPIES_OF_AN_AVERAGE * (config.ema().averages().size() - 1);
  }

  /**
   * Finds out what a training needs and what this machine has.
   *
   * @param network which may have no arrays yet
   * @param task what the data ask of it
   */
  public static MemoryCheck of(TrainingConfig config, Network network, NetworkTask task) {
    return new MemoryCheck(config, task, Footprint.of(network, task), MachineMemory.now());
  }

  /** The estimate in one line. */
  public String inWords() {
    return "about %s needed, %s of %s available"
        .formatted(
            bytes(estimate.bytes()),
            bytes((double) machine.available()),
            bytes((double) machine.total()));
  }

  /**
   * Refuses what cannot be: always arrays that Java cannot have, and unless {@code
   * training.memory_check} is false what is more than the machine has in all.
   *
   * @throws UserError naming the settings to change
   */
  public void requireFits() {
    problem()
        .ifPresent(
            problem -> {
              throw new UserError(problem);
            });
  }

  /** What {@link #requireFits} would refuse, if anything. */
  public Optional<String> problem() {
    Optional<String> tooLong = tooLong();
    if (tooLong.isPresent() || !config.training().memoryCheck()) {
      return tooLong;
    }
    if (estimate.bytes() > machine.total()) {
      return Optional.of(
          "memory: about %s needed (expected: at most %s, all that this machine has)%s; training.memory_check=false trains all the same"
              .formatted(bytes(estimate.bytes()), bytes((double) machine.total()), reasons()));
    }
    return heap();
  }

  /** What is near the limit, if it is. */
  public Optional<String> warning() {
    return problem().isPresent() || estimate.bytes() <= NEAR * machine.available()
        ? Optional.empty()
        : Optional.of(
            "memory: about %s needed, and %s are available, which is near or too little%s"
                .formatted(
                    bytes(estimate.bytes()), bytes((double) machine.available()), reasons()));
  }

  private Optional<String> tooLong() {
    long elements = elements();
    for (Row row :
        List.of(
            new Row("training.batch", config.training().samplesPerUpdate()),
            new Row("output.samples", 2L * config.output().samples()),
            new Row("output.held_out", config.output().heldOut()))) {
      if (row.count() > LARGEST_ARRAY / elements) {
        return Optional.of(
            "%s: %d samples of %s at once, %d numbers (expected: at most %d numbers: a smaller %s or data.size)"
                .formatted(
                    row.setting(),
                    row.count(),
                    task.shape(),
                    elements * row.count(),
                    LARGEST_ARRAY,
                    row.setting()));
      }
    }
    return Optional.empty();
  }

  private record Row(String setting, long count) {}

  private Optional<String> heap() {
    long elements = elements();
    double numbers =
        (double) COPIES_ON_HEAP * elements * config.training().samplesPerUpdate()
            + (double) (COPIES_ON_HEAP + copiesOfFurtherAverages()) * footprint.parameters();
    double needed =
        Float.BYTES * numbers
            + TrainingLoop.bytesAhead(config, elements)
            + HeldOutLoss.bytes(config, elements);
    long heap = Runtime.getRuntime().maxMemory();
    return needed <= heap
        ? Optional.empty()
        : Optional.of(
            "memory: about %s of the Java heap needed for %d samples of %s an update, those made ahead and %d held out (expected: at most %s, or a larger heap by JAVA_TOOL_OPTIONS=-Xmx%dg); try a smaller training.batch, training.accumulate, output.held_out or data.size; training.memory_check=false trains all the same"
                .formatted(
                    bytes(needed),
                    config.training().samplesPerUpdate(),
                    task.shape(),
                    config.output().heldOut(),
                    bytes((double) heap),
                    (long) Math.ceil(2 * needed / (1 << 30))));
  }

  private long elements() {
    return task.shape().stream().reduce(1L, Math::multiplyExact);
  }

  /** What needs it, and what to try. */
  private String reasons() {
    List<String> reasons = new ArrayList<>();
    reasons.add(
        "for training.batch %d of data.size %s".formatted(config.training().batch(), size()));
    reasons.add(remedy());
    return ": " + String.join("; ", reasons);
  }

  private String remedy() {
    double room = NEAR * machine.available() - estimate.fixed();
    int rows = config.training().batch();
    int fitting = (int) Math.floor(rows * room / estimate.pass());
    if (fitting < 1) {
      return "try a smaller data.size: not even one sample at a time fits";
    }
    // A power of two divides most batches, and then the updates stay what they were.
    int batch = Integer.highestOneBit(fitting);
    return rows % batch == 0
        ? "try training.batch=%d with training.accumulate=%d, which makes the same updates, or a smaller data.size"
            .formatted(batch, config.training().accumulate() * (rows / batch))
        : "try training.batch=%d, or a smaller data.size".formatted(batch);
  }

  private String size() {
    return task.shape().size() == 3
        ? "%dx%d".formatted(task.shape().get(1), task.shape().get(2))
        : String.valueOf(task.shape());
  }

  /** In the unit that leaves one to three digits before the point. */
  public static String bytes(double bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = 0;
    double number = bytes;
    while (number >= 1000 && unit < units.length - 1) {
      number /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, number < 10 ? "%.1f %s" : "%.0f %s", number, units[unit]);
  }
}
