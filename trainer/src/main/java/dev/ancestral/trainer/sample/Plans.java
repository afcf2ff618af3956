package dev.ancestral.trainer.sample;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.trainer.config.SamplingConfig;
import dev.ancestral.trainer.config.TrainingConfig;
import org.jspecify.annotations.Nullable;

/** What a run's own samples are drawn with. */
public final class Plans {
  private Plans() {}

  /**
   * The chain that a configuration recommends.
   *
   * @throws IllegalArgumentException if it has more steps than the schedule
   */
  public static ChainPlan of(TrainingConfig config, DataSpec spec) {
    SamplingConfig sampling = config.sampling();
    SamplerOptions options =
        SamplerOptions.ofSteps(sampling.steps())
            .withSpacing(sampling.spacing())
            .withVariance(sampling.variance())
            .withClip(sampling.clip() ? new ClipRange(spec.min(), spec.max()) : ClipRange.NONE);
    return Samplers.of(sampling.sampler())
        .plan(config.schedule().create(), config.prediction(), options);
  }

  /** Sample i has label i modulo the number of classes; 0 without classes. */
  public static long[] labels(@Nullable Conditioning conditioning, int count) {
    long[] labels = new long[count];
    if (conditioning != null) {
      for (int i = 0; i < count; i++) {
        labels[i] = i % conditioning.numClasses();
      }
    }
    return labels;
  }
}
