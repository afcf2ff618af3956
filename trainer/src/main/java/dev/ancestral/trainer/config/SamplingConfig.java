package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How samples are drawn: for the grids of the run, and as what a served model recommends.
 *
 * @param sampler its name
 * @param steps N, at most the schedule's T
 * @param spacing which timesteps are visited
 * @param clip whether estimates of x0 are clipped to the data's range
 * @param variance of a ddpm step
 */
public record SamplingConfig(
    String sampler, int steps, TimestepSpacing spacing, boolean clip, Variance variance) {
  private static final int DEFAULT_STEPS = 50;

  /** Checks that the sampler exists. */
  public SamplingConfig {
    Samplers.of(sampler);
  }

  /**
   * Reads the section.
   *
   * @param timesteps T, which bounds the steps where nothing is said
   */
  static SamplingConfig of(Section section, int timesteps) {
    SamplingConfig config =
        new SamplingConfig(
            section.text("sampler", "ddim"),
            section.integer("steps", Math.min(DEFAULT_STEPS, timesteps)),
            spacing(section.text("spacing", "trailing")),
            section.flag("clip", true),
            Variance.of(section.text("variance", Variance.FIXED_SMALL.label())));
    section.finish();
    return config;
  }

  private static TimestepSpacing spacing(String label) {
    return Arrays.stream(TimestepSpacing.values())
        .filter(spacing -> label(spacing).equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                dev.ancestral.diffusion.Names.unknown(
                    "sampling.spacing",
                    label,
                    Arrays.stream(TimestepSpacing.values()).map(SamplingConfig::label).toList()));
  }

  private static String label(TimestepSpacing spacing) {
    return spacing.name().toLowerCase(Locale.ROOT);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("sampler", sampler);
    map.put("steps", steps);
    map.put("spacing", label(spacing));
    map.put("clip", clip);
    map.put("variance", variance.label());
    return map;
  }
}
