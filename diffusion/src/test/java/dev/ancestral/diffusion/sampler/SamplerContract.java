package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every sampler keeps to. */
abstract class SamplerContract {
  static final NoiseSchedule LINEAR = BetaSchedules.create("linear", 1000, Map.of());
  static final NoiseSchedule COSINE = BetaSchedules.create("squaredcos_cap_v2", 200, Map.of());
  static final NoiseSchedule EXPLODING = geometric(30, 0.01, 50);

  /** Of the coefficients, relative to the size of the terms. */
  private static final double TOLERANCE = 1e-9;

  /** One model with one set of options. */
  record Case(DiffusionModel model, SamplerOptions options) {
    @Override
    public String toString() {
      return "%s%d %s %s %d steps %s %s"
          .formatted(
              model.schedule().isVariancePreserving() ? "preserving " : "exploding ",
              model.schedule().timesteps(),
              model.prediction().label(),
              model.variance().label(),
              options.steps(),
              options.clipping(),
              options.written());
    }
  }

  /**
   * What a step has before it.
   *
   * @param x0 the clipped estimate of this step, by the reference
   * @param h what the steps before left, the newest first; what none left is no number
   */
  record Inputs(double x, double x0, double m, double v, List<Double> h, double z) {
    /** What the step before left. */
    double p() {
      return h.get(0);
    }
  }

  /** The sampler under test. */
  abstract Sampler sampler();

  /** What to try it on. */
  abstract Stream<Case> cases();

  /** The level of step i by the reference's own reckoning: ᾱ, or σ where variance explodes. */
  abstract double level(Case tried, ChainPlan plan, int step);

  /** The next state by the paper's formula. */
  abstract double next(Case tried, ChainPlan plan, int step, Inputs inputs);

  /** Whether it is a way to the data, whose last step draws no noise. */
  boolean endsWithoutNoise() {
    return true;
  }

  /** The trained timestep that gives x0's coefficients; used where variance is preserved. */
  double x0(Case tried, ChainPlan plan, int step, double x, double m) {
    NoiseSchedule schedule = tried.model().schedule();
    PredictionType prediction = tried.model().prediction();
    return schedule.isVariancePreserving()
        ? Reference.x0(schedule, prediction, (int) plan.steps().get(step).timestep(), x, m)
        : Reference.x0(prediction, level(tried, plan, step), x, m);
  }

