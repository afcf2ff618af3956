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

  /** Takes the clipped estimate of x0 of the last of the steps. */
  float[] estimate();

  /**
   * What the steps before left for those that come, the newest first, and after them what they
   * left: as many arrays as {@linkplain ChainPlan#historyLength() its plan} needs.
   */
  float[][] history();

  /** Writes z of a step. */
  void noise(int step, float[] out);
}
