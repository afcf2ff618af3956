package dev.ancestral.diffusion.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

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
  void ownEndsOfTheLinearSchedule_giveTheGoldenFinalSignal() {
    NoiseSchedule schedule =
        BetaSchedules.create("linear", 1000, Map.of("beta_start", 1e-5, "beta_end", 1e-2));
    assertEquals(0.283762566322, schedule.alphaBar(500), 1e-12);
    assertEquals(0.0065928095913, schedule.alphaBar(999), 1e-12);
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
  }

  private static String refusal(Executable executable) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, executable).getMessage());
  }
}
