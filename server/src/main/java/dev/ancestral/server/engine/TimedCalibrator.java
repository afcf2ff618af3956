package dev.ancestral.server.engine;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Runs the network on noise: first to time calls of 1, 2, 4 and so on rows, then to compare each
 * row alone with the same row in batches of every size, in a slot that differs from size to size.
 * Both end when their time is up: sizes that were not timed are extrapolated, and what was not
 * compared is not promised.
 */
public final class TimedCalibrator implements Calibrator {
  /** What a small network needs for five calls of each size. */
  public static final Duration TIMING = Duration.ofSeconds(2);

  /** Sixteen sizes of a network that takes 50 ms a row. */
  public static final Duration COMPARING = Duration.ofSeconds(8);

  /**
   * Calls of one size, of which the fastest counts, since what else runs only ever adds time; and
   * the most of the time that they may take: then fewer have to do.
   */
  private static final int CALLS = 5;

  private static final double SHARE = 0.1;

  private static final long SEED = 0;

  private final int timesteps;
  private final Duration timing;
  private final Duration comparing;
  private final LongSupplier nanos;

  /** {@code timesteps}: T, since a network that looks timesteps up takes no others. */
  public TimedCalibrator(int timesteps) {
    this(timesteps, TIMING, COMPARING, System::nanoTime);
  }

  TimedCalibrator(int timesteps, Duration timing, Duration comparing, LongSupplier nanos) {
    this.timesteps = timesteps;
    this.timing = timing;
    this.comparing = comparing;
    this.nanos = nanos;
  }

  @SuppressWarnings("ArrayRecordComponent") // Handed to the network, never compared.
  private record Probe(float[] state, double timestep, int label) implements Row {}

  @Override
  public Calibration calibrate(Denoiser denoiser) {
    int maxRows = denoiser.maxRows();
    List<Probe> probes = new ArrayList<>();
    for (int i = 0; i < maxRows; i++) {
      float[] state = new float[denoiser.elements()];
      GaussianNoise.fill(state, SEED, NoisePurpose.INITIAL, i, 0);
      // All networks with labels know label 0.
      probes.add(new Probe(state, Math.floor((double) timesteps * i / maxRows), 0));
    }
    float[] predictions = new float[Math.multiplyExact(maxRows, denoiser.predictionElements())];
    List<CostCurve.Point> points = time(denoiser, probes, predictions);
    DeviceChain chain = denoiser.chain();
    int chainSteps =
        chain == null
            ? 1
            : new ChainTimer(chain, nanos)
                .worthwhile(points.get(0).millis(), probes.get(0).state());
    return new Calibration(
        new CostCurve(maxRows, points), compare(denoiser, probes, predictions), chainSteps);
  }

  private List<CostCurve.Point> time(Denoiser denoiser, List<Probe> probes, float[] predictions) {
    List<CostCurve.Point> points = new ArrayList<>();
    long end = nanos.getAsLong() + timing.toNanos();
    long last = 0;
    int size = 1;
    while (true) {
      List<Probe> batch = probes.subList(0, size);
      // The first call of a size makes its tensors.
      denoiser.predict(batch, predictions);
      long fastest = Long.MAX_VALUE;
      int calls = 0;
      long enough = nanos.getAsLong() + (long) (SHARE * timing.toNanos());
      do {
        long start = nanos.getAsLong();
        denoiser.predict(batch, predictions);
        last = Math.max(1, nanos.getAsLong() - start);
        fastest = Math.min(fastest, last);
        calls++;
      } while (calls < CALLS && nanos.getAsLong() + last < enough);
      // Fewer rows that are padded to as many take as long.
      for (int rows = size;
          rows > 0 && denoiser.paddedRows(rows) == denoiser.paddedRows(size);
          rows--) {
        points.add(new CostCurve.Point(rows, fastest / 1e6));
      }
      int next = Math.min(2 * size, probes.size());
      // Two calls of twice the rows.
      if (next == size || nanos.getAsLong() + 4 * last >= end) {
        return points;
      }
      size = next;
    }
  }

  private BatchInvariance compare(Denoiser denoiser, List<Probe> probes, float[] predictions) {
    long end = nanos.getAsLong() + comparing.toNanos();
    int length = denoiser.predictionElements();
    float[][] alone = new float[probes.size()][length];
    for (int i = 0; i < alone.length; i++) {
      if (nanos.getAsLong() >= end) {
        return BatchInvariance.UNVERIFIED;
      }
      denoiser.predict(probes.subList(i, i + 1), alone[i]);
    }
    for (int size = 2; size <= probes.size(); size++) {
      if (nanos.getAsLong() >= end) {
        return BatchInvariance.UNVERIFIED;
      }
      List<Probe> batch = new ArrayList<>();
      for (int slot = 0; slot < size; slot++) {
        batch.add(probes.get((slot + size / 2) % size));
      }
      denoiser.predict(batch, predictions);
      for (int slot = 0; slot < size; slot++) {
        float[] expected = alone[(slot + size / 2) % size];
        int from = slot * length;
        if (!Arrays.equals(expected, 0, length, predictions, from, from + length)) {
          return BatchInvariance.BROKEN;
        }
      }
    }
    return BatchInvariance.VERIFIED;
  }
}
