package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden numbers: from an implementation of the paper's formulas in Python, 50 digits. */
class FastDpmSamplerTest extends SamplerContract {
  @Override
  Sampler sampler() {
    return Samplers.of("fastdpm");
  }

  @Override
  Stream<Case> cases() {
    return Stream.of(0.0, 0.5, 1.0)
        .flatMap(
            kappa ->
                Stream.of(FastDpmGrowth.values())
                    .flatMap(
                        growth ->
                            Stream.of(FastDpmApproximation.values())
                                .map(
                                    approximation ->
                                        new Case(
                                            DiffusionModel.of(LINEAR, PredictionType.EPSILON),
                                            SamplerOptions.ofSteps(10)
                                                .withClipping(Clipping.NONE)
                                                .with(SamplerOption.KAPPA, kappa)
                                                .with(SamplerOption.GROWTH, growth)
                                                .with(
                                                    SamplerOption.APPROXIMATION, approximation)))));
  }

  private static boolean isVar(Case tried) {
    return tried.options().find(SamplerOption.APPROXIMATION).orElseThrow()
        == FastDpmApproximation.VAR;
  }

  @Override
  double level(Case tried, ChainPlan plan, int step) {
    if (!isVar(tried)) {
      return Reference.alphaBar(LINEAR, (int) plan.steps().get(step).timestep());
    }
    // The largest variance, found by another implementation.
    boolean linear =
        tried.options().find(SamplerOption.GROWTH).orElseThrow() == FastDpmGrowth.LINEAR;
    double largest = linear ? 0.9720026191357499 : 0.9980367000945036;
    int count = plan.length();
    double alphaBar = 1;
    for (int i = 0; i < count - step; i++) {
      double eta =
          linear
              ? 1e-4 + (largest - 1e-4) * i / (count - 1)
              : 1e-4 * Math.pow(1 + (Math.sqrt(largest / 1e-4) - 1) * i / (count - 1), 2);
      alphaBar *= 1 - eta;
    }
    return alphaBar;
  }

