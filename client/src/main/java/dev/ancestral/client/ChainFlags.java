package dev.ancestral.client;

import dev.ancestral.v1.FastDpmApproximation;
import dev.ancestral.v1.FastDpmGrowth;
import dev.ancestral.v1.FinalLevel;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.TimestepSpacing;
import dev.ancestral.v1.Variance;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The flags that say how the chain runs. What is not given is left to the server, and so is the
 * judgement of what goes together.
 */
final class ChainFlags {
  static final class SpacingWords extends Choice<TimestepSpacing> {
    SpacingWords() {
      super(TimestepSpacing.TIMESTEP_SPACING_UNSPECIFIED);
    }
  }

  static final class VarianceWords extends Choice<Variance> {
    VarianceWords() {
      super(Variance.VARIANCE_UNSPECIFIED);
    }
  }

  static final class FinalLevelWords extends Choice<FinalLevel> {
    FinalLevelWords() {
      super(FinalLevel.FINAL_LEVEL_UNSPECIFIED);
    }
  }

  static final class ApproximationWords extends Choice<FastDpmApproximation> {
    ApproximationWords() {
      super(FastDpmApproximation.FAST_DPM_APPROXIMATION_UNSPECIFIED);
    }
  }

  static final class GrowthWords extends Choice<FastDpmGrowth> {
    GrowthWords() {
      super(FastDpmGrowth.FAST_DPM_GROWTH_UNSPECIFIED);
    }
  }

  @Option(
      names = "--sampler",
      paramLabel = "NAME",
      description = {
        "ddpm, ddim, dpmpp-2m, fastdpm or euler; langevin or annealed-langevin for models that predict the score.",
        "Default: the model's."
      })
  private @Nullable String sampler;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of the chain. Default: the model's, or the sampler's.")
  private @Nullable Integer steps;

  @Option(
      names = "--spacing",
      paramLabel = "NAME",
      converter = SpacingWords.class,
      completionCandidates = SpacingWords.class,
      description = "Which timesteps are visited: ${COMPLETION-CANDIDATES}. Default: the model's.")
  private @Nullable TimestepSpacing spacing;

  @Option(
      names = "--respacing",
      paramLabel = "TEXT",
      description = {
        "In place of --spacing and --steps, improved-diffusion's notation:",
        "10,15,20 takes so many from each third of the timesteps, ddim25 takes 25 with a whole stride."
      })
  private @Nullable String respacing;

  @Option(
      names = "--clip",
      negatable = true,
      description = "Clip each estimate of x_0 to the data's range, or not. Default: the model's.")
  private @Nullable Boolean clip;

  @Option(
      names = "--threshold-quantile",
      paramLabel = "Q",
      description = "Dynamic thresholding at this quantile, such as 0.995, in place of clipping.")
  private @Nullable Double thresholdQuantile;

  @Option(
      names = "--variance",
      paramLabel = "NAME",
      converter = VarianceWords.class,
      completionCandidates = VarianceWords.class,
      description = "ddpm: variance of the noise: ${COMPLETION-CANDIDATES}. Default: the model's.")
  private @Nullable Variance variance;

  @Option(
      names = "--eta",
      paramLabel = "E",
      description =
          "ddim: noise of the steps, 0 (none) to 1 (as ddpm). Default: the model's, else 0.")
  private @Nullable Double eta;

  @Option(
      names = "--rederive-epsilon",
      negatable = true,
      description =
          "ddim: derive epsilon again from the clipped x_0, or keep the network's. Default: the model's, else derive.")
  private @Nullable Boolean rederiveEpsilon;

  @Option(
      names = "--karras",
      negatable = true,
      description =
          "dpmpp-2m, euler: visit the noise levels of Karras et al. Default: the model's, else no.")
  private @Nullable Boolean karras;

  @Option(
      names = "--lower-order-final",
      negatable = true,
      description =
          "dpmpp-2m: take the last step of fewer than 15 at first order. Default: the model's, else yes.")
  private @Nullable Boolean lowerOrderFinal;

  @Option(
      names = "--final-level",
      paramLabel = "NAME",
      converter = FinalLevelWords.class,
      completionCandidates = FinalLevelWords.class,
      description =
          "ddim, dpmpp-2m, euler: where the last step arrives: ${COMPLETION-CANDIDATES}. Default: the model's, else clean.")
  private @Nullable FinalLevel finalLevel;

  @Option(
      names = "--approximation",
      paramLabel = "NAME",
      converter = ApproximationWords.class,
      completionCandidates = ApproximationWords.class,
      description =
          "fastdpm: by trained timesteps or by variances: ${COMPLETION-CANDIDATES}. Default: the model's, else step.")
  private @Nullable FastDpmApproximation approximation;

  @Option(
      names = "--growth",
      paramLabel = "NAME",
      converter = GrowthWords.class,
      completionCandidates = GrowthWords.class,
      description =
          "fastdpm: how those grow: ${COMPLETION-CANDIDATES}. Default: the model's, else linear.")
  private @Nullable FastDpmGrowth growth;

  @Option(
      names = "--kappa",
      paramLabel = "K",
      description =
          "fastdpm: noise of the steps, 0 (none) to 1 (as ddpm). Default: the model's, else 0.")
  private @Nullable Double kappa;

  @Option(
      names = "--step-size",
      paramLabel = "E",
      description =
          "langevin: epsilon. Default: the model's, else 0.001; annealed-langevin: a fifth of the least sigma squared.")
  private @Nullable Double stepSize;

  @Option(
      names = "--decay",
      paramLabel = "D",
      description =
          "langevin: factor of epsilon after each step. Default: the model's, else 0.9; annealed-langevin: 1.")
  private @Nullable Double decay;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "langevin, annealed-langevin: factor of the noise. Default: the model's, else 1.")
  private @Nullable Double temperature;

  /** Writes what was given. */
  void write(SampleRequest.Builder request) {
    ifGiven(sampler, request::setSampler);
    ifGiven(steps, request::setSteps);
    ifGiven(spacing, request::setSpacing);
    ifGiven(respacing, request::setRespacing);
    ifGiven(clip, request::setClip);
    ifGiven(thresholdQuantile, request::setThresholdQuantile);
    ifGiven(variance, request::setVariance);
    ifGiven(eta, request::setEta);
    ifGiven(rederiveEpsilon, request::setRederiveEpsilon);
    ifGiven(karras, request::setKarras);
    ifGiven(lowerOrderFinal, request::setLowerOrderFinal);
    ifGiven(finalLevel, request::setFinalLevel);
    ifGiven(approximation, request::setApproximation);
    ifGiven(growth, request::setGrowth);
    ifGiven(kappa, request::setKappa);
    ifGiven(stepSize, request::setStepSize);
    ifGiven(decay, request::setDecay);
    ifGiven(temperature, request::setTemperature);
  }

  private static <T> void ifGiven(@Nullable T value, Consumer<T> write) {
    if (value != null) {
      write.accept(value);
    }
  }
}
