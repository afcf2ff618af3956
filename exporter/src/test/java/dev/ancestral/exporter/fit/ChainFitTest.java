package dev.ancestral.exporter.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable.Factors;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.exporter.fit.AnalyticNetworks.Denoiser;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a fit says of its chains is what the served ones do. */
class ChainFitTest {
  private static final List<Double> TIMESTEPS = List.of(999.0, 600.5, 200.25);

  /** Data that are -1 or 1: chains that go too far are clipped. */
  private static final Denoiser ENDS =
      (x, level, label) -> Math.tanh(level.alpha() * x / level.sigmaSquared());

  private final Draws draws = Draws.of(Draws.Use.FIT, 0, 24, 16, null, false, 3);

  /** The fit's residual, and the ends of the served chain from the same starts. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Outcome(double residual, float[][] ends, float[][] teacher) {
    double largest() {
      double largest = 0;
      for (float[] row : ends) {
        for (float number : row) {
          largest = Math.max(largest, Math.abs(number));
        }
      }
      return largest;
    }

    static double energy(float[][] rows) {
      return Arrays.stream(rows).mapToDouble(row -> energy(row)).sum();
    }

    private static double energy(float[] row) {
      double sum = 0;
      for (float number : row) {
        sum += (double) number * number;
      }
      return sum;
    }
  }

  /** A network, what is fitted to it, and how its chains are served. */
  private final class Lab {
    private final Bundle bundle;
    private final Network network;
    private final Lesson lesson;
    private final Fitting fitting;
    private final TeacherChains teacher;
    private final ChainFit fit;
    private int calls;

    Lab(boolean clips, Denoiser denoiser) {
      bundle =
          AnalyticNetworks.bundle(
              BetaSchedules.create("squaredcos_cap_v2", 1000, Map.of()),
              PredictionType.V,
              clips,
              true,
              null);
      Network known = AnalyticNetworks.network(bundle, denoiser);
      network =
          (x, timestep, labels, guidance) -> {
            calls++;
            return known.predict(x, timestep, labels, guidance);
          };
      this.fitting =
          new Fitting(
              bundle,
              network,
              List.of(1.0),
              FitOptions.DEFAULTS,
              new FitProgress(new PrintWriter(Writer.nullWriter())));
      this.teacher =
          new Chains(network).watch(fitting.teacher(), bundle.scheduler().schedule(), draws, 1);
      this.lesson = new Lesson(1, draws.start(1), draws.labels(), teacher);
      this.fit = new ChainFit(bundle.model(), bundle.clipping(), network, List.of(lesson));
      this.calls = 0;
    }

    Outcome serve(ChainFit.Fitted fitted) {
      Candidate candidate =
          new Candidate(
              "given",
              fitted.timesteps(),
              List.of(1.0),
              fitted.factors(),
              List.of(new FittedProof(0, 0, 0, null)),
              List.of());
      return new Outcome(
          fitted.residual(), fitting.sample(fitting.plan(candidate, 1), draws, 1), teacher.end());
    }
  }

  private ChainFit.Fitted toTheEnd(Lab lab, ChainFit.Fitted fitted) {
    List<Factors> factors =
        new EndFit(
                lab.bundle.model(),
                lab.bundle.clipping(),
                lab.network,
                lab.lesson,
                fitted.timesteps(),
                fitted.reach())
            .improve(fitted.factors().get(0));
    return new ChainFit.Fitted(
        fitted.timesteps(), fitted.reach(), List.of(), List.of(factors), Double.NaN);
  }

  @Test
  void endsAreNearer_whereAllFactorsAreFittedToThemTogether() {
    for (List<Double> timesteps :
        List.of(List.of(999.0, 400.0), TIMESTEPS, List.of(999.0, 900.0, 600.5, 300.0, 100.0))) {
      Lab lab = new Lab(true, AnalyticNetworks.twoHills());
      ChainFit.Fitted steps = lab.fit.fit(timesteps);
      lab.calls = 0;
      ChainFit.Fitted together = toTheEnd(lab, steps);
      assertTrue(lab.calls <= EndFit.mostCalls(timesteps.size()), "calls: " + lab.calls);
      Outcome served = lab.serve(together);
      double distance = Distance.ofTypical(served.ends(), served.teacher());
      assertTrue(distance < 0.95 * steps.residual(), steps.residual() + " " + distance);
    }
  }

