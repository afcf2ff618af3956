package dev.ancestral.server.check;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.Defaults;
import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.server.check.CheckReport.ChainTime;
import dev.ancestral.server.check.CheckReport.Comparison;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.DeviceChain;
import dev.ancestral.server.engine.Row;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One model on the CPU and on a device: the same numbers, and what they cost there. */
final class ModelCheck {
  /** Other kernels add in another order; what an export was allowed counts where that is wider. */
  private static final double OTHER_KERNELS = 1e-3;

  /** The same kernels, once in a loop. */
  private static final double SAME_KERNELS = 1e-5;

  /** Kernels that a GPU's library may choose otherwise for the graph with the loop. */
  private static final double SAME_DEVICE = 1e-4;

  /**
   * The noise that shows how steps grow a rounding: far above float32's own roundings, which are
   * 6e-8 of a number, and small enough to grow in proportion.
   */
  private static final double NUDGE = 1e-5;

  /** From here on the two are apart as far as any two states: the steps have forgotten. */
  private static final double FORGOTTEN = 0.01;

  /** Of a chain, of which the first half is run: at its end the states of any two may be alike. */
  private static final int STEPS = 32;

  private static final List<Integer> TURNS = List.of(1, 2, 4, 8, 16);

  /** Runs of each way, of which the fastest counts: what is slower was held up. */
  private static final int RUNS = 3;

  /** All networks with labels know this one. */
  private static final int LABEL = 0;

  private final Bundle bundle;
  private final Denoiser expected;
  private final Denoiser actual;
  private final DeviceChain chain;

  ModelCheck(Bundle bundle, Denoiser expected, Denoiser actual, DeviceChain chain) {
    this.bundle = bundle;
    this.expected = expected;
    this.actual = actual;
    this.chain = chain;
  }

  /** Predictions, then chains of each sampler that fits the model. */
  List<Comparison> comparisons(boolean gpu) {
    List<Comparison> comparisons = new ArrayList<>();
    for (int rows : new LinkedHashSet<>(List.of(1, DeviceCheck.LEAST_ROWS - 1, actual.maxRows()))) {
      comparisons.add(predictions(rows));
    }
    for (String name : Samplers.namesFor(bundle.model())) {
      ChainPlan plan = plan(Samplers.of(name));
      comparisons.add(
          inCalls(
              name + ": CPU against device",
              plan,
              1,
              expected,
              (samples, steps) -> ComparedSample.singleSteps(samples, actual, steps),
              otherKernels()));
      if (DeviceChain.expressible(plan, null)) {
        for (int turns : turns(plan)) {
          comparisons.add(
              inCalls(
                  "%s: single steps against %d in a call".formatted(name, turns),
                  plan,
                  turns,
                  actual,
                  (samples, steps) -> ComparedSample.chained(samples, chain, steps, steps),
                  gpu ? SAME_DEVICE : SAME_KERNELS));
        }
      }
    }
    return comparisons;
  }

  /** What a step of the model's recommended sampler costs in batches of these sizes. */
  List<ChainTime> times(List<Integer> batches) {
    ChainPlan plan = plan(Defaults.sampler(bundle));
    List<ChainTime> times = new ArrayList<>();
    if (!DeviceChain.expressible(plan, null)) {
      return times;
    }
    for (int rows : new LinkedHashSet<>(batches)) {
      double single = millis(plan, rows, samples -> single(samples, actual));
      for (int turns : turns(plan)) {
        double chained =
            millis(
                plan, rows, samples -> ComparedSample.chained(samples, chain, length(plan), turns));
        times.add(new ChainTime(rows, turns, single, chained));
      }
    }
    return times;
  }

  @SuppressWarnings("ArrayRecordComponent") // Handed to the network, never compared.
  private record NoiseRow(float[] state, double timestep, int label) implements Row {}

