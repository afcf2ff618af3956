package dev.ancestral.exporter.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.FittedBetween;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable.Factors;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.exporter.fit.AnalyticNetworks.Denoiser;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On networks whose best chains are known without a network. */
class FittingTest {
  private static final NoiseSchedule COSINE =
      BetaSchedules.create("squaredcos_cap_v2", 1000, Map.of());

  private static FitOptions options(boolean search, Double... weights) {
    return new FitOptions(null, null, List.of(weights), 16, search, 0, 5);
  }

  private static Fitting fitting(Bundle bundle, Denoiser denoiser, FitOptions options) {
    return new Fitting(
        bundle,
        AnalyticNetworks.network(bundle, denoiser),
        options.weights(bundle),
        options,
        new FitProgress(new PrintWriter(Writer.nullWriter())));
  }

  /**
   * From normal data every state is a multiple of x_T, so one call can do what the teacher's
   * hundred do; how far a hundred steps of DDIM go is a product.
   */
  @ParameterizedTest
  @EnumSource(
      value = PredictionType.class,
      names = {"EPSILON", "SAMPLE", "V", "SCORE", "POSTERIOR_MEAN"})
  void ofNormalData_oneFittedCallGoesAsFarAsTheTeachersHundred(PredictionType prediction) {
    double deviation = 0.5;
    Bundle bundle = AnalyticNetworks.bundle(COSINE, prediction, false, true, null);
    Fitting fitting = fitting(bundle, AnalyticNetworks.normal(deviation), options(false));

    Candidate one = fitting.run(List.of(1)).get(0);

    double expected = 1;
    for (int i = 0; i < 100; i++) {
      var level = COSINE.level(999 - 10 * i);
      double next = i == 99 ? 0 : COSINE.sigma(989 - 10 * i);
      double alpha = i == 99 ? 1 : COSINE.alpha(989 - 10 * i);
      double x0 = AnalyticNetworks.normal(deviation).x0(1, level, 0);
      expected *= alpha * x0 + next * (1 - level.alpha() * x0) / level.sigma();
    }
    double x0 = AnalyticNetworks.normal(deviation).x0(1, COSINE.level(999), 0);
    Factors factors = one.factors().get(0).get(0);
    assertEquals(expected, factors.x() + factors.x0() * x0, 1e-4);
    FittedProof proof = one.proofs().get(0);
    assertEquals(0, proof.fitted(), 1e-4);
    assertTrue(proof.ddim() > 0.3, proof::toString);
    assertTrue(one.won());
  }

  @Test
  void ofTwoHills_everyFittedChainIsNearerThanHandMadeOnes_andMoreCallsAreNearer() {
    Bundle bundle = AnalyticNetworks.bundle(COSINE, PredictionType.V, true, true, null);
    List<Candidate> candidates =
        fitting(bundle, AnalyticNetworks.twoHills(), options(false)).run(List.of(2, 3, 5, 8));

    double before = Double.POSITIVE_INFINITY;
    for (Candidate candidate : candidates) {
      FittedProof proof = candidate.proofs().get(0);
      assertTrue(candidate.won(), proof::toString);
      assertTrue(proof.fitted() < before, proof::toString);
      before = proof.fitted();
    }
    assertTrue(before < 0.05, "8 calls: " + before);
  }

  @Test
  void timestepsOfShortChainsAreChosenByWhatTheyDraw_thoseOfLongOnesByTheirEnds() {
    Bundle bundle = AnalyticNetworks.bundle(COSINE, PredictionType.V, true, true, null);
    Fitting fitting = fitting(bundle, AnalyticNetworks.twoHills(), options(false));
    List<Integer> calls = List.of(3, 6);
    List<Candidate> nearest = fitting.run(calls);
    List<String> offered = new ArrayList<>();
    fitting.run(calls, Optional.of(chain -> offered.add(chain.grid()) ? 1 : 0));
    assertTrue(offered.contains(nearest.get(0).grid()), offered::toString);
    assertFalse(offered.contains("karras"), "it is not about as near");
    String other =
        offered.stream()
            .filter(grid -> !grid.equals(nearest.get(0).grid()))
            .findFirst()
            .orElseThrow();

    List<Candidate> chosen =
        fitting.run(calls, Optional.of(chain -> chain.grid().equals(other) ? 0 : 1));
    assertEquals(other, chosen.get(0).grid());
    assertEquals(nearest.get(1), chosen.get(1));
  }