  @Override
  double x0(Case tried, ChainPlan plan, int step, double x, double m) {
    return Reference.x0OfAlphaBar(PredictionType.EPSILON, level(tried, plan, step), x, m);
  }

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    double a = level(tried, plan, step);
    boolean last = step == plan.length() - 1;
    double p = last ? 1 : level(tried, plan, step + 1);
    double kappa = last ? 0 : tried.options().find(SamplerOption.KAPPA).orElseThrow();
    double s = kappa * Math.sqrt((1 - p) / (1 - a) * (1 - a / p));
    double ofEpsilon = Math.sqrt(1 - p - s * s) - Math.sqrt(1 - a) * Math.sqrt(p / a);
    return Math.sqrt(p / a) * in.x() + ofEpsilon * in.m() + s * in.z();
  }

  @ParameterizedTest
  @CsvSource({
    "var, linear, 0, 174.24288190219684",
    "var, linear, 0.5, 88.28673459572153",
    "var, linear, 1, 0.934299096150581",
    "var, quadratic, 0, 183.4253174937645",
    "var, quadratic, 0.5, 108.5441928773663",
    "var, quadratic, 1, 1.2229613435440987",
    "step, linear, 0, 169.46403998025346",
    "step, linear, 0.5, 80.38544846696487",
    "step, linear, 1, 0.9401541148246375",
    "step, quadratic, 0, 178.65940600219866",
    "step, quadratic, 0.5, 107.78598278520653",
    "step, quadratic, 1, 5.006399676859139",
  })
  void theNetworkFreeChain_sumsToTheGoldenNumber(
      String approximation, String growth, double kappa, double golden) {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR, PredictionType.EPSILON),
                SamplerOptions.ofSteps(10)
                    .withClipping(Clipping.NONE)
                    .read(SamplerOption.APPROXIMATION, approximation)
                    .read(SamplerOption.GROWTH, growth)
                    .with(SamplerOption.KAPPA, kappa));
    assertEquals(golden, NetworkFreeChain.sumInDouble(plan), 1e-9 * golden);
    assertEquals(golden, NetworkFreeChain.sumInFloat(plan), 2e-5 * golden);
  }

  @Test
  void stepTimesteps_growEvenlyOrAsSquares() {
    assertArrayEquals(
        new int[] {999, 888, 777, 666, 555, 444, 333, 222, 111, 0},
        FastDpmSampler.timesteps(1000, 10, FastDpmGrowth.LINEAR));
    assertArrayEquals(
        new int[] {800, 632, 483, 355, 246, 158, 88, 39, 9, 0},
        FastDpmSampler.timesteps(1000, 10, FastDpmGrowth.QUADRATIC));
    int[] fifty = FastDpmSampler.timesteps(1000, 50, FastDpmGrowth.LINEAR);
    assertArrayEquals(new int[] {999, 978, 958, 937}, java.util.Arrays.copyOf(fifty, 4));
    int[] squares = FastDpmSampler.timesteps(1000, 50, FastDpmGrowth.QUADRATIC);
    assertArrayEquals(new int[] {8, 5, 2, 1, 0, 0}, java.util.Arrays.copyOfRange(squares, 44, 50));
  }

  @ParameterizedTest
  @CsvSource({
    "linear, '999 802.7635504103529 668.6364781059813 554.5925850435416 452.1021714407831"
        + " 357.4724475357896 268.6046403759221 183.98606192080314 101.75135969960324 0'",
    "quadratic, '999 617.7159038688691 476.4958897008278 367.197125613415 276.3491931208298"
        + " 199.055091560756 133.12105201412277 77.70577532601112 32.999063304053166 0'",
  })
  void varTimesteps_areThoseOfTheLogGammaInterpolation(String growth, String golden) {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR, PredictionType.EPSILON),
                SamplerOptions.ofSteps(10)
                    .with(SamplerOption.APPROXIMATION, FastDpmApproximation.VAR)
                    .read(SamplerOption.GROWTH, growth));
    assertArrayEquals(
        Stream.of(golden.split(" ")).mapToDouble(Double::parseDouble).toArray(),
        plan.timesteps(),
        1e-8);
  }

  @Test
  void varFractions_areRefusedWhereTheNetworkLooksTimestepsUp() {
    DiffusionModel model =
        new DiffusionModel(LINEAR, PredictionType.EPSILON, Variance.FIXED_SMALL, false);
    assertEquals(
        "approximation: var (expected: step, since the network takes whole timesteps alone)",
        refusal(model, var(10)));
  }

  @Test
  void varOfAPosteriorMean_isRefused() {
    assertEquals(
        "approximation: var (expected: step, since a posterior mean is that of a trained timestep)",
        refusal(DiffusionModel.of(LINEAR, PredictionType.POSTERIOR_MEAN), var(10)));
  }

  @Test
  void aVarianceExplodingModel_isRefused() {
    assertEquals(
        "sampler: fastdpm needs a variance-preserving schedule"
            + " (expected one of: ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, euler, langevin, annealed-langevin)",
        refusal(DiffusionModel.of(EXPLODING, PredictionType.SCORE), SamplerOptions.ofSteps(10)));
  }

  @Test
  void variancesThatWouldAddUpToTooMuch_areRefused() {
    double[] falling = {0.5, 0.01, 0.01, 0.01};
    assertEquals(
        "steps: 3 (expected: fewer, since variances that grow from beta_0 = 0.5 would add up to more noise than the trained ones)",
        refusal(DiffusionModel.of(NoiseSchedule.ofBetas(falling), PredictionType.EPSILON), var(3)));
  }

  @ParameterizedTest
  @CsvSource({"squaredcos_cap_v2, 200", "scaled_linear, 1000", "linear, 10", "linear, 1000"})
  void everyTrainedLevel_hasItsOwnTimestep(String family, int timesteps) {
    NoiseSchedule schedule =
        family.equals("linear") && timesteps == 10
            ? BetaSchedules.create(family, 10, Map.of("beta_start", 0.05, "beta_end", 0.95))
            : BetaSchedules.create(family, timesteps, Map.of());
    for (int t = 0; t < timesteps; t++) {
      assertEquals(t, FractionalTimestep.of(schedule, schedule.alphaBar(t)), 1e-7, "t = " + t);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.5, 0.5, -0.12078223763524522235",
    "2.25, 1, 0.22314355131420975577",
    "10, 0.75, 1.6584273601297571413",
    "41, 0.5, 1.8475646456920113759",
    "50250.1, 0.3, 3.2474264641808419284",
  })
  void theRatioOfGammas_isExactForLargeAndSmallArguments(double y, double f, double golden) {
    assertEquals(golden, FractionalTimestep.logGammaRatio(y, f), 1e-14);
  }

  @Test
  void betweenLevelsThatAreNotLinear_theLogarithmOfAlphaBarIsInterpolated() {
    double halfway = Math.sqrt(COSINE.alphaBar(100) * COSINE.alphaBar(101));
    assertEquals(100.5, FractionalTimestep.of(COSINE, halfway), 1e-9);
  }

  private static SamplerOptions var(int steps) {
    return SamplerOptions.ofSteps(steps)
        .with(SamplerOption.APPROXIMATION, FastDpmApproximation.VAR);
  }
}