  /** Timesteps spread over all there are, the first and the last among them. */
  private Comparison predictions(int count) {
    int timesteps = bundle.scheduler().schedule().timesteps();
    List<NoiseRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] state = new float[actual.elements()];
      GaussianNoise.fill(state, 0, NoisePurpose.INITIAL, i, 0);
      rows.add(
          new NoiseRow(state, Math.floor((timesteps - 1.0) * i / Math.max(1, count - 1)), LABEL));
    }
    float[] onCpu = new float[count * actual.predictionElements()];
    float[] onDevice = onCpu.clone();
    expected.predict(rows, onCpu);
    actual.predict(rows, onDevice);
    return comparison(
        "prediction in a batch of %d: CPU against device".formatted(count),
        List.of(onCpu),
        List.of(onDevice),
        otherKernels());
  }

  private ChainPlan plan(Sampler sampler) {
    int own = sampler.defaultSteps(bundle.model(), 1);
    // A fitted sampler has its tables alone, and their clipping.
    SamplerOptions options =
        Samplers.handMade().contains(sampler.name())
            ? SamplerOptions.ofSteps(Math.min(STEPS, own))
            : SamplerOptions.ofSteps(own).withClipping(bundle.clipping());
    return sampler.plan(bundle.model(), Defaults.options(bundle, sampler, options));
  }

  /**
   * Some samplers take several steps at a level, so a plan may be longer than asked for. One whose
   * result is clipped is short, and goes to its end.
   */
  private static int length(ChainPlan plan) {
    if (plan.clipsResult()) {
      return Math.min(STEPS, plan.length());
    }
    return Math.max(1, Math.min(STEPS, plan.length()) / 2);
  }

  private List<Integer> turns(ChainPlan plan) {
    int most = Math.min(chain.maxSteps(), length(plan));
    return TURNS.stream().filter(turns -> turns <= most).toList();
  }

  private static void single(List<ComparedSample> samples, Denoiser denoiser) {
    ComparedSample.singleSteps(samples, denoiser, length(samples.get(0).plan()));
  }

  /**
   * Takes half of a chain in calls of so many steps, each from the states to which single steps
   * lead, and says of which call the two ways' ends are furthest apart, beside what they may be.
   *
   * <p>What steps make of a rounding is the network's and the sampler's doing, not the device's: a
   * network that was not trained, in a chain that is not clipped, tears apart what began as close
   * as float32 can tell. So the same steps are taken from a state that noise has moved by {@value
   * #NUDGE}, and where they grow it, the tolerance grows as much. Where they grow it to the size of
   * the states, any two states will do, and shorter calls have to tell.
   *
   * @param turns steps of a call
   * @param beside takes the single steps
   * @param way takes so many steps with all samples
   */
  private Comparison inCalls(
      String what,
      ChainPlan plan,
      int turns,
      Denoiser beside,
      BiConsumer<List<ComparedSample>, Integer> way,
      double tolerance) {
    List<ComparedSample> here = samples(plan);
    Comparison worst = new Comparison(what, 0, tolerance);
    for (int left = length(plan); left > 0; left -= turns) {
      int steps = Math.min(turns, left);
      List<ComparedSample> other = here.stream().map(ComparedSample::copy).toList();
      List<ComparedSample> nudged = here.stream().map(sample -> sample.nudged(NUDGE)).toList();
      ComparedSample.singleSteps(here, beside, steps);
      ComparedSample.singleSteps(nudged, beside, steps);
      way.accept(other, steps);
      double apart = difference(states(here), states(nudged));
      Comparison call =
          comparison(
              what,
              states(here),
              states(other),
              apart > FORGOTTEN ? 1 : tolerance * Math.max(1, apart / NUDGE));
      worst = call.isWorseThan(worst) ? call : worst;
    }
    return worst;
  }

  /**
   * Two samples at their beginning: one as planned, and one that is guided, if the model can be,
   * and not clipped, since an estimate at its bound hides what the network said.
   */
  private List<ComparedSample> samples(ChainPlan plan) {
    // But for a scale of the noise that is an exponential of what the network said.
    Clipping clipping = plan.usesVariance() ? plan.clipping() : Clipping.NONE;
    ChainPlan free = plan.withClipping(clipping);
    int elements = actual.elements();
    return List.of(
        new ComparedSample(plan, 0, LABEL, null, elements),
        new ComparedSample(free, 1, LABEL, guidance(), elements));
  }

  private static List<float[]> states(List<ComparedSample> samples) {
    return samples.stream().map(ComparedSample::state).toList();
  }

  private @Nullable Guidance guidance() {
    Conditioning conditioning = bundle.conditioning();
    Integer nullLabel = conditioning == null ? null : conditioning.nullLabel();
    return nullLabel == null ? null : new Guidance(2, 0, nullLabel);
  }

  private double millis(ChainPlan plan, int rows, Consumer<List<ComparedSample>> way) {
    double fastest = Double.POSITIVE_INFINITY;
    // The first is not timed: it makes what the others reuse.
    for (int i = 0; i <= RUNS; i++) {
      List<ComparedSample> samples = new ArrayList<>();
      for (int row = 0; row < rows; row++) {
        samples.add(new ComparedSample(plan, row, LABEL, null, actual.elements()));
      }
      long start = System.nanoTime();
      way.accept(samples);
      double millis = (System.nanoTime() - start) / 1e6 / length(plan);
      fastest = i == 0 ? fastest : Math.min(fastest, millis);
    }
    return fastest;
  }

  private double otherKernels() {
    return bundle.parity().stream()
        .mapToDouble(ParityFigure::tolerance)
        .reduce(OTHER_KERNELS, Math::max);
  }

  private static Comparison comparison(
      String what, List<float[]> expected, List<float[]> actual, double tolerance) {
    return new Comparison(what, difference(expected, actual), tolerance);
  }

  /** The largest difference beside the largest number of its array, or 1 where that is smaller. */
  private static double difference(List<float[]> expected, List<float[]> actual) {
    double largest = 0;
    for (int i = 0; i < expected.size(); i++) {
      largest = Math.max(largest, difference(expected.get(i), actual.get(i)));
    }
    return largest;
  }

  private static double difference(float[] expected, float[] actual) {
    double scale = 1;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      // Keeps what is no number, which then is not within any tolerance.
      largest = Math.max(largest, Math.abs((double) expected[i] - actual[i]));
    }
    return largest / scale;
  }
}
