package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How samples are drawn: for the grids of the run, and as what a served model recommends.
 *
 * @param sampler its name
 * @param steps N
 * @param spacing which timesteps are visited
 * @param clip whether estimates of x0 are clipped to the data's range
 * @param variance of a ddpm step
 * @param options other settings of the sampler, given by name beside these; the rest have the
 *     sampler's own defaults
 * @param guidanceWeight w of samples with labels
 * @param guidanceRescale φ that goes with it
 */
public record SamplingConfig(
    String sampler,
    int steps,
    TimestepSpacing spacing,
    boolean clip,
    Variance variance,
    SamplerOptions options,
    double guidanceWeight,
    double guidanceRescale) {
  /** Settings that have a key of their own, since a bundle says them too. */
  private static final Set<SamplerOption<?>> OWN_KEYS =
      Set.of(SamplerOption.SPACING, SamplerOption.VARIANCE);

  /**
   * Checks that the sampler exists, and the guidance's bounds; how many steps it can take depends
   * on the schedule.
   */
  public SamplingConfig {
    Samplers.of(sampler);
    Guidance.requireValid("sampling.", guidanceWeight, guidanceRescale);
  }

  /**
   * Reads the section.
   *
   * @param timesteps T, on which the steps depend where nothing is said
   */
  static SamplingConfig of(Section section, int timesteps) {
    Sampler sampler = section.named("sampler", "ddim", Samplers::of);
    int steps = section.integer("steps", sampler.defaultSteps(timesteps));
    SamplingConfig config =
        new SamplingConfig(
            sampler.name(),
            steps,
            section.named("spacing", TimestepSpacing.TRAILING.label(), TimestepSpacing::of),
            section.flag("clip", true),
            section.named("variance", Variance.FIXED_SMALL.label(), Variance::of),
            options(section, steps),
            section.number("guidance_weight", 1),
            section.number("guidance_rescale", 0));
    section.finish();
    return config;
  }

  private static SamplerOptions options(Section section, int steps) {
    SamplerOptions options = SamplerOptions.ofSteps(steps);
    for (SamplerOption<?> option : SamplerOption.all()) {
      Object value = OWN_KEYS.contains(option) ? null : section.value(option.name());
      if (value != null) {
        try {
          options = options.read(option, value);
        } catch (IllegalArgumentException e) {
          // Its message starts with the option's name.
          throw new IllegalArgumentException("sampling." + e.getMessage(), e);
        }
      }
    }
    return options;
  }

  /** What the sampler is told, but for the clipping, whose range is the data's. */
  public SamplerOptions samplerOptions() {
    // Trailing is what every sampler with a spacing does by itself, and the others take none.
    return spacing == TimestepSpacing.TRAILING
        ? options
        : options.with(SamplerOption.SPACING, spacing);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("sampler", sampler);
    map.put("steps", steps);
    map.put("spacing", spacing.label());
    map.put("clip", clip);
    map.put("variance", variance.label());
    map.putAll(options.written());
    map.put("guidance_weight", guidanceWeight);
    map.put("guidance_rescale", guidanceRescale);
    return map;
  }
}
