package dev.ancestral.server.engine;

import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.DynamicThreshold;
import dev.ancestral.diffusion.sampler.Guidance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network together with the universal step: takes several steps in one call, between which the
 * states stay where the network runs. Gives what {@link Denoiser} and {@link
 * dev.ancestral.diffusion.sampler.UniversalStep} give, one step after the other, within 1e-5.
 *
 * <p>Belongs to the thread that first runs it, as a denoiser does; the same thread closes it.
 */
public interface DeviceChain extends AutoCloseable {
  /**
   * Whether a sample's steps can be taken here. What cannot: noise whose scale is the network's to
   * say (one more output than a step has), an estimate that is clipped by its own quantile (a sort
   * of the whole row), and guidance that is rescaled (a reduction of two predictions); these take
   * single steps.
   */
  static boolean expressible(ChainPlan plan, @Nullable Guidance guidance) {
    return !plan.usesVariance()
        && !(plan.clipping() instanceof DynamicThreshold)
        && (guidance == null || guidance.rescale() == 0);
  }

  /** The most rows of a call; a guided sample has two. */
  int maxRows();

  /** The most steps of a call. */
  int maxSteps();

  /**
   * Takes the same number of steps with each sample.
   *
   * @param samples at least one, with at most {@link #maxRows()} rows; states, estimates and
   *     histories are changed, the step they are at is not
   * @param steps 1..{@link #maxSteps()}, at most what each sample has left
   * @throws IllegalArgumentException when rows, steps or an array's length do not fit, or a sample
   *     is not {@link #expressible}
   * @throws DenoiserException when the runtime fails; all arrays are then as before
   */
  void run(List<? extends ChainRow> samples, int steps);

  /** Frees what is native. A second call does nothing. */
  @Override
  void close();
}
