package dev.ancestral.diffusion.sampler;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chain whose factors were fitted to one network: with the clipped estimate x0 at each timestep,
 * the one p of the step before, and the one e of the step before that,
 *
 * <pre>
 * x' = x·x + x0·x0 + previous·p + earlier·e
 * </pre>
 *
 * <p>For each of some guidance weights, which share the timesteps; between two of them the factors
 * are interpolated linearly, unless that was measured and found no better than hand-made samplers.
 *
 * @param timesteps what the network is given at each step, strictly falling, at least 0; fractions
 *     where the network takes them
 * @param weighted the factors at each weight, in the order of the weights; one of them is 1, which
 *     is no guidance
 */
public record FittedTable(List<Double> timesteps, List<Weighted> weighted) {
  /** Beyond it no chain of few steps goes, and the next state's float would be out of reach. */
  private static final double MOST_FACTOR = 1e6;

  /** As many digits of {@link #sha256} name a table. */
  private static final int ID_DIGITS = 16;

  /**
   * Factors of one step.
   *
   * @param x of the state
   * @param x0 of the clipped estimate
   * @param previous of the step before's clipped estimate; 0 in the first step, which has none
   * @param earlier of the clipped estimate of the step before that; 0 in the first two steps
   */
  public record Factors(double x, double x0, double previous, double earlier) {
    /** Checks that each is a number that a chain can have. */
    public Factors {
      require("x", x);
      require("x0", x0);
      require("previous", previous);
      require("earlier", earlier);
    }

    /** Of a step that reads no estimate but its own and the one before. */
    public Factors(double x, double x0, double previous) {
      this(x, x0, previous, 0);
    }

    private static void require(String field, double factor) {
      if (!(Math.abs(factor) <= MOST_FACTOR)) {
        throw new IllegalArgumentException("%s: %s (expected: -1e6..1e6)".formatted(field, factor));
      }
    }

    private Factors towards(Factors other, double share) {
      return new Factors(
          x + share * (other.x - x),
          x0 + share * (other.x0 - x0),
          previous + share * (other.previous - previous),
          earlier + share * (other.earlier - earlier));
    }
  }

  /**
   * The factors at one guidance weight.
   *
   * @param guidance the weight, w
   * @param steps in the order they run
   * @param proof of these factors
   * @param between what was measured between this weight and the next one; null where nobody did,
   *     or there is none
   */
  public record Weighted(
      double guidance, List<Factors> steps, FittedProof proof, @Nullable FittedBetween between) {
    /** Of which nobody measured what lies between it and the next one. */
    public Weighted(double guidance, List<Factors> steps, FittedProof proof) {
      this(guidance, steps, proof, null);
    }

    /** Copies the steps, and checks the weight and the first two steps. */
    public Weighted {
      steps = List.copyOf(steps);
      if (!(Math.abs(guidance) <= Guidance.MAX_WEIGHT)) {
        throw new IllegalArgumentException(
            "guidance: %s (expected: -100..100)".formatted(guidance));
      }
      if (!steps.isEmpty() && steps.get(0).previous() != 0) {
        throw new IllegalArgumentException(
            "steps[0].previous: %s (expected: 0, as there is no step before)"
                .formatted(steps.get(0).previous()));
      }
      for (int i = 0; i < Math.min(2, steps.size()); i++) {
        if (steps.get(i).earlier() != 0) {
          throw new IllegalArgumentException(
              "steps[%d].earlier: %s (expected: 0, as there are no two steps before)"
                  .formatted(i, steps.get(i).earlier()));
        }
      }
    }
  }