  @Test
  void ofLongChains_factorsStayAsTheyAre() {
    Lab lab = new Lab(true, AnalyticNetworks.twoHills());
    List<Double> timesteps = IntStream.range(0, 11).mapToObj(i -> 999.0 - 90 * i).toList();
    ChainFit.Fitted steps = lab.fit.fit(timesteps);
    lab.calls = 0;
    assertEquals(steps.factors(), toTheEnd(lab, steps).factors());
    assertEquals(0, lab.calls);
    assertEquals(0, EndFit.mostCalls(11));
  }

  private Outcome outcome(boolean clips, Denoiser denoiser) {
    Lab lab = new Lab(clips, denoiser);
    return lab.serve(lab.fit.fit(TIMESTEPS));
  }

  @Test
  void stepsReadTwoEstimatesBack_whereThatBringsChainsNearer() {
    Lab lab = new Lab(true, AnalyticNetworks.twoHills());
    List<Double> five = List.of(999.0, 900.0, 600.5, 300.0, 100.0);
    ChainFit.Fitted near = lab.fit.fit(five, 1, List.of());
    lab.calls = 0;
    ChainFit.Fitted far = lab.fit.fit(five);

    assertEquals(2, far.reach());
    assertTrue(far.residual() < 0.9 * near.residual(), near.residual() + " " + far.residual());
    assertTrue(far.factors().get(0).get(4).earlier() != 0);
    assertEquals(ChainFit.mostCalls(5), lab.calls, "what is tried shares its first three calls");
    Outcome served = lab.serve(far);
    assertEquals(Distance.ofTypical(served.ends(), served.teacher()), far.residual(), 1e-6);
  }

  @Test
  void stepsReadOneEstimateBack_whereTwoAreNotWorthIt() {
    Lab lab = new Lab(true, AnalyticNetworks.twoHills());
    double far = lab.fit.fit(TIMESTEPS, 2, List.of()).residual();
    ChainFit.Fitted near = lab.fit.fit(TIMESTEPS);
    assertEquals(1, near.reach(), near.residual() + " " + far);
    assertEquals(0, near.factors().get(0).get(2).earlier());
  }

  @Test
  void theResidualIsThatOfTheServedChain_whoseResultIsClipped() {
    Outcome clipped = outcome(true, ENDS);
    assertEquals(Distance.ofTypical(clipped.ends(), clipped.teacher()), clipped.residual(), 1e-6);
    assertEquals(1, clipped.largest());

    Outcome free = outcome(false, ENDS);
    assertEquals(Distance.ofTypical(free.ends(), free.teacher()), free.residual(), 1e-6);
    assertTrue(free.largest() > 1.01, "largest: " + free.largest());
  }

  @Test
  void endsHaveTheEnergyOfTheTeachers() {
    Outcome free = outcome(false, AnalyticNetworks.twoHills());

    double teacher = Outcome.energy(free.teacher());
    assertEquals(teacher, Outcome.energy(free.ends()), 1e-4 * teacher);
  }

  @Test
  void aChainIsWrittenThatIsNearerThanBothHandMadeOnes() {
    assertTrue(candidate(0.1, 0.2, 0.2).won());
    assertFalse(candidate(0.1, 0.1, 0.2).won());
    assertFalse(candidate(0.1, 0.2, 0.1).won());
    assertFalse(candidate(0.3, 0.2, 0.1).won());
  }

  private static Candidate candidate(double fitted, double ddim, double dpmSolver) {
    return new Candidate(
        "given",
        TIMESTEPS,
        List.of(1.0),
        List.of(List.of()),
        List.of(new FittedProof(fitted, ddim, dpmSolver, null)),
        List.of());
  }
}
