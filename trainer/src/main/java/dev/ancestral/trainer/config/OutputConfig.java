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
  /** Checks the bounds. */
  public OutputConfig {
    if (printEvery != null) {
      Check.atLeast("output.print_every", printEvery, 1);
    }
    Check.atLeast("output.sample_every", sampleEvery, 1);
    Check.atLeast("output.samples", samples, 1);
    Check.atLeast("output.checkpoint_every", checkpointEvery, 1);
    Check.atLeast("output.keep", keep, 1);
  }

  static OutputConfig of(Section section) {
    OutputConfig config =
        new OutputConfig(
            section.optionalInteger("print_every", null),
            section.integer("sample_every", 500),
            section.integer("samples", 40),
            section.integer("checkpoint_every", 500),
            section.integer("keep", 2));
    section.finish();
    return config;
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("print_every", printEvery);
    map.put("sample_every", sampleEvery);
    map.put("samples", samples);
    map.put("checkpoint_every", checkpointEvery);
    map.put("keep", keep);
    return map;
  }
}
