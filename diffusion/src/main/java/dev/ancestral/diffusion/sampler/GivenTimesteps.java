package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The very timesteps that a chain visits, as somebody lists them: what published schedules are that
 * were optimised for a network. Between two trained ones the level of noise is interpolated by
 * log(σ/α).
 *
 * @param list at least one, falling, the last at least 0
 */
public record GivenTimesteps(List<Double> list) {
  private static final String NAME = "timesteps";

  /** Whole timesteps are printed as such. */
  private static final String WHOLE = "whole ones";

  /**
   * Checks the order.
   *
   * @throws InvalidOptionException naming the first number that is out of it
   */
  public GivenTimesteps {
    list = List.copyOf(list);
    if (list.isEmpty()) {
      throw new InvalidOptionException(NAME, "none (expected: at least 1)");
    }
    double before = Double.POSITIVE_INFINITY;
    for (double timestep : list) {
      if (!(timestep >= 0 && Double.isFinite(timestep))) {
        throw new InvalidOptionException(
            NAME, "%s (expected: numbers from 0)".formatted(word(timestep)));
      }
      // The network is given floats.
      if ((float) timestep >= (float) before) {
        throw new InvalidOptionException(
            NAME,
            "%s after %s (expected: falling numbers)".formatted(word(timestep), word(before)));
      }
      before = timestep;
    }
  }

  /** As configurations and requests write it: numbers in a list; null if it is none. */
  static @Nullable GivenTimesteps read(Object value) {
    if (!(value instanceof List<?> written)) {
      return null;
    }
    List<Double> read = new ArrayList<>();
    for (Object number : written) {
      if (!(number instanceof Number given)) {
        return null;
      }
      read.add(given.doubleValue());
    }
    return new GivenTimesteps(read);
  }

  /**
   * The given options, and the defaults of the others, but for those that choose timesteps in
   * another way, where a list is given.
   *
   * @throws InvalidOptionException if such a one is given beside a list, or other steps than it has
   */
  static SamplerOptions complete(SamplerOptions given, SamplerOptions defaults) {
    GivenTimesteps timesteps = given.find(SamplerOption.TIMESTEPS).orElse(null);
    if (timesteps == null) {
      return given.over(defaults);
    }
    SamplerOptions left = given;
    SamplerOptions others = defaults;
    for (SamplerOption<?> option : SamplerOption.OF_A_SPACING) {
      if (given.find(option).isPresent() && !given.find(option).equals(defaults.find(option))) {
        throw besides(option);
      }
      left = left.without(option);
      others = others.without(option);
    }
    if (given.find(SamplerOption.SPACING).isPresent()) {
      throw besides(SamplerOption.SPACING);
    }
    if (given.steps() != timesteps.list().size()) {
      throw new InvalidOptionException(
          "steps",
          "%d (expected: %d, as many as %s)"
              .formatted(given.steps(), timesteps.list().size(), NAME));
    }
    return left.over(others.without(SamplerOption.SPACING));
  }

  private static InvalidOptionException besides(SamplerOption<?> option) {
    return new InvalidOptionException(
        NAME, "given together with %s (expected: one of the two)".formatted(option));
  }

  /** The visits of a chain on these timesteps and then on to {@code end}. */
  List<Visit> visits(DiffusionModel model, NoiseLevel end) {
    NoiseSchedule schedule = model.schedule();
    if (list.size() > schedule.timesteps()) {
      throw new InvalidOptionException(
          NAME, "%d of them (expected: at most %d)".formatted(list.size(), schedule.timesteps()));
    }
    List<NoiseLevel> levels = list.stream().map(timestep -> level(model, timestep)).toList();
    List<Visit> visits = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      NoiseLevel next = i == list.size() - 1 ? end : levels.get(i + 1);
      double timestep = list.get(i);
      visits.add(
          new Visit(
              timestep,
              isWhole(timestep)
                  ? schedule.transition((int) timestep)
                  : new Transition(levels.get(i), next),
              next));
    }
    return visits;
  }

  private static NoiseLevel level(DiffusionModel model, double timestep) {
    int last = model.schedule().timesteps() - 1;
    if (timestep > last) {
      throw new InvalidOptionException(
          NAME, "%s (expected: 0..%d)".formatted(word(timestep), last));
    }
    if (!isWhole(timestep)) {
      model.requireUntrained(SamplerOption.TIMESTEPS, word(timestep), WHOLE);
      model.requireContinuousTimesteps(SamplerOption.TIMESTEPS, word(timestep), WHOLE);
      if (timestep > last - 1 && model.schedule().finalSnr() == 0) {
        throw new InvalidOptionException(
            NAME,
            "%s (expected: at most %d, or %d, where no signal is left)"
                .formatted(word(timestep), last - 1, last));
      }
    }
    return model.schedule().levelAt(timestep);
  }

  private static boolean isWhole(double timestep) {
    return timestep == Math.rint(timestep);
  }

  private static String word(double timestep) {
    return isWhole(timestep) && Math.abs(timestep) < Integer.MAX_VALUE
        ? String.valueOf((int) timestep)
        : String.valueOf(timestep);
  }
}
