package dev.ancestral.trainer.run;

import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;

/**
 * On how many threads to train, found out by trying: which number is fastest depends on the
 * network, the batch, the machine and what else it does, and no rule was right for all of them.
 *
 * @param threads the choice
 * @param seconds of a pass, by each number that was tried; those of the choice alone where passes
 *     are too long to try several
 */
record ThreadChoice(int threads, NavigableMap<Integer, Double> seconds) {
  /** Turns of each number, of which the quickest counts. */
  private static final int TURNS = 3;

  /** Seconds of a pass that is not worth trying twice: such work is shared well. */
  private static final double LONG = 0.5;

  /** A number of threads that is not faster by this share leaves the cores to others. */
  private static final double WORTH_MORE = 0.03;

  /**
   * Tries powers of two, and all.
   *
   * @param most cores there are
   * @param secondsOfPass does one on so many threads
   */
  static ThreadChoice of(int most, IntToDoubleFunction secondsOfPass) {
    NavigableMap<Integer, Double> seconds = new TreeMap<>();
    // The very first one finds memory and kernels.
    double first = Math.min(secondsOfPass.applyAsDouble(most), secondsOfPass.applyAsDouble(most));
    seconds.put(most, first);
    for (int turn = 0; turn < TURNS && first < LONG; turn++) {
      for (int threads = 1; threads < most; threads *= 2) {
        seconds.merge(threads, secondsOfPass.applyAsDouble(threads), Math::min);
      }
      seconds.merge(most, secondsOfPass.applyAsDouble(most), Math::min);
    }
    int best = seconds.firstKey();
    double least = Double.POSITIVE_INFINITY;
    for (var entry : seconds.entrySet()) {
      if (entry.getValue() < (1 - WORTH_MORE) * least) {
        best = entry.getKey();
        least = entry.getValue();
      }
    }
    return new ThreadChoice(best, seconds);
  }

  /** The choice with its reason, in one line. */
  String inWords() {
    return "%d, since a pass takes %s"
        .formatted(
            threads,
            seconds.entrySet().stream()
                .map(
                    entry ->
                        String.format(
                            Locale.ROOT, "%.3g ms with %d", 1e3 * entry.getValue(), entry.getKey()))
                .collect(Collectors.joining(", ")));
  }
}
