package dev.ancestral.exporter.fit;

import dev.ancestral.trainer.quality.Features;
import java.util.List;
import java.util.Locale;

/**
 * How much a fit has to do and to hold, known before it starts.
 *
 * @param rows of the network's batches, all together; with a search, at most
 * @param moreRows that come to it at most where the samples leave open what is proven
 * @param bytes of states and samples that it holds at once, about
 */
record Work(long rows, long moreRows, long bytes) {
  /** Besides the fitted chain: ddim and dpmpp-2m. */
  private static final int RIVALS = 2;

  /** Of a stage of a fit: state, estimate, next state; of one a grid and two on trial. */
  private static final int ARRAYS_OF_A_STAGE = 3 * (Grids.most() + 2);

  /**
   * Counts.
   *
   * @param options what is asked for
   * @param calls the lengths of the chains
   * @param weights of guidance
   * @param teacherSteps of the teacher
   * @param elements of a sample
   * @param data how many samples of the run's data there are to compare with; 0 for none, so that
   *     the teacher draws them
   */
  static Work of(
      FitOptions options,
      List<Integer> calls,
      List<Double> weights,
      int teacherSteps,
      int elements,
      int data) {
    long chains = options.chains();
    long samples = options.samples();
    long all = calls.stream().mapToLong(Integer::longValue).sum();
    long fits = Grids.most() * calls.stream().mapToLong(ChainFit::mostCalls).sum();
    fits +=
        calls.stream()
            .mapToLong(
                n -> EndFit.mostCalls(n) * (samples > 0 && Fitting.isChosen(n) ? Grids.most() : 1))
            .sum();
    if (options.search()) {
      fits += calls.stream().mapToLong(TimeSearch::mostCalls).sum();
    }
    long heldOut = teacherSteps + all * (1 + RIVALS);
    long sampled = all + teacherSteps * (data > 0 ? 1L : 2L);
    long rowsOfACall = rowsOfACall(weights);
    long rows =
        rowsOfACall * (chains * (teacherSteps + fits + heldOut) + samples * sampled)
            + rowsOfACall(Fitting.between(weights)) * chains * heldOut;
    // At guidance 1; nothing where nothing is compared.
    rows +=
        samples * Grids.most() * calls.stream().filter(Fitting::isChosen).mapToLong(n -> n).sum();
    long more = options.mostSamples() - samples;
    int longest = calls.get(calls.size() - 1);
    long chainStates =
        weights.size() * chains * (teacherSteps + 1L + (long) ARRAYS_OF_A_STAGE * longest)
            + chains * EndFit.mostArrays(longest);
    long references = data > 0 ? data : 2 * samples;
    long compared = options.mostSamples() * (1L + calls.size()) + references;
    long features = (2L * options.mostSamples() + references) * Features.MOST;
    return new Work(
        rows,
        rowsOfACall * more * (all + teacherSteps),
        ((chainStates + compared) * elements + features) * Float.BYTES);
  }

  private static long rowsOfACall(List<Double> weights) {
    return weights.stream().mapToLong(weight -> weight == 1 ? 1 : 2).sum();
  }

  /** As {@code 1.2 GiB}. */
  static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }
}
