package dev.ancestral.diffusion.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.ancestral.diffusion.NoiseLevel;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseScheduleTest {
  /** Relative; the golden tables hold 17 digits. */
  private static final double TOLERANCE = 1e-11;

  @TestFactory
  Stream<DynamicTest> tablesEqualTheGoldenOnes() throws Exception {
    JsonArray golden;
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(getClass().getResourceAsStream("golden_schedules.json")),
            StandardCharsets.UTF_8)) {
      golden = new Gson().fromJson(reader, JsonArray.class);
    }
    return StreamSupport.stream(golden.spliterator(), false)
        .map(element -> element.getAsJsonObject())
        .map(
            entry -> DynamicTest.dynamicTest(entry.get("label").getAsString(), () -> check(entry)));
  }

  private static void check(JsonObject golden) {
    NoiseSchedule schedule =
        BetaSchedules.create(
            golden.get("schedule").getAsString(), golden.get("T").getAsInt(), Map.of());
    JsonArray indices = golden.getAsJsonArray("idx");
    for (int i = 0; i < indices.size(); i++) {
      int t = indices.get(i).getAsInt();
      assertRelative(golden, "beta", i, schedule.beta(t));
      assertRelative(golden, "alpha_bar", i, schedule.alphaBar(t));
      assertRelative(golden, "posterior_variance", i, schedule.posteriorVariance(t));
    }
    assertEquals(
        golden.get("posterior_log_variance_clipped_0").getAsDouble(),
        schedule.posteriorLogVarianceClipped(0),
        1e-9);
  }

  private static void assertRelative(JsonObject golden, String table, int i, double actual) {
    double expected = golden.getAsJsonArray(table).get(i).getAsDouble();
    // ᾱ near 0 and β̃ near 0 are differences of numbers near 1.
    assertEquals(expected, actual, TOLERANCE * Math.max(Math.abs(expected), 1e-4), table + " " + i);
  }

  /** Each number has ten digits at least. */
  @ParameterizedTest
  @CsvSource({
    "linear, 1000, 1e-4, 0.02, 1e-4, 0.01005995996, 0.02, 0.077796658365, 4.03582976538e-05",
    "linear_scaled_to_timesteps, 100, 1e-4, 0.02, 1e-3, 0.101505050505, 0.2, 0.0666656268183, 2.03900897556e-05",
    "linear, 1000, 1e-5, 1e-2, 1e-5, 0.00501, 0.01, 0.283762566322, 0.0065928095913",
    "scaled_linear, 1000, 1e-5, 1e-2, 1e-5, 0.00266561623209, 0.01, 0.621968058929, 0.0316179198384",
    "sigmoid, 1000, 1e-5, 1e-2, 3.47015053348e-05, 0.00501999995491, 0.00997529849467, 0.55695948481, 0.00656506788033",
    "constant, 100, , , 0.035, 0.035, 0.035, 0.162514823505, 0.0283616396242",
    "squaredcos_cap_v2, 1000, , , 4.1284224822e-05, 0.00315569144159, 0.999, 0.492285172449, 2.42876690703e-09",
    "squaredcos_cap_v2, 4000, , , 9.86581881368e-06, 0.00078893555351, 0.999, 0.493453979674, 1.51798046885e-10",
    "sigmoid_alpha_bar, 1000, , , 0.000300279199749, 0.00331436423586, 0.999, 0.498342817882, 3.00279199749e-07",
  })
  void endsAndMiddle_equalTheGoldenNumbers(
      String family,
      int timesteps,
      @Nullable Double start,
      @Nullable Double end,
      double firstBeta,
      double middleBeta,
      double lastBeta,
      double middleAlphaBar,
      double lastAlphaBar) {
    NoiseSchedule schedule =
        BetaSchedules.create(
            family,
            timesteps,
            start == null || end == null ? Map.of() : Map.of("beta_start", start, "beta_end", end));
    int middle = timesteps / 2;
    int last = timesteps - 1;
    double within = 5e-10;
    assertEquals(firstBeta, schedule.beta(0), within * firstBeta);
    assertEquals(middleBeta, schedule.beta(middle), within * middleBeta);
    assertEquals(lastBeta, schedule.beta(last), within * lastBeta);
    assertEquals(middleAlphaBar, schedule.alphaBar(middle), within * middleAlphaBar);
    assertEquals(lastAlphaBar, schedule.alphaBar(last), within * lastAlphaBar);
  }

  @Test
  void posteriorOfOnePixel_equalsTheGoldenNumbers() {
    NoiseSchedule schedule = BetaSchedules.create("linear", 1000, Map.of());
    int t = 500;
    double x0 = 0.5;
    double epsilon = -1;
    double xt = schedule.alpha(t) * x0 + schedule.sigma(t) * epsilon;
    assertEquals(-0.8208539273287592, xt, 1e-14);
    assertEquals(
        -0.8144854319554499,
        schedule.posteriorMeanFromX0(t) * x0 + schedule.posteriorMeanFromState(t) * xt,
        1e-13);
    assertEquals(0.010051335778909593, schedule.posteriorVariance(t), 1e-15);
  }

  @Test
  void posteriorAtTheFirstTimestep_isThePointX0() {
    NoiseSchedule schedule = BetaSchedules.create("linear", 1000, Map.of());
    assertEquals(1, schedule.posteriorMeanFromX0(0), 1e-12);
    assertEquals(0, schedule.posteriorMeanFromState(0), 1e-12);
    assertEquals(0, schedule.posteriorVariance(0), 0);
  }

  @Test
  void zeroTerminalSnr_keepsTheFirstTimestepAndEndsInPureNoise() {
    NoiseSchedule schedule = BetaSchedules.create("linear", 1000, Map.of());
    NoiseSchedule rescaled = schedule.withZeroTerminalSnr();
    assertEquals(schedule.alphaBar(0), rescaled.alphaBar(0), 1e-15);
    assertEquals(0, rescaled.finalSnr(), 0);
    double expected =
        (schedule.alpha(500) - schedule.alpha(999))
            * schedule.alpha(0)
            / (schedule.alpha(0) - schedule.alpha(999));
    assertEquals(expected, rescaled.alpha(500), 1e-12);
  }

  @Test
  void zeroTerminalSnrOfOneTimestep_isRefused() {
    String message = refusal(() -> NoiseSchedule.ofBetas(new double[] {0.5}).withZeroTerminalSnr());
    assertTrue(message.startsWith("timesteps: 1 (expected: at least 2"), message);
  }

  @Test
  void aVarianceExplodingSchedule_hasLevelsAndAPosteriorButNoBetas() {
    NoiseSchedule schedule = NoiseSchedule.ofSigmas(new double[] {0.1, 0.5, 2});
    assertEquals(1, schedule.alpha(1), 0);
    assertEquals(0.5, schedule.sigma(1), 1e-15);
    assertEquals(0.25, schedule.finalSnr(), 1e-15);
    // From σ = 2 to 0.5: mean (0.25·x + 3.75·x0)/4, variance 0.25·3.75/4.
    assertEquals(0.9375, schedule.posteriorMeanFromX0(2), 1e-15);
    assertEquals(0.0625, schedule.posteriorMeanFromState(2), 1e-15);
    assertEquals(0.234375, schedule.posteriorVariance(2), 1e-15);
    String message =
        String.valueOf(assertThrows(IllegalStateException.class, schedule::betas).getMessage());
    assertEquals(
        "betas: a variance-exploding schedule has none (expected: a variance-preserving one)",
        message);
  }

  @Test
  void sigmasThatDoNotRise_areRefusedByTheirIndex() {
    assertEquals(
        "sigmas[1]: 0.1 (expected: above 0.1)",
        refusal(() -> NoiseSchedule.ofSigmas(new double[] {0.1, 0.1})));
    assertEquals(
        "sigmas[0]: 0.0 (expected: above 0.0)",
        refusal(() -> NoiseSchedule.ofSigmas(new double[] {0, 0.1})));
    assertEquals(
        "sigmas: none given (expected: at least 1)",
        refusal(() -> NoiseSchedule.ofSigmas(new double[0])));
  }

  @Test
  void aTimestepBetweenTrainedOnes_hasTheLevelBetweenByTheLogarithmOfItsNoise() {
    for (NoiseSchedule schedule :
        List.of(
            BetaSchedules.create("linear", 100, Map.of()),
            NoiseSchedule.ofSigmas(new double[] {0.1, 0.4, 3.2}))) {
      assertEquals(schedule.level(1), schedule.levelAt(1));
      NoiseLevel between = schedule.levelAt(1.5);
      assertEquals(
          Math.sqrt(schedule.level(1).relativeSigma() * schedule.level(2).relativeSigma()),
          between.relativeSigma(),
          1e-12);
      assertEquals(
          schedule.isVariancePreserving() ? 1 : 1 + between.sigmaSquared(),
          between.alphaSquared() + between.sigmaSquared(),
          1e-12);
      assertEquals(1.5, schedule.timestepOf(between.relativeSigma()), 1e-9);
    }
  }

  @Test
  void aTimestepThatHasNoLevel_isRefusedWithTheBounds() {
    NoiseSchedule schedule = BetaSchedules.create("linear", 100, Map.of()).withZeroTerminalSnr();
    assertEquals(0, schedule.levelAt(99).alphaSquared());
    assertRefused("timestep: 98.5 (expected: at most 98, or 99, ", () -> schedule.levelAt(98.5));
    assertRefused("timestep: 99.5 (expected: 0..99)", () -> schedule.levelAt(99.5));
    assertRefused("timestep: -0.5 (expected: 0..99)", () -> schedule.levelAt(-0.5));
    assertRefused("timestep: NaN (expected: 0..99)", () -> schedule.levelAt(Double.NaN));
  }

  private static void assertRefused(String start, Executable call) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void scalingToTimesteps_keepsTheFinalSignal() {
    double at1000 =
        BetaSchedules.create("linear_scaled_to_timesteps", 1000, Map.of()).alphaBar(999);
    double at200 = BetaSchedules.create("linear_scaled_to_timesteps", 200, Map.of()).alphaBar(199);
    assertEquals(at1000, at200, 2e-5);
  }

  @Test
  void scalingToTooFewTimesteps_isRefusedWithTheBound() {
    String message =
        refusal(() -> BetaSchedules.create("linear_scaled_to_timesteps", 20, Map.of()));
    assertEquals(
        "timesteps: 20 gives beta_end 1.0 after scaling by 1000/T"
            + " (expected: below 1, so more than 20 timesteps)",
        message);
  }

  @Test
  void unknownName_listsTheKnownOnesAndTheNearest() {
    String message = refusal(() -> BetaSchedules.create("linaer", 1000, Map.of()));
    assertTrue(message.startsWith("schedule: unknown name 'linaer'"), message);
    assertTrue(message.contains("squaredcos_cap_v2"), message);
    assertTrue(message.endsWith("did you mean linear?)"), message);
  }

  @Test
  void unknownArgument_isRefused() {
    String message = refusal(() -> BetaSchedules.create("linear", 1000, Map.of("beta_ende", 0.1)));
    assertTrue(message.contains("beta_end"), message);
  }

  @Test
  void betaOutsideItsBounds_isRefusedByItsIndex() {
    String message = refusal(() -> NoiseSchedule.ofBetas(new double[] {0.1, -0.5}));
    assertEquals("betas[1]: -0.5 (expected: above 0, at most 1)", message);
    assertEquals(
        "betas[0]: 1.0 (expected: above 0, below 1)",
        refusal(() -> NoiseSchedule.ofBetas(new double[] {1, 0.5})));
  }

  private static String refusal(Executable executable) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, executable).getMessage());
  }
}
