package dev.ancestral.server.repository;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.diffusion.sampler.InvalidOptionException;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.TimestepSelection;

/** What a request gets that does not say. */
public final class Defaults {
  /** Fits every model, and needs few steps. */
  private static final String SAMPLER = "ddim";

  private static final SamplerOption<TimestepSelection> SPACING = SamplerOption.SPACING;

  private Defaults() {}

  /** The sampler that the bundle recommends, else DDIM. */
  public static Sampler sampler(Bundle bundle) {
    String recommended = bundle.recommended().sampler();
    return Samplers.of(recommended == null ? SAMPLER : recommended);
  }

  /**
   * The steps that the bundle recommends, else as many as the sampler takes; a recommendation is
   * for its own sampler.
   */
  public static int steps(Bundle bundle, Sampler sampler) {
    Recommended recommended = bundle.recommended();
    Integer steps = recommended.steps();
    return steps != null && isRecommended(bundle, sampler)
        ? steps
        : sampler.defaultSteps(bundle.scheduler().schedule().timesteps());
  }

  private static boolean isRecommended(Bundle bundle, Sampler sampler) {
    return sampler.name().equals(sampler(bundle).name());
  }

  /**
   * The given options, and of each other one that the sampler takes the value that the bundle
   * recommends for it, else the sampler's own.
   *
   * @throws InvalidOptionException if the sampler does not fit the model, or an option the sampler
   */
  public static SamplerOptions options(Bundle bundle, Sampler sampler, SamplerOptions given) {
    SamplerOptions options =
        sampler.resolve(
            bundle.model(),
            isRecommended(bundle, sampler) ? bundle.recommended().addTo(given) : given);
    return options.find(SPACING).isPresent() && given.find(SPACING).isEmpty()
        ? options.with(SPACING, bundle.scheduler().spacing())
        : options;
  }
}
