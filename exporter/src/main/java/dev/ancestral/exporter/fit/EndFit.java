package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.FittedTable.Factors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Improves the factors of a short fitted chain by what each does to its end. Steps that are fitted
 * one after the other come as near as they can to where the teacher is at their levels; the end
 * comes nearer where the early steps need not. The method is Levenberg's and Marquardt's (Marquardt
 * 1963), with derivatives by differences: a chain of few steps has few factors.
 *
 * <p>Chains that ended apart from their teacher, as another digit, count by their distance and not
 * by its square, as in {@link Distance#ofTypical}.
 */
final class EndFit {
  /** Beyond it, a chain is near already, and its many factors would cost more than all else. */
  private static final int MOST_STEPS = 10;

  /** From so many steps on, two rounds do: each costs as the square of the steps. */
  private static final int MANY_STEPS = 7;

  private static final int TRIALS = 4;

  /** Of a factor, or of a tenth, whichever is more: far above a float's rounding. */
  private static final double DIFFERENCE = 0.01;

  private static final double FIRST_DAMPING = 1e-3;
  private static final double LEAST_DAMPING = 1e-5;

  /** Of the mean square of the teacher's ends: nearer pairs count alike. */
  private static final double NEAR = 1e-6;

  private static final double MOST_FACTOR = 1e3;

  /** Of 64 chains of points there are two numbers each: too few for the tens of factors of one. */
  private static final int NUMBERS_A_FACTOR = 20;

  private final DiffusionModel model;
  private final Clipping clipping;
  private final Network network;
  private final Lesson lesson;
  private final List<Double> timesteps;
  private final int reach;

  /** Of chains through these timesteps, whose steps read so many estimates of steps before. */
  EndFit(
      DiffusionModel model,
      Clipping clipping,
      Network network,
      Lesson lesson,
      List<Double> timesteps,
      int reach) {
    this.model = model;
    this.clipping = clipping;
    this.network = network;
    this.lesson = lesson;
    this.timesteps = timesteps;
    this.reach = reach;
  }

  /** The most calls of a chain's network that it takes. */
  static long mostCalls(int steps) {
    if (steps > MOST_STEPS) {
      return 0;
    }
    long derivatives = 0;
    for (int step = 0; step < steps; step++) {
      derivatives += (long) factorsOf(step, Walk.MOST_REACH) * (steps - 1 - step);
    }
    return steps + rounds(steps) * (derivatives + (long) TRIALS * steps);
  }

  /** The most arrays of all chains' numbers that it holds at once. */
  static int mostArrays(int steps) {
    return Math.min(steps, MOST_STEPS) * (2 + Walk.MOST_REACH);
  }

  private static int rounds(int steps) {
    return steps < MANY_STEPS ? 3 : 2;
  }

  private static int factorsOf(int step, int reach) {
    return 2 + Math.min(step, reach);
  }

  /** A chain that was run. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Run(
      List<double[]> factors, List<Walk.Estimated> stages, float[][] end, double distance) {}

  /** Factors at which the end is nearer, if any are found, one for each step. */
  List<Factors> improve(List<Factors> from) {
    if (from.size() > MOST_STEPS || !areEnough(from.size())) {
      return from;
    }
    Run best =
        run(
            from.stream()
                .map(f -> new double[] {f.x(), f.x0(), f.previous(), f.earlier()})
                .toList(),
            List.of());
    double damping = FIRST_DAMPING;
    for (int round = 0; round < rounds(from.size()); round++) {
      Slope slope = slope(best);
      boolean better = false;
      for (int trial = 0; trial < TRIALS && !better; trial++) {
        List<double[]> moved = moved(best.factors(), slope.step(damping));
        Optional<Run> run = isSound(moved) ? tried(moved) : Optional.empty();
        better = run.isPresent() && run.get().distance() < best.distance();
        best = better ? run.orElseThrow() : best;
        damping = better ? Math.max(LEAST_DAMPING, damping / 3) : 10 * damping;
      }
      if (!better) {
        break;
      }
    }
    return best.factors().stream().map(EndFit::factors).toList();
  }

  /** Whether there are numbers enough for so many factors to be what they are by no chance. */
  private boolean areEnough(int steps) {
    int factors = 0;
    for (int step = 0; step < steps; step++) {
      factors += factorsOf(step, reach);
    }
    float[][] ends = lesson.teacher().end();
    return (long) ends.length * ends[0].length >= (long) NUMBERS_A_FACTOR * factors;
  }

  /** A run of these factors; nothing where the network has no finite answer so far out. */
  private Optional<Run> tried(List<double[]> factors) {
    try {
      return Optional.of(run(factors, List.of()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Factors factors(double[] f) {
    return new Factors(f[0], f[1], f[2], f[3]);
  }

  private static boolean isSound(List<double[]> factors) {
    for (double[] step : factors) {
      for (double factor : step) {
        if (!(Math.abs(factor) <= MOST_FACTOR)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Runs the chain whose first stages are known. */
  private Run run(List<double[]> factors, List<Walk.Estimated> known) {
    List<Walk.Estimated> stages = new ArrayList<>(known);
    for (int step = known.size(); step < timesteps.size(); step++) {
      Walk walk =
          step == 0 ? Walk.start(lesson) : stages.get(step - 1).go(factors(factors.get(step - 1)));
      stages.add(walk.estimate(model.estimate(timesteps.get(step)), network, lesson, clipping));
    }
    int last = timesteps.size() - 1;
    float[][] end = stages.get(last).go(factors(factors.get(last))).x();
    for (float[] row : end) {
      clipping.apply(row);
    }
    return new Run(factors, stages, end, Distance.ofTypical(end, lesson.teacher().end()));
  }

  /** How the ends move with each factor, weighed. */
  private Slope slope(Run at) {
    List<float[][]> columns = new ArrayList<>();
    List<Double> differences = new ArrayList<>();
    for (int step = 0; step < timesteps.size(); step++) {
      for (int k = 0; k < factorsOf(step, reach); k++) {
        double difference = DIFFERENCE * Math.max(0.1, Math.abs(at.factors().get(step)[k]));
        List<double[]> moved = new ArrayList<>(at.factors());
        double[] changed = moved.get(step).clone();
        changed[k] += difference;
        moved.set(step, changed);
        columns.add(run(moved, at.stages().subList(0, step + 1)).end());
        differences.add(difference);
      }
    }
    Slope slope = new Slope(columns.size());
    float[][] teacher = lesson.teacher().end();
    double near = NEAR * meanSquare(teacher);
    double[] derivatives = new double[columns.size()];
    for (int chain = 0; chain < teacher.length; chain++) {
      float[] end = at.end()[chain];
      double weight = 1 / Math.sqrt(meanSquareDifference(end, teacher[chain]) + near);
      for (int element = 0; element < end.length; element++) {
        for (int i = 0; i < derivatives.length; i++) {
          double moved = columns.get(i)[chain][element];
          derivatives[i] = (moved - end[element]) / differences.get(i);
        }
        slope.add(weight, (double) teacher[chain][element] - end[element], derivatives);
      }
    }
    return slope;
  }

  private static double meanSquare(float[][] rows) {
    double sum = 0;
    for (float[] row : rows) {
      sum += meanSquareDifference(row, new float[row.length]);
    }
    return sum / rows.length;
  }

  private static double meanSquareDifference(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      double difference = (double) a[k] - b[k];
      sum += difference * difference;
    }
    return sum / a.length;
  }

  private List<double[]> moved(List<double[]> factors, double[] by) {
    List<double[]> moved = new ArrayList<>();
    int i = 0;
    for (int step = 0; step < factors.size(); step++) {
      double[] changed = factors.get(step).clone();
      for (int k = 0; k < factorsOf(step, reach); k++) {
        changed[k] += by[i++];
      }
      moved.add(changed);
    }
    return moved;
  }

  /** JᵀWJ and JᵀW times what is missing. */
  private static final class Slope {
    /** Of the mean of the diagonal: where a factor does nothing, it stays. */
    private static final double RIDGE = 1e-9;

    private final double[][] products;
    private final double[] targets;

    Slope(int size) {
      this.products = new double[size][size];
      this.targets = new double[size];
    }

    void add(double weight, double missing, double[] derivatives) {
      for (int i = 0; i < derivatives.length; i++) {
        double weighed = weight * derivatives[i];
        for (int j = i; j < derivatives.length; j++) {
          products[i][j] += weighed * derivatives[j];
        }
        targets[i] += weighed * missing;
      }
    }

    double[] step(double damping) {
      int size = targets.length;
      double trace = 0;
      for (int i = 0; i < size; i++) {
        trace += products[i][i];
      }
      double[][] a = new double[size][size];
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          a[i][j] = products[Math.min(i, j)][Math.max(i, j)];
        }
        a[i][i] += damping * products[i][i] + RIDGE * trace + Double.MIN_NORMAL;
      }
      double[] step = targets.clone();
      NormalEquations.eliminate(a, step);
      return step;
    }
  }
}
