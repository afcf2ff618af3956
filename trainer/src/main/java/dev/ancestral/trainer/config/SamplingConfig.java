package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
  private static final Setting<Sampler> SAMPLER =
      Setting.named(
              "sampling.sampler",
              "how samples are drawn: for the run's grids, and as a bundle recommends it",
              Samplers.handMade(),
              Samplers::handMade)
          .or(Samplers.of("ddim"))
          .orAs("ddim")
          .changeable();
  private static final Setting<Integer> STEPS =
      Setting.integer("sampling.steps", "N, the steps of a chain")
          .within(new Bounds<>(steps -> true, "1..T"))
          .orAs("the sampler's own")
          .changeable();
  private static final Setting<TimestepSpacing> SPACING =
      Setting.named(
              "sampling.spacing",
              "which timesteps a chain visits",
              TimestepSpacing.labels(),
              TimestepSpacing::of)
          .or(TimestepSpacing.TRAILING)
          .orAs(TimestepSpacing.TRAILING.label())
          .changeable();
  private static final Setting<Boolean> CLIP =
      Setting.flag("sampling.clip", "whether estimates of x0 are clipped to the data's range")
          .or(true)
          .changeable();
  private static final Setting<Variance> VARIANCE =
      Setting.named(
              "sampling.variance",
              "of a ddpm step; a learned one is trained too",
              Variance.labels(),
              Variance::of)
          .or(Variance.FIXED_SMALL)
          .orAs(Variance.FIXED_SMALL.label());
  private static final Setting<Double> GUIDANCE_WEIGHT =
      Setting.number(
              "sampling.guidance_weight",
              "w of samples with labels: 1 is the label's own prediction, more leans away from none")
          .within(new Bounds<>(weight -> true, "-100..100"))
          .or(1.0)
          .changeable();
  private static final Setting<Double> GUIDANCE_RESCALE =
      Setting.number("sampling.guidance_rescale", "φ, against the contrast of a large weight")
          .within(new Bounds<>(rescale -> true, "0..1"))
          .or(0.0)
          .changeable();

  /** Settings of samplers, but for those that have a key of their own since a bundle says them. */
  private static final Map<SamplerOption<?>, Setting<Object>> OPTIONS = optionSettings();

  static final SettingGroup SETTINGS =
      SettingGroup.of("sampling", SAMPLER, STEPS, SPACING, CLIP, VARIANCE)
          .and(OPTIONS.values().toArray(Setting<?>[]::new))
          .and(GUIDANCE_WEIGHT, GUIDANCE_RESCALE);

  private static Map<SamplerOption<?>, Setting<Object>> optionSettings() {
    Map<SamplerOption<?>, Setting<Object>> options = new LinkedHashMap<>();
    for (SamplerOption<?> option : SamplerOption.all()) {
      if (option != SamplerOption.SPACING && option != SamplerOption.VARIANCE) {
        Map<String, Object> takers = takers(option);
        if (takers.isEmpty()) {
          // Requests alone have these: a list of timesteps, and tables fitted after the training.
          continue;
        }
        options.put(
            option,
            Setting.any(
                    "sampling." + option.name(),
                    "of the samplers " + String.join(", ", takers.keySet()),
                    option.expectation())
                .orAs(
                    takers.entrySet().stream()
                        .map(taker -> taker.getValue() + " for " + taker.getKey())
                        .collect(Collectors.joining(", ")))
                .changeable());
      }
    }
    return options;
  }

  /** The samplers that take an option, each with the value it has when nobody says. */
  private static Map<String, Object> takers(SamplerOption<?> option) {
    Map<String, Object> takers = new LinkedHashMap<>();
    for (String name : Samplers.handMade()) {
      Object own = own(name, option, "linear");
      if (own != null) {
        boolean same = own.equals(own(name, option, "squaredcos_cap_v2"));
        takers.put(name, same ? own : "what fits the schedule");
      }
    }
    return takers;
  }

  private static @Nullable Object own(String sampler, SamplerOption<?> option, String schedule) {
    DiffusionModel model =
        DiffusionModel.of(BetaSchedules.create(schedule, 1000, Map.of()), PredictionType.EPSILON);
    return Samplers.of(sampler).defaults(model).written().get(option.name());
  }

  /**
   * Checks that the sampler exists, and the guidance's bounds; how many steps it can take depends
   * on the schedule.
   */
  public SamplingConfig {
    Samplers.handMade(sampler);
    Guidance.requireValid("sampling.", guidanceWeight, guidanceRescale);
  }

  /**
   * Reads the section.
   *
   * @param timesteps T, on which the steps depend where nothing is said
   */
  static SamplingConfig of(Section section, int timesteps) {
    Sampler sampler = section.get(SAMPLER);
    int steps = section.get(STEPS, sampler.defaultSteps(timesteps));
    SamplingConfig config =
        new SamplingConfig(
            sampler.name(),
            steps,
            section.get(SPACING),
            section.get(CLIP),
            section.get(VARIANCE),
            options(section, steps),
            section.get(GUIDANCE_WEIGHT),
            section.get(GUIDANCE_RESCALE));
    section.finish();
    return config;
  }

  private static SamplerOptions options(Section section, int steps) {
    SamplerOptions options = SamplerOptions.ofSteps(steps);
    for (Map.Entry<SamplerOption<?>, Setting<Object>> option : OPTIONS.entrySet()) {
      Object value = section.find(option.getValue());
      if (value != null) {
        try {
          options = options.read(option.getKey(), value);
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
    map.put(SAMPLER.name(), sampler);
    map.put(STEPS.name(), steps);
    map.put(SPACING.name(), spacing.label());
    map.put(CLIP.name(), clip);
    map.put(VARIANCE.name(), variance.label());
    map.putAll(options.written());
    map.put(GUIDANCE_WEIGHT.name(), guidanceWeight);
    map.put(GUIDANCE_RESCALE.name(), guidanceRescale);
    return map;
  }
}
