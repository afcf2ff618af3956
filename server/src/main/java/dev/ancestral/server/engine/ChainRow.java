package dev.ancestral.server.engine;

import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Guidance;
import org.jspecify.annotations.Nullable;

/** One sample that takes several steps in one call, as {@link DeviceChain} sees it. */
public interface ChainRow {
  /** Its chain. */
  ChainPlan plan();

  /** The step that comes next. */
  int step();

  /** The class label; without meaning where the network takes none. */
  int label();

  /** Of this sample; null if its prediction is its label's alone. */
  @Nullable Guidance guidance();

  /** x before the steps, and after them. */
  float[] state();

  /** p before the steps, where the first of them reads it, and after them. */
  float[] estimate();

  /** Writes z of a step. */
  void noise(int step, float[] out);
}
