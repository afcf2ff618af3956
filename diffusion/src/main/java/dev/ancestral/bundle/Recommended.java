package dev.ancestral.bundle;

import dev.ancestral.diffusion.Names;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request gets that does not say.
 *
 * @param sampler its name; null leaves the choice to the server
 * @param steps how many; null leaves the choice to the sampler
 * @param options other settings of that sampler by name, as configurations write them; not spacing
 *     and variance, which the scheduler's configuration says
 * @param guidanceWeight w of requests with labels; 1 is no guidance
 * @param guidanceRescale φ of guided requests
 */
public record Recommended(
    @Nullable String sampler,
    @Nullable Integer steps,
    Map<String, Object> options,
    double guidanceWeight,
    double guidanceRescale) {
  /** By the scheduler's configuration, by the fitted tables, or by requests alone. */
  private static final Set<SamplerOption<?>> SAID_ELSEWHERE =
      Set.of(
          SamplerOption.SPACING,
          SamplerOption.VARIANCE,
          SamplerOption.FITTED_TABLE,
          SamplerOption.TIMESTEPS);

  /** Of a spacing, or in place of one: whoever chooses timesteps wants them without these. */
  private static final Set<SamplerOption<?>> OF_ITS_SPACING =
      Set.of(
          SamplerOption.KARRAS,
          SamplerOption.STEPS_OFFSET,
          SamplerOption.ROUND_TIMESTEPS,
          SamplerOption.BY_STRIDE);

  /** No recommendation. */
  public static final Recommended NONE = new Recommended(null, null);

  /**
   * Checks what can be checked without the model: the steps' lower bound, and the value of each
   * option and of the guidance.
   */
  public Recommended {
    if (steps != null && steps < 1) {
      throw new IllegalArgumentException(
          "recommended.steps: %d (expected: at least 1)".formatted(steps));
    }
    if (sampler != null
        && Samplers.names().contains(sampler)
        && !Samplers.handMade().contains(sampler)) {
      throw new IllegalArgumentException(
          "recommended.sampler: %s (expected: one that needs no fitted tables, as they are proven to be the default or are not)"
              .formatted(sampler));
    }
    Guidance.requireValid("recommended.", guidanceWeight, guidanceRescale);
    options = Collections.unmodifiableMap(read(options).written());
  }

  /**
   * How samples with labels are guided; null if their predictions are their labels' alone.
   *
   * @param classes of the model; null if it is told of none
   */
  public @Nullable Guidance guidance(@Nullable Conditioning classes) {
    Integer nullLabel = classes == null ? null : classes.nullLabel();
    return guidanceWeight == 1 || nullLabel == null
        ? null
        : new Guidance(guidanceWeight, guidanceRescale, nullLabel);
  }

  /** A sampler with its own options, and no guidance. */
  public Recommended(@Nullable String sampler, @Nullable Integer steps) {
    this(sampler, steps, Map.of(), 1, 0);
  }

  /**
   * The given options, and the recommended one in place of each other.
   *
   * @param given for the recommended sampler
   */
  public SamplerOptions addTo(SamplerOptions given) {
    SamplerOptions all = given;
    SamplerOptions recommended = read(options);
    for (SamplerOption<?> option : recommended.given()) {
      boolean replaced =
          OF_ITS_SPACING.contains(option)
              && (given.find(SamplerOption.SPACING).isPresent()
                  || given.find(SamplerOption.TIMESTEPS).isPresent());
      if (!replaced && given.find(option).isEmpty()) {
        all = copy(option, recommended, all);
      }
    }
    return all;
  }

  private static <T> SamplerOptions copy(
      SamplerOption<T> option, SamplerOptions from, SamplerOptions to) {
    return from.find(option).map(value -> to.with(option, value)).orElse(to);
  }

  private static SamplerOptions read(Map<String, Object> options) {
    Map<String, SamplerOption<?>> known = new LinkedHashMap<>();
    for (SamplerOption<?> option : SamplerOption.all()) {
      if (!SAID_ELSEWHERE.contains(option)) {
        known.put(option.name(), option);
      }
    }
    SamplerOptions read = SamplerOptions.ofSteps(1);
    for (Map.Entry<String, Object> entry : options.entrySet()) {
      SamplerOption<?> option = known.get(entry.getKey());
      try {
        if (option == null) {
          throw new IllegalArgumentException(
              entry.getKey() + ": " + Names.problem(entry.getKey(), List.copyOf(known.keySet())));
        }
        read = read.read(option, entry.getValue());
      } catch (IllegalArgumentException e) {
        // Its message starts with the option's name.
        throw new IllegalArgumentException("recommended.options." + e.getMessage(), e);
      }
    }
    return read;
  }
}
