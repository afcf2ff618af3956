package dev.ancestral.server.onnx.chain;

import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one row needs in one step beside its timestep, its noise and factors of its history. */
public enum Coefficient {
  /** Factor of x in the estimate of x0. */
  AX,
  /** Factor of m in the estimate of x0. */
  AM,
  /** Factor of the clipped estimate. */
  B0,
  /** Factor of x. */
  BX,
  /** Factor of m. */
  BM,
  /** Factor of x in what the step leaves in the history. */
  HX,
  /** Factor of the clipped estimate in it. */
  H0,
  /** Factor of m in it. */
  HM,
  /** Factor of the noise. */
  BZ,
  /** Lower bound of the estimate; negative infinity for none. */
  LOW,
  /** Upper bound of the estimate; infinity for none. */
  HIGH,
  /** Guidance weight; 1 for a row that is its own. */
  WEIGHT;

  /** The columns of the chain graph's table, in their order. */
  public static final List<Coefficient> COLUMNS = List.of(values());

  /** As the tensor has it. */
  public float value(ChainPlan plan, Step step, @Nullable Guidance guidance) {
    return (float)
        switch (this) {
          case AX -> step.ax();
          case AM -> step.am();
          case B0 -> step.b0();
          case BX -> step.bx();
          case BM -> step.bm();
          case HX -> step.leaves().x();
          case H0 -> step.leaves().x0();
          case HM -> step.leaves().m();
          case BZ -> step.bz();
          case LOW ->
              plan.clipping() instanceof ClipRange range ? range.min() : Double.NEGATIVE_INFINITY;
          case HIGH ->
              plan.clipping() instanceof ClipRange range ? range.max() : Double.POSITIVE_INFINITY;
          case WEIGHT -> guidance == null ? 1 : guidance.weight();
        };
  }
}
