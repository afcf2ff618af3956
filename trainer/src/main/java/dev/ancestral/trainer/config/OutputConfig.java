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
 * @param keep how many checkpoints stay
 */
public record OutputConfig(
    @Nullable Integer printEvery, int sampleEvery, int samples, int checkpointEvery, int keep) {
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
      Setting.integer("output.keep", "how many checkpoints stay")
          .within(Bounds.atLeast(1))
          .or(2)
          .changeable();

  static final SettingGroup SETTINGS =
      SettingGroup.of("output", PRINT_EVERY, SAMPLE_EVERY, SAMPLES, CHECKPOINT_EVERY, KEEP);

  /** Checks the bounds. */
  public OutputConfig {
    PRINT_EVERY.checkUnlessNull(printEvery);
    SAMPLE_EVERY.check(sampleEvery);
    SAMPLES.check(samples);
    CHECKPOINT_EVERY.check(checkpointEvery);
    KEEP.check(keep);
  }

  static OutputConfig of(Section section) {
    OutputConfig config =
        new OutputConfig(
            section.find(PRINT_EVERY),
            section.get(SAMPLE_EVERY),
            section.get(SAMPLES),
            section.get(CHECKPOINT_EVERY),
            section.get(KEEP));
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
    return map;
  }
}
