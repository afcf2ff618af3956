package dev.ancestral.exporter.fit;

import java.util.List;
import java.util.Locale;

/**
 * How much a fit has to do and to hold, known before it starts.
 *
 * @param rows of the network's batches, all together; with a search, at most
 * @param bytes of states that it holds at once, about
 */
record Work(long rows, long bytes) {
  /** Besides the fitted chain: ddim and dpmpp-2m. */
  private static final int RIVALS = 2;

  /** Of a stage of a fit: state, estimate, next state; of the best one and two on trial. */
  private static final int ARRAYS_OF_A_STAGE = 9;

  /**
   * Counts.
   *
   * @param options what is asked for
   * @param calls the lengths of the chains
   * @param weights of guidance
   * @param teacherSteps of the teacher
   * @param elements of a sample
   * @param realReference whether there are data to compare with, so that the teacher need not draw
   *     more
   */
  static Work of(
      FitOptions options,
      List<Integer> calls,
      List<Double> weights,
      int teacherSteps,
      int elements,
      boolean realReference) {
    long chains = options.chains();
    long samples = options.samples();
    long rowsOfACall = weights.stream().mapToLong(weight -> weight == 1 ? 1 : 2).sum();
    long all = calls.stream().mapToLong(Integer::longValue).sum();
    long calledByFit = Grids.most() * calls.stream().mapToLong(ChainFit::mostCalls).sum();
    long calledByChain = 2L * teacherSteps + calledByFit + all * (1 + RIVALS);
    if (options.search()) {
      calledByChain += calls.stream().mapToLong(TimeSearch::mostCalls).sum();
    }
    long calledBySample = all + teacherSteps * (realReference ? 1L : 2L);
    long rows = rowsOfACall * (chains * calledByChain + samples * calledBySample);
    int longest = calls.get(calls.size() - 1);
    long held =
        weights.size() * chains * (teacherSteps + 1L + (long) ARRAYS_OF_A_STAGE * longest)
            + samples * (2L + (realReference ? 0 : weights.size()) + 2L);
    return new Work(rows, held * elements * Float.BYTES);
  }

  /** As {@code 1.2 GiB}. */
  static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }
}