  @TestFactory
  Stream<DynamicTest> everyStep_isTheFormulaOfThePaper() {
    return each(
        (tried, plan) -> {
          Random random = new Random(plan.length());
          double scale = plan.initialScale();
          for (int i = 0; i < plan.length(); i++) {
            Step step = plan.steps().get(i);
            double x = random.nextGaussian() * scale;
            double m = random.nextGaussian();
            double v = 2 * random.nextDouble() - 1;
            List<Double> h = new ArrayList<>();
            for (int entry = 0; entry < Past.MOST; entry++) {
              h.add(entry < i ? random.nextGaussian() : Double.NaN);
            }
            double z = random.nextGaussian();
            Clipping clipping = tried.options().clipping();
            double estimate = Reference.clip(clipping, x0(tried, plan, i, x, m));
            assertEquals(
                estimate,
                Reference.clip(clipping, step.ax() * x + step.am() * m),
                TOLERANCE * Math.max(1, Math.abs(step.ax() * x) + Math.abs(step.am() * m)),
                "x0 at step " + i);
            double actual =
                step.b0() * estimate
                    + step.bx() * x
                    + step.bm() * m
                    + DoubleChain.past(step, h)
                    + step.bz() * Math.exp(step.bs() * v) * z;
            double size =
                Math.abs(step.b0() * estimate) + Math.abs(step.bx() * x) + Math.abs(step.bm() * m);
            assertEquals(
                next(tried, plan, i, new Inputs(x, estimate, m, v, h, z)),
                actual,
                TOLERANCE * Math.max(1, size),
                "state after step " + i);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> aPlanHasTheStepsThatWereAskedFor() {
    return each((tried, plan) -> assertEquals(tried.options().steps(), plan.length()));
  }

  @TestFactory
  Stream<DynamicTest> timestepsAreTrainedOnes_andNeverRise() {
    return each(
        (tried, plan) -> {
          double before = tried.model().schedule().timesteps() - 1;
          for (double timestep : plan.timesteps()) {
            assertTrue(timestep <= before && timestep >= 0, timestep + " after " + before);
            before = timestep;
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> theLastStepOfAWayToTheData_drawsNoNoise() {
    return each(
        (tried, plan) -> {
          Step last = plan.steps().get(plan.length() - 1);
          assertEquals(endsWithoutNoise(), !last.isStochastic());
        });
  }

  @TestFactory
  Stream<DynamicTest> everyCoefficientIsFinite() {
    return each(
        (tried, plan) -> {
          for (Step step : plan.steps()) {
            Past past = step.past();
            double sum =
                step.ax()
                    + step.am()
                    + step.b0()
                    + step.bx()
                    + step.bm()
                    + past.h1()
                    + past.h2()
                    + past.h3()
                    + step.leaves().x()
                    + step.leaves().x0()
                    + step.leaves().m()
                    + step.bz()
                    + step.bs();
            assertTrue(Double.isFinite(sum), step.toString());
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> theSameRequest_givesTheSamePlan() {
    return each(
        (tried, plan) -> assertEquals(plan, sampler().plan(tried.model(), tried.options())));
  }

  @TestFactory
  Stream<DynamicTest> anOptionThatItDoesNotTake_isRefusedByName() {
    return each(
        (tried, plan) -> {
          for (Map.Entry<SamplerOption<?>, Object> option : SAMPLES.entrySet()) {
            if (!sampler().takes(option.getKey(), tried.model())) {
              SamplerOptions given = tried.options().read(option.getKey(), option.getValue());
              InvalidOptionException refusal =
                  assertThrows(
                      InvalidOptionException.class, () -> sampler().plan(tried.model(), given));
              assertEquals(option.getKey().name(), refusal.field());
              assertTrue(refusal.problem().contains(sampler().name()), refusal.problem());
            }
          }
        });
  }

  @Test
  void everyOption_hasASampleToRefuse() {
    assertEquals(
        List.of(), SamplerOption.all().stream().filter(o -> !SAMPLES.containsKey(o)).toList());
  }

  /** With none of the sampler's own options. */
  SamplerOptions bare(Case tried) {
    return SamplerOptions.ofSteps(tried.options().steps()).withClipping(tried.options().clipping());
  }

  @TestFactory
  Stream<DynamicTest> defaultsThatAreSpelledOut_giveTheSamePlan() {
    return each(
        (tried, plan) -> {
          SamplerOptions bare = bare(tried);
          SamplerOptions spelledOut = bare.over(sampler().defaults(tried.model()));
          assertEquals(
              sampler().plan(tried.model(), bare), sampler().plan(tried.model(), spelledOut));
        });
  }

  @TestFactory
  Stream<DynamicTest> resolvedOptions_resolveToThemselves() {
    return each(
        (tried, plan) -> {
          SamplerOptions resolved = sampler().resolve(tried.model(), tried.options());
          assertEquals(resolved, sampler().resolve(tried.model(), resolved));
          assertEquals(plan, sampler().plan(tried.model(), resolved));
        });
  }

  @TestFactory
  Stream<DynamicTest> resolvedOptions_canBeGivenAgain() {
    return each(
        (tried, plan) -> {
          SamplerOptions resolved = sampler().resolve(tried.model(), tried.options());
          assertEquals(resolved, sampler().resolve(tried.model(), resolved));
          assertEquals(plan, sampler().plan(tried.model(), resolved));
        });
  }

  @TestFactory
  Stream<DynamicTest> noSteps_areRefused() {
    return each(
        (tried, plan) -> {
          for (int steps : new int[] {0, -1, 1_000_000}) {
            InvalidOptionException refusal =
                assertThrows(
                    InvalidOptionException.class,
                    () -> sampler().plan(tried.model(), SamplerOptions.ofSteps(steps)));
            assertEquals("steps", refusal.field());
            assertTrue(refusal.problem().startsWith(steps + " (expected: "), refusal.problem());
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> itsDefaultSteps_areAPlan() {
    return each(
        (tried, plan) -> {
          int steps = sampler().defaultSteps(tried.model(), 1);
          assertEquals(
              steps,
              sampler()
                  .plan(
                      tried.model(),
                      SamplerOptions.ofSteps(steps).withClipping(tried.options().clipping()))
                  .length());
        });
  }

  @Test
  void theRegistry_findsItByItsName() {
    assertEquals(sampler().getClass(), Samplers.of(sampler().name()).getClass());
    assertFalse(sampler().name().isEmpty());
  }

  /** A value of each option. */
  private static final Map<SamplerOption<?>, Object> SAMPLES =
      Map.ofEntries(
          Map.entry(SamplerOption.SPACING, "leading"),
          Map.entry(SamplerOption.TIMESTEPS, List.of(99.0, 1.0)),
          Map.entry(SamplerOption.STEPS_OFFSET, 1),
          Map.entry(SamplerOption.ROUND_TIMESTEPS, false),
          Map.entry(SamplerOption.VARIANCE, "fixed_large"),
          Map.entry(SamplerOption.ETA, 0.5),
          Map.entry(SamplerOption.REDERIVE_EPSILON, false),
          Map.entry(SamplerOption.BY_STRIDE, true),
          Map.entry(SamplerOption.FINAL_LEVEL, "first_timestep"),
          Map.entry(SamplerOption.KARRAS, true),
          Map.entry(SamplerOption.LOWER_ORDER_FINAL, false),
          Map.entry(SamplerOption.SOLVER_ORDER, 1),
          Map.entry(SamplerOption.SOLVER_TYPE, "bh1"),
          Map.entry(SamplerOption.INITIAL_SCALE, "sigma"),
          Map.entry(SamplerOption.APPROXIMATION, "var"),
          Map.entry(SamplerOption.GROWTH, "quadratic"),
          Map.entry(SamplerOption.KAPPA, 0.5),
          Map.entry(SamplerOption.STEP_SIZE, 0.1),
          Map.entry(SamplerOption.DECAY, 0.5),
          Map.entry(SamplerOption.TEMPERATURE, 0.5),
          Map.entry(SamplerOption.FITTED_TABLE, "0123456789abcdef"));

  /** The message with which the sampler refuses. */
  final String refusal(DiffusionModel model, SamplerOptions options) {
    return String.valueOf(
        assertThrows(InvalidOptionException.class, () -> sampler().plan(model, options))
            .getMessage());
  }

  private interface Check {
    void run(Case tried, ChainPlan plan);
  }

  private Stream<DynamicTest> each(Check check) {
    return cases()
        .map(
            tried ->
                DynamicTest.dynamicTest(
                    tried.toString(),
                    () -> check.run(tried, sampler().plan(tried.model(), tried.options()))));
  }

  static NoiseSchedule geometric(int levels, double from, double to) {
    double[] sigmas = new double[levels];
    for (int t = 0; t < levels; t++) {
      sigmas[t] = from * Math.pow(to / from, (double) t / (levels - 1));
    }
    return NoiseSchedule.ofSigmas(sigmas);
  }
}