  /** Copies the lists, and checks their order and that they agree. */
  public FittedTable {
    timesteps = List.copyOf(timesteps);
    weighted = List.copyOf(weighted);
    if (timesteps.isEmpty()) {
      throw new IllegalArgumentException("timesteps: none (expected: at least 1)");
    }
    double before = Double.POSITIVE_INFINITY;
    for (int i = 0; i < timesteps.size(); i++) {
      double timestep = timesteps.get(i);
      if (!(timestep >= 0 && timestep < before)) {
        throw new IllegalArgumentException(
            "timesteps[%d]: %s (expected: at least 0, and below the one before)"
                .formatted(i, timestep));
      }
      before = timestep;
    }
    boolean unguided = false;
    before = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < weighted.size(); i++) {
      Weighted factors = weighted.get(i);
      if (!(factors.guidance() > before)) {
        throw new IllegalArgumentException(
            "weighted[%d].guidance: %s (expected: above the one before)"
                .formatted(i, factors.guidance()));
      }
      if (factors.steps().size() != timesteps.size()) {
        throw new IllegalArgumentException(
            "weighted[%d].steps: %d (expected: %d, one a timestep)"
                .formatted(i, factors.steps().size(), timesteps.size()));
      }
      FittedBetween between = factors.between();
      double next =
          i + 1 < weighted.size() ? weighted.get(i + 1).guidance() : Double.NEGATIVE_INFINITY;
      if (between != null
          && !(between.guidance() > factors.guidance() && between.guidance() < next)) {
        throw new IllegalArgumentException(
            "weighted[%d].between.guidance: %s (expected: between this weight and the next one)"
                .formatted(i, between.guidance()));
      }
      before = factors.guidance();
      unguided |= before == 1;
    }
    if (!unguided) {
      throw new IllegalArgumentException(
          "weighted: none with guidance 1 (expected: one, for requests without guidance)");
    }
  }

  /** N, calls of the network for one sample. */
  public int calls() {
    return timesteps.size();
  }

  /** Whether a step reads the estimate before the previous one, at any weight. */
  public boolean readsEarlier() {
    return weighted.stream()
        .flatMap(factors -> factors.steps().stream())
        .anyMatch(step -> step.earlier() != 0);
  }

  /** The weights that it was fitted at, rising. */
  public List<Double> guidances() {
    return weighted.stream().map(Weighted::guidance).toList();
  }

  /** Whether a weight is a fitted one, or lies where factors are interpolated. */
  public boolean covers(double guidance) {
    return find(guidance).isPresent();
  }

  /**
   * The factors at a weight, between two fitted ones by linear interpolation.
   *
   * @throws IllegalArgumentException if the table does not cover it
   */
  public List<Factors> factors(double guidance) {
    List<Weighted> around = around(guidance);
    Weighted low = around.get(0);
    Weighted high = around.get(around.size() - 1);
    if (around.size() == 1) {
      return low.steps();
    }
    double share = (guidance - low.guidance()) / (high.guidance() - low.guidance());
    Factors[] between = new Factors[calls()];
    for (int i = 0; i < between.length; i++) {
      between[i] = low.steps().get(i).towards(high.steps().get(i), share);
    }
    return List.of(between);
  }

  /**
   * Whether it was shown at a weight, or at both neighbours of it, to be as good as the teacher.
   */
  public boolean isProven(double guidance) {
    return covers(guidance) && around(guidance).stream().allMatch(weight -> weight.proof().holds());
  }

  /**
   * The proofs at a weight: that of its own, or of both neighbours.
   *
   * @throws IllegalArgumentException if the table does not cover it
   */
  public List<FittedProof> proofs(double guidance) {
    return around(guidance).stream().map(Weighted::proof).toList();
  }

  private List<Weighted> around(double guidance) {
    return find(guidance)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "guidance: %s (expected: %s)".formatted(guidance, guidanceRange())));
  }

  /** The one of this weight alone, or the two between which it lies. */
  private Optional<List<Weighted>> find(double guidance) {
    for (int i = 0; i < weighted.size(); i++) {
      if (weighted.get(i).guidance() == guidance) {
        return Optional.of(List.of(weighted.get(i)));
      }
      if (reachesNext(i)
          && guidance > weighted.get(i).guidance()
          && guidance < weighted.get(i + 1).guidance()) {
        return Optional.of(List.of(weighted.get(i), weighted.get(i + 1)));
      }
    }
    return Optional.empty();
  }

  private boolean reachesNext(int i) {
    FittedBetween between = weighted.get(i).between();
    return i + 1 < weighted.size() && (between == null || between.holds());
  }

  /** The weights that it takes, in words. */
  String guidanceRange() {
    List<String> ranges = new ArrayList<>();
    double first = weighted.get(0).guidance();
    for (int i = 0; i < weighted.size(); i++) {
      if (!reachesNext(i)) {
        double last = weighted.get(i).guidance();
        ranges.add(first == last ? "%s".formatted(first) : "%s..%s".formatted(first, last));
        first = i + 1 < weighted.size() ? weighted.get(i + 1).guidance() : last;
      }
    }
    return String.join(" or ", ranges);
  }

  /**
   * Of what decides its samples, so of everything but the proofs, in hexadecimal digits: SHA-256 of
   * big-endian numbers, N as an int and the timesteps as doubles, how many weights as an int, and
   * for each its guidance and then x, x0 and previous of every step, and earlier, too, if any step
   * {@link #readsEarlier()}.
   */
  public String sha256() {
    boolean earlier = readsEarlier();
    int doubles = calls() + weighted.size() * (1 + (earlier ? 4 : 3) * calls());
    ByteBuffer content = ByteBuffer.allocate(2 * Integer.BYTES + doubles * Double.BYTES);
    content.putInt(calls());
    timesteps.forEach(content::putDouble);
    content.putInt(weighted.size());
    for (Weighted factors : weighted) {
      content.putDouble(factors.guidance());
      for (Factors step : factors.steps()) {
        content.putDouble(step.x()).putDouble(step.x0()).putDouble(step.previous());
        if (earlier) {
          content.putDouble(step.earlier());
        }
      }
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** What requests and recipes name it by: the first 16 digits of {@link #sha256}. */
  public String id() {
    return sha256().substring(0, ID_DIGITS);
  }
}
