package dev.ancestral.diffusion.schedule;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.Transition;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The noise schedule: the level of noise at each timestep, and what follows from it, in double
 * precision. Two kinds exist:
 *
 * <ul>
 *   <li>variance-preserving, given by β_0..β_{T-1} (Ho et al. 2020, section 2): α² = ᾱ, σ² = 1 - ᾱ;
 *   <li>variance-exploding, given by σ_0..σ_{T-1} (Song and Ermon 2019, section 4): α = 1.
 * </ul>
 *
 * <p>Immutable. t = 0 is the least noisy level, one noising step; before it stand the data, {@link
 * NoiseLevel#CLEAN}.
 */
public final class NoiseSchedule {
  /** Largest T: a hundred times what anybody trains with. */
  public static final int MOST_TIMESTEPS = 100_000;

  private final double @Nullable [] betas;
  private final NoiseLevel[] levels;

  private NoiseSchedule(double @Nullable [] betas, NoiseLevel[] levels) {
    this.betas = betas;
    this.levels = levels;
  }

  /**
   * The variance-preserving schedule of these betas.
   *
   * @param betas β_t for t = 0..T-1, T at least 1, each in (0, 1), the last at most 1
   * @throws IllegalArgumentException naming the first beta that is out of bounds
   */
  public static NoiseSchedule ofBetas(double[] betas) {
    if (betas.length == 0) {
      throw new IllegalArgumentException("betas: none given (expected: at least 1)");
    }
    checkTimesteps(betas.length);
    NoiseLevel[] levels = new NoiseLevel[betas.length];
    double alphaBar = 1;
    for (int t = 0; t < betas.length; t++) {
      // 1 itself is what zero terminal SNR asks of the last step; earlier it would leave no signal.
      boolean last = t == betas.length - 1 && t > 0;
      if (!(betas[t] > 0 && (last ? betas[t] <= 1 : betas[t] < 1))) {
        throw new IllegalArgumentException(
            "betas[%d]: %s (expected: above 0, %s 1)"
                .formatted(t, betas[t], last ? "at most" : "below"));
      }
      alphaBar *= 1 - betas[t];
      if (alphaBar == 1) {
        throw new IllegalArgumentException(
            "betas[%d]: %s (expected: enough to add noise, 1 - beta below 1 in double precision)"
                .formatted(t, betas[t]));
      }
      levels[t] = NoiseLevel.preserving(alphaBar);
    }
    return new NoiseSchedule(betas.clone(), levels);
  }

  /**
   * The variance-exploding schedule of these noise levels.
   *
   * @param sigmas σ_t for t = 0..T-1, T at least 1, above 0 and strictly rising
   * @throws IllegalArgumentException naming the first level that is out of bounds
   */
  public static NoiseSchedule ofSigmas(double[] sigmas) {
    if (sigmas.length == 0) {
      throw new IllegalArgumentException("sigmas: none given (expected: at least 1)");
    }
    checkTimesteps(sigmas.length);
    NoiseLevel[] levels = new NoiseLevel[sigmas.length];
    double before = 0;
    for (int t = 0; t < sigmas.length; t++) {
      if (!(sigmas[t] > before && Double.isFinite(sigmas[t]))) {
        throw new IllegalArgumentException(
            "sigmas[%d]: %s (expected: above %s)".formatted(t, sigmas[t], before));
      }
      double square = sigmas[t] * sigmas[t];
      if (!(square > 0 && Double.isFinite(square))) {
        throw new IllegalArgumentException(
            "sigmas[%d]: %s (expected: one whose square is a number above 0 in double precision)"
                .formatted(t, sigmas[t]));
      }
      before = sigmas[t];
      levels[t] = NoiseLevel.exploding(before);
    }
    return new NoiseSchedule(null, levels);
  }

  /**
   * This schedule shifted and scaled so that ᾱ_{T-1} is 0 and ᾱ_0 stays (Lin et al. 2024, algorithm
   * 1). Such a chain needs a network that predicts v or x0, and trailing spacing.
   *
   * @throws IllegalStateException if it is not variance-preserving
   * @throws IllegalArgumentException if it has one timestep alone
   */
  public NoiseSchedule withZeroTerminalSnr() {
    double[] rescaled = betas();
    int last = rescaled.length - 1;
    if (last == 0) {
      throw new IllegalArgumentException(
          "timesteps: 1 (expected: at least 2, since the first keeps its signal and the last loses it)");
    }
    double first = alpha(0);
    double terminal = alpha(last);
    double before = 1;
    for (int t = 0; t <= last; t++) {
      double root = (alpha(t) - terminal) * first / (first - terminal);
      rescaled[t] = 1 - root * root / before;
      before = root * root;
    }
    return ofBetas(rescaled);
  }

  /**
   * This schedule with another level at timestep T-1, which need not be noisier than the one before
   * it, and the same betas: what diffusers' solvers make of zero terminal SNR, where σ/α would be
   * infinite.
   *
   * @param alphaBar above 0, below 1
   * @throws IllegalStateException if it is not variance-preserving
   */
  public NoiseSchedule withFinalAlphaBar(double alphaBar) {
    NoiseLevel[] replaced = levels.clone();
    replaced[replaced.length - 1] = NoiseLevel.preserving(alphaBar);
    return new NoiseSchedule(requireBetas(), replaced);
  }

  /**
   * Checks a T before anything of that size is made.
   *
   * @throws IllegalArgumentException if it is out of bounds
   */
  static void checkTimesteps(int timesteps) {
    if (timesteps < 1 || timesteps > MOST_TIMESTEPS) {
      throw new IllegalArgumentException(
          "timesteps: %d (expected: 1..%d)".formatted(timesteps, MOST_TIMESTEPS));
    }
  }

  /** T, the number of timesteps. */
  public int timesteps() {
    return levels.length;
  }

  /** Whether α² + σ² = 1, so that the schedule has betas; else it is variance-exploding. */
  public boolean isVariancePreserving() {
    return betas != null;
  }

  /**
   * A copy of β_0..β_{T-1}.
   *
   * @throws IllegalStateException if it is variance-exploding: there are none
   */
  public double[] betas() {
    return requireBetas().clone();
  }

  /**
   * β_t.
   *
   * @throws IllegalStateException if it is variance-exploding: there are none
   */
  public double beta(int t) {
    return requireBetas()[t];
  }

  private double[] requireBetas() {
    if (betas == null) {
      throw new IllegalStateException(
          "betas: a variance-exploding schedule has none (expected: a variance-preserving one)");
    }
    return betas;
  }

  /** A copy of σ_0..σ_{T-1}. */
  public double[] sigmas() {
    return Arrays.stream(levels).mapToDouble(NoiseLevel::sigma).toArray();
  }

  /** α and σ at a timestep. */
  public NoiseLevel level(int t) {
    return levels[t];
  }

  /**
   * The level at a timestep that may lie between two trained ones: there log(σ/α) is interpolated
   * linearly.
   *
   * @param timestep 0..T-1
   * @throws IllegalArgumentException if it is out of bounds, or beside a level without signal,
   *     whose σ/α is infinite
   */
  public NoiseLevel levelAt(double timestep) {
    int last = levels.length - 1;
    if (!(timestep >= 0 && timestep <= last)) {
      throw new IllegalArgumentException(
          "timestep: %s (expected: 0..%d)".formatted(timestep, last));
    }
    int below = (int) timestep;
    if (below == timestep) {
      return levels[below];
    }
    if (levels[below + 1].alphaSquared() == 0) {
      throw new IllegalArgumentException(
          "timestep: %s (expected: at most %d, or %d, where no signal is left)"
              .formatted(timestep, below, last));
    }
    double low = Math.log(levels[below].relativeSigma());
    double high = Math.log(levels[below + 1].relativeSigma());
    return levelOf(Math.exp(low + (timestep - below) * (high - low)));
  }

  /** The level of this process that has this σ/α, a number above 0. */
  public NoiseLevel levelOf(double relativeSigma) {
    if (!isVariancePreserving()) {
      return NoiseLevel.exploding(relativeSigma);
    }
    double total = 1 + relativeSigma * relativeSigma;
    return new NoiseLevel(1 / total, relativeSigma * relativeSigma / total);
  }

  /**
   * The timestep that has this σ/α, between two trained ones by its logarithm; the nearest end
   * where there is none. The inverse of {@link #levelAt}.
   */
  public double timestepOf(double relativeSigma) {
    int above = 0;
    while (above < levels.length && levels[above].relativeSigma() < relativeSigma) {
      above++;
    }
    if (above == 0 || above == levels.length) {
      // The ends, or beyond them by rounding.
      return Math.max(0, above - 1);
    }
    double low = Math.log(levels[above - 1].relativeSigma());
    double high = Math.log(levels[above].relativeSigma());
    return above - 1 + (Math.log(relativeSigma) - low) / (high - low);
  }

  /** The level at t and the one before it, which is clean at t = 0. */
  public Transition transition(int t) {
    return new Transition(levels[t], t == 0 ? NoiseLevel.CLEAN : levels[t - 1]);
  }

  /** α², the share of x0's variance that is left; ᾱ_t = Π_{s≤t} (1 - β_s) where it has betas. */
  public double alphaBar(int t) {
    return levels[t].alphaSquared();
  }

  /** The factor of x0 in x_t. */
  public double alpha(int t) {
    return levels[t].alpha();
  }

  /** The factor of ε in x_t. */
  public double sigma(int t) {
    return levels[t].sigma();
  }

  /** Signal-to-noise ratio α²/σ². */
  public double snr(int t) {
    return levels[t].snr();
  }

  /** Signal-to-noise ratio at t = T-1; sampling from pure noise presumes that it is small. */
  public double finalSnr() {
    return snr(levels.length - 1);
  }

  /** Factor of x0 in the posterior's mean (Ho et al. 2020, eq. 7). */
  public double posteriorMeanFromX0(int t) {
    return transition(t).meanFromX0();
  }

  /** Factor of x_t in the posterior's mean (Ho et al. 2020, eq. 7). */
  public double posteriorMeanFromState(int t) {
    return transition(t).meanFromState();
  }

  /** β̃_t, the posterior's variance (Ho et al. 2020, eq. 7); 0 at t = 0. */
  public double posteriorVariance(int t) {
    return transition(t).posteriorVariance();
  }

  /** log β̃_t, where the entry at t = 0 (log 0) repeats the next one. */
  public double posteriorLogVarianceClipped(int t) {
    return Math.log(posteriorVariance(t == 0 ? Math.min(1, levels.length - 1) : t));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NoiseSchedule schedule
        && Arrays.equals(betas, schedule.betas)
        && Arrays.equals(levels, schedule.levels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(levels);
  }
}