  @Test
  void searchedTimesteps_areNearer_andFractionsWhereTheNetworkTakesThem() {
    Denoiser denoiser = AnalyticNetworks.twoHills();
    Bundle bundle = AnalyticNetworks.bundle(COSINE, PredictionType.V, true, true, null);
    Candidate given = fitting(bundle, denoiser, options(false)).run(List.of(4)).get(0);
    Candidate found = fitting(bundle, denoiser, options(true)).run(List.of(4)).get(0);

    assertEquals("searched", found.grid());
    assertTrue(
        found.proofs().get(0).fitted() < 0.9 * given.proofs().get(0).fitted(),
        () -> given.proofs() + " " + found.proofs());
    assertEquals(999, found.timesteps().get(0));
    assertTrue(found.timesteps().stream().anyMatch(t -> t != Math.rint(t)), found::toString);

    Bundle whole = AnalyticNetworks.bundle(COSINE, PredictionType.V, true, false, null);
    Candidate rounded = fitting(whole, denoiser, options(true)).run(List.of(4)).get(0);
    assertEquals("searched", rounded.grid());
    assertTrue(rounded.timesteps().stream().allMatch(t -> t == Math.rint(t)), rounded::toString);
  }

  @Test
  void whereVarianceExplodes_chainsStartAtItsScale_andComeNear() {
    double[] sigmas = new double[200];
    for (int t = 0; t < sigmas.length; t++) {
      sigmas[t] = 0.01 * Math.pow(2000, t / 199.0);
    }
    Bundle bundle =
        AnalyticNetworks.bundle(
            NoiseSchedule.ofSigmas(sigmas), PredictionType.SCORE, false, true, null);
    Fitting fitting = fitting(bundle, AnalyticNetworks.twoHills(), options(false));

    assertEquals(20, fitting.teacher().initialScale(), 1e-9);
    Candidate five = fitting.run(List.of(5)).get(0);
    assertTrue(five.won(), five.proofs()::toString);
  }

  @Test
  void withoutSignalAtTheEnd_chainsStartFromPureNoise() {
    Bundle bundle =
        AnalyticNetworks.bundle(
            BetaSchedules.create("linear", 1000, Map.of()).withZeroTerminalSnr(),
            PredictionType.V,
            true,
            true,
            null);
    Candidate four =
        fitting(bundle, AnalyticNetworks.twoHills(), options(true)).run(List.of(4)).get(0);
    assertTrue(four.won(), four.proofs()::toString);
  }

  @Test
  void guidedChainsShareTheTimesteps_andHaveFactorsOfTheirOwn() {
    Conditioning classes = new Conditioning(2, List.of(), 2);
    Bundle bundle = AnalyticNetworks.bundle(COSINE, PredictionType.V, true, true, classes);
    Denoiser denoiser = AnalyticNetworks.classes(-0.6, 0.6, 0);
    Candidate four = fitting(bundle, denoiser, options(false, 3.0)).run(List.of(4)).get(0);

    assertEquals(List.of(1.0, 3.0), four.guidance());
    assertNotEquals(four.factors().get(0), four.factors().get(1));
    assertTrue(four.won(), four.proofs()::toString);
    FittedBetween between = four.between().get(0);
    assertEquals(2, between.guidance(), "half way, interpolated factors are measured, too");
    assertTrue(between.holds(), between::toString);
    assertTrue(four.table().covers(1.5));
  }

  @Test
  void betweenWeightsThatAreTooFarApart_factorsAreNotInterpolated() {
    Conditioning classes = new Conditioning(2, List.of(), 2);
    Bundle bundle = AnalyticNetworks.bundle(COSINE, PredictionType.V, true, true, classes);
    Denoiser denoiser = AnalyticNetworks.classes(-0.6, 0.6, 0);
    Candidate two = fitting(bundle, denoiser, options(false, 40.0)).run(List.of(2)).get(0);

    assertFalse(two.between().get(0).holds(), two::toString);
    assertFalse(two.table().covers(2));
    assertTrue(two.table().covers(40));
  }

  @Test
  void theSameFitIsTheSameFit() {
    Bundle bundle = AnalyticNetworks.bundle(COSINE, PredictionType.EPSILON, true, true, null);
    Denoiser denoiser = AnalyticNetworks.twoHills();

    Candidate once = fitting(bundle, denoiser, options(true)).run(List.of(3)).get(0);
    Candidate again = fitting(bundle, denoiser, options(true)).run(List.of(3)).get(0);
    assertEquals(once, again);
    assertNotNull(Objects.requireNonNull(once.table()).sha256());
  }
}
