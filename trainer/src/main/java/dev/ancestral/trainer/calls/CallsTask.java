package dev.ancestral.trainer.calls;

import dev.ancestral.diffusion.sampler.Guidance;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is to be measured.
 *
 * @param calls of the network for one sample, each at least 1
 * @param samplers their names; none for every one that fits the network
 * @param teacher what they are held against
 * @param count samples of each chain, of the same seeds
 * @param guidance weight of them all; null for what the run recommends
 * @param seed of noise, bootstrap, classifier and the data's halves
 */
public record CallsTask(
    List<Integer> calls,
    List<String> samplers,
    Chosen teacher,
    int count,
    @Nullable Double guidance,
    long seed) {
  /** Fewer make no covariance and no neighbours. */
  private static final int LEAST_COUNT = 10;

  /**
   * A sampler and its calls.
   *
   * @param sampler its name
   * @param calls at least 1
   */
  public record Chosen(String sampler, int calls) {
    private static final Pattern TEXT = Pattern.compile("([a-z0-9-]{1,40}):([1-9][0-9]{0,6})");

    /**
     * Reads one such as {@code ddim:100}.
     *
     * @throws IllegalArgumentException naming the text and the expectation
     */
    public static Chosen of(String text) {
      Matcher parts = TEXT.matcher(text);
      if (!parts.matches()) {
        throw new IllegalArgumentException(
            "--teacher: %s (expected: a sampler and its calls, such as ddim:100)".formatted(text));
      }
      return new Chosen(parts.group(1), Integer.parseInt(parts.group(2)));
    }

    @Override
    public String toString() {
      return sampler + ":" + calls;
    }
  }

  /** Sorts the calls, drops what is named twice, and checks the bounds. */
  public CallsTask {
    calls = calls.stream().sorted().distinct().toList();
    samplers = samplers.stream().distinct().toList();
    if (calls.isEmpty() || calls.get(0) < 1) {
      throw new IllegalArgumentException(
          "--calls: %s (expected: each at least 1)".formatted(calls));
    }
    if (count < LEAST_COUNT) {
      throw new IllegalArgumentException(
          "--count: %d (expected: at least %d)".formatted(count, LEAST_COUNT));
    }
    if (guidance != null && !(Math.abs(guidance) <= Guidance.MAX_WEIGHT)) {
      throw new IllegalArgumentException(
          "--guidance: %s (expected: -100..100)".formatted(guidance));
    }
  }
}
