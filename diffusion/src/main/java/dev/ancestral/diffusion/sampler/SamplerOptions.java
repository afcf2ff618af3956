package dev.ancestral.diffusion.sampler;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a chain is made from besides the model: the steps, the clipping, the guidance, and the
 * {@link SamplerOption}s that somebody gave. The others have the sampler's own defaults.
 *
 * <p>Immutable.
 */
public final class SamplerOptions {
  private final int steps;
  private final Clipping clipping;
  private final double guidanceWeight;
  private final double guidanceRescale;
  private final Map<SamplerOption<?>, Object> given;

  private SamplerOptions(
      int steps,
      Clipping clipping,
      double guidanceWeight,
      double guidanceRescale,
      Map<SamplerOption<?>, Object> given) {
    this.steps = steps;
    this.clipping = clipping;
    this.guidanceWeight = guidanceWeight;
    this.guidanceRescale = guidanceRescale;
    this.given = Collections.unmodifiableMap(given);
  }

  /** Nothing given but the steps; clipping to [-1, 1]. */
  public static SamplerOptions ofSteps(int steps) {
    return new SamplerOptions(steps, ClipRange.UNIT, 1, 0, Map.of());
  }

  /** These options with another clipping of x0. */
  public SamplerOptions withClipping(Clipping value) {
    return new SamplerOptions(steps, value, guidanceWeight, guidanceRescale, given);
  }

  /**
   * These options for samples whose predictions are guided.
   *
   * @param weight w; 1 is no guidance
   * @param rescale φ, 0..1
   */
  public SamplerOptions withGuidance(double weight, double rescale) {
    return new SamplerOptions(steps, clipping, weight, rescale, given);
  }

  /**
   * These options and another one; an earlier value of it is replaced.
   *
   * @throws InvalidOptionException if the value is out of the option's bounds
   */
  public <T> SamplerOptions with(SamplerOption<T> option, T value) {
    Map<SamplerOption<?>, Object> more = new LinkedHashMap<>(given);
    more.put(option, option.check(value, value));
    return with(more);
  }

  /**
   * These options and another one, as a configuration writes it.
   *
   * @throws IllegalArgumentException if the value is none of the option's
   */
  public <T> SamplerOptions read(SamplerOption<T> option, Object value) {
    return with(option, option.read(value));
  }

  /** N; its bounds are the sampler's. */
  public int steps() {
    return steps;
  }

  /** What is done to each estimate of x0. */
  public Clipping clipping() {
    return clipping;
  }

  /** The weight by which predictions are guided; 1 for none. */
  public double guidanceWeight() {
    return guidanceWeight;
  }

  /** How much of the contrast that guidance adds is taken back; 0 for none. */
  public double guidanceRescale() {
    return guidanceRescale;
  }

  /** The options that were given. */
  public Set<SamplerOption<?>> given() {
    return given.keySet();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SamplerOptions options
        && steps == options.steps
        && clipping.equals(options.clipping)
        && guidanceWeight == options.guidanceWeight
        && guidanceRescale == options.guidanceRescale
        && given.equals(options.given);
  }

  @Override
  public int hashCode() {
    return Objects.hash(steps, clipping, guidanceWeight, guidanceRescale, given);
  }

  /** The value of an option, if it was given. */
  public <T> Optional<T> find(SamplerOption<T> option) {
    return Optional.ofNullable(given.get(option)).map(option::cast);
  }

  /** The given options by name, as configurations write them; {@link #read} reads them back. */
  public Map<String, Object> written() {
    Map<String, Object> written = new LinkedHashMap<>();
    given.forEach((option, value) -> written.put(option.name(), SamplerOption.write(value)));
    return written;
  }

  /** The value of an option that was given, or is among the sampler's own. */
  <T> T get(SamplerOption<T> option) {
    return find(option)
        .orElseThrow(() -> new IllegalStateException(option + ": is not among " + given()));
  }

  /** These options but for one. */
  SamplerOptions without(SamplerOption<?> option) {
    Map<SamplerOption<?>, Object> fewer = new LinkedHashMap<>(given);
    fewer.remove(option);
    return with(fewer);
  }

  /** These options, and of the others what {@code defaults} says. */
  SamplerOptions over(SamplerOptions defaults) {
    Map<SamplerOption<?>, Object> all = new LinkedHashMap<>(defaults.given);
    all.putAll(given);
    return with(all);
  }

  private SamplerOptions with(Map<SamplerOption<?>, Object> options) {
    return new SamplerOptions(steps, clipping, guidanceWeight, guidanceRescale, options);
  }
}
