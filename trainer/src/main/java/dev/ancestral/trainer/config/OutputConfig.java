package dev.ancestral.trainer.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is written while training.
 *
 * @param printEvery iterations between two lines of progress, each with the mean loss since the one
 *     before; null for a line every ten seconds
 * @param sampleEvery iterations between two grids of samples
 * @param samples how many a grid shows
 * @param checkpointEvery iterations between two checkpoints
 * @param keep how many of the newest checkpoints stay
 * @param keepEvery checkpoints of iterations that are multiples of it stay, too; null for no more
 * @param heldOut on how many (sample, timestep, noise) that training never draws the averaged
 *     weights of a checkpoint are measured; 0 for none
 */
public record OutputConfig(
    @Nullable Integer printEvery,
    int sampleEvery,
    int samples,
    int checkpointEvery,
    int keep,
    @Nullable Integer keepEvery,
    int heldOut) {
  private static final Setting<Integer> PRINT_EVERY =
      Setting.integer(
              "output.print_every",
              "iterations between two lines of progress, each with the mean loss since the one before")
          .within(Bounds.atLeast(1))
          .orNull("a line every ten seconds")
          .changeable();
  private static final Setting<Integer> SAMPLE_EVERY =
      Setting.integer("output.sample_every", "iterations between two grids of samples")
          .within(Bounds.atLeast(1))
          .or(500)
          .changeable();
  private static final Setting<Integer> SAMPLES =
      Setting.integer("output.samples", "how many samples a grid shows")
          .within(Bounds.atLeast(1))
          .or(40)
          .changeable();
  private static final Setting<Integer> CHECKPOINT_EVERY =
      Setting.integer("output.checkpoint_every", "iterations between two checkpoints")
          .within(Bounds.atLeast(1))
          .or(500)
          .changeable();
  private static final Setting<Integer> KEEP =
      Setting.integer(
              "output.keep",
              "how many of the newest checkpoints stay; the best one and the last good one do, too")
          .within(Bounds.atLeast(1))
          .or(2)
          .changeable();
  private static final Setting<Integer> KEEP_EVERY =
      Setting.integer(
              "output.keep_every",
              "checkpoints of iterations that are multiples of it stay for ever")
          .within(Bounds.atLeast(1))
          .orNull("none")
          .changeable();
  private static final Setting<Integer> HELD_OUT =
      Setting.integer(
              "output.held_out",
              "on how many (sample, timestep, noise) that training never draws the averaged weights of a checkpoint are"
                  + " measured; the best checkpoint has the least loss there, the newest of equals; the samples"
                  + " are of the training data, so this does not see overfitting; 0 for no measure and no best")
          .within(Bounds.between(0, 100_000))
          .or(256);

  static final SettingGroup SETTINGS =
      SettingGroup.of(
          "output",
          PRINT_EVERY,
          SAMPLE_EVERY,
          SAMPLES,
          CHECKPOINT_EVERY,
          KEEP,
          KEEP_EVERY,
          HELD_OUT);

  /** Checks the bounds. */
  public OutputConfig {
    PRINT_EVERY.checkUnlessNull(printEvery);
    SAMPLE_EVERY.check(sampleEvery);
    SAMPLES.check(samples);
    CHECKPOINT_EVERY.check(checkpointEvery);
    KEEP.check(keep);
    KEEP_EVERY.checkUnlessNull(keepEvery);
    HELD_OUT.check(heldOut);
  }

  static OutputConfig of(Section section) {
    OutputConfig config =
        new OutputConfig(
            section.find(PRINT_EVERY),
            section.get(SAMPLE_EVERY),
            section.get(SAMPLES),
            section.get(CHECKPOINT_EVERY),
            section.get(KEEP),
            section.find(KEEP_EVERY),
            section.get(HELD_OUT));
    section.finish();
    return config;
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(PRINT_EVERY.name(), printEvery);
    map.put(SAMPLE_EVERY.name(), sampleEvery);
    map.put(SAMPLES.name(), samples);
    map.put(CHECKPOINT_EVERY.name(), checkpointEvery);
    map.put(KEEP.name(), keep);
    map.put(KEEP_EVERY.name(), keepEvery);
    map.put(HELD_OUT.name(), heldOut);
    return map;
  }
}
