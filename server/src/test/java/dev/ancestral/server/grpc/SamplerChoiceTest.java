package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.FakeDenoiser;
import dev.ancestral.v1.Accepted;
import dev.ancestral.v1.Fitted;
import dev.ancestral.v1.FittedTable;
import dev.ancestral.v1.FittedWeight;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.TimestepSpacing;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who names no sampler gets the fitted one where it is proven and fits, else that of before. */
final class SamplerChoiceTest {
  /** Proven with 3 and 4 calls, up to guidance 2; there are 2 calls too, and guidance up to 4. */
  private static final Bundle FITTED = Bundles.fitted(Bundles.DIGITS, 2, 3, 4);

  private static final String MISFIT = "ddim: the bundle's fitted tables do not fit: ";

  private final RequestResolver resolver = new RequestResolver(() -> 77);

  private ResolvedRequest resolve(Bundle bundle, SampleRequest.Builder request) {
    return resolver.resolve(request.build(), "m", bundle, 5000);
  }

  private static SampleRequest.Builder request() {
    return SampleRequest.newBuilder();
  }

  private static String id(Bundle bundle, int calls) {
    return Objects.requireNonNull(bundle.fitted()).table(calls).orElseThrow().id();
  }

  @Test
  void aRequestThatNamesNothing_getsTheFewestProvenCalls_andHearsWhy() {
    ResolvedRequest resolved = resolve(FITTED, request());
    assertEquals("fitted", resolved.request().getSampler());
    assertEquals(3, resolved.request().getSteps());
    assertEquals(id(FITTED, 3), resolved.request().getFittedTable());
    assertEquals(3, resolved.chain().plan().length());
    assertTrue(resolved.chain().plan().clipsResult());
    assertEquals(
        "fitted with 3 calls: no sampler was named, and they are as good as ddim with 100 steps"
            + " (Frechet ratio 1.01, at most 1.03)",
        resolved.samplerChoice());
  }

  @Test
  void stepsOfAProvenTable_areFitted_thoseOfAnotherAreNot_andGuidanceBetweenProvenWeightsIs() {
    ResolvedRequest three = resolve(FITTED, request().setSteps(3));
    assertEquals(id(FITTED, 3), three.request().getFittedTable());
    ResolvedRequest two = resolve(FITTED, request().setSteps(2));
    assertEquals("ddim", two.request().getSampler());
    assertEquals(
        "ddim: the bundle's fitted table of 2 calls is not proven to be as good as ddim with 100 steps",
        two.samplerChoice());
    ResolvedRequest guided = resolve(FITTED, request().addLabels(1).setGuidanceWeight(1.5));
    assertNotEquals(
        resolve(FITTED, request().addLabels(1).setGuidanceWeight(2)).chain().plan(),
        guided.chain().plan());
    assertEquals(
        "fitted with 3 calls: no sampler was named, and they are as good as ddim with 100 steps at"
            + " guidance 2.0 (Frechet ratio 1.02, at most 1.04)",
        resolve(FITTED, request().addLabels(1).setGuidanceWeight(2)).samplerChoice());
    assertEquals(
        "fitted with 3 calls: no sampler was named, and they are as good as ddim with 100 steps at"
            + " guidance 1.5 (Frechet ratio 1.02, at most 1.04, at the weights on both sides)",
        resolve(FITTED, request().addLabels(1).setGuidanceWeight(1.5)).samplerChoice(),
        "the worse of both neighbours");
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        Arguments.of(
            request().setSteps(7),
            MISFIT + "steps: 7 (expected: 2, 3, 4, of which there are fitted tables)"),
        Arguments.of(
            request().addLabels(0).setGuidanceWeight(5),
            MISFIT
                + "guidance_weight: 5.0 (expected: 1.0..4.0, which the table of 4 calls was fitted for)"),
        Arguments.of(
            request().addLabels(0).setGuidanceWeight(2).setGuidanceRescale(0.7),
            MISFIT + "guidance_rescale: 0.7 (expected: 0, as the tables were fitted without)"),
        Arguments.of(
            request().setClip(false),
            MISFIT + "clip: none (expected: -1.0..1.0, as the tables were fitted)"),
        Arguments.of(
            request().setClipRange(2),
            MISFIT + "clip: -2.0..2.0 (expected: -1.0..1.0, as the tables were fitted)"),
        Arguments.of(
            request().setThresholdQuantile(0.9),
            MISFIT
                + "clip: threshold_quantile 0.9 in -1.0..1.0 (expected: -1.0..1.0, as the tables were fitted)"),
        Arguments.of(
            request().setSpacing(TimestepSpacing.TIMESTEP_SPACING_TRAILING),
            MISFIT
                + "spacing: given for sampler fitted (expected: for ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, euler only)"),
        Arguments.of(
            request().addTimesteps(999).addTimesteps(300),
            MISFIT
                + "timesteps: given for sampler fitted (expected: for ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, euler only)"),
        Arguments.of(
            request().setRespacing("ddim25"), MISFIT + "respacing: given (expected: none)"),
        Arguments.of(
            request().setEta(0),
            MISFIT + "eta: given for sampler fitted (expected: for ddim only)"),
        Arguments.of(
            request().setFrames(Frames.newBuilder().setCount(10)),
            MISFIT + "frames.count: 10 (expected: 2..4, x_T and one after each step)"),
        Arguments.of(
            request().setFrames(Frames.newBuilder().addSteps(0).addSteps(20)),
            MISFIT + "frames.steps[1]: 20 (expected: 0..3, rising)"),
        Arguments.of(
            request().addLabels(0).setGuidanceWeight(3),
            "ddim: none of the bundle's fitted tables is proven to be as good as ddim with 100 steps"
                + " at guidance 3.0"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("misfits")
  void whatNoTableHas_getsTheSamplerOfBefore_asIfThereWereNoTables(
      SampleRequest.Builder request, String words) {
    ResolvedRequest resolved = resolve(FITTED, request);
    ResolvedRequest before = resolve(Bundles.DIGITS, request);
    assertEquals(before.request(), resolved.request());
    assertEquals(before.chain().plan(), resolved.chain().plan());
    assertEquals(words, resolved.samplerChoice());
    assertEquals("", before.samplerChoice());
  }

  @Test
  void aNamedSampler_isTaken_andNothingIsSaidOfIt() {
    for (String name : List.of("ddim", "DPMPP-2M", "fitted")) {
      ResolvedRequest resolved = resolve(FITTED, request().setSampler(name));
      assertTrue(name.equalsIgnoreCase(resolved.request().getSampler()));
      assertEquals("", resolved.samplerChoice());
    }
    assertEquals(
        resolve(Bundles.DIGITS, request().setSampler("ddim")).request(),
        resolve(FITTED, request().setSampler("ddim")).request());
  }

  @Test
  void tablesThatAreNotProven_areThere_butNotTheDefault() {
    Bundle unproven = Bundles.fitted(Bundles.DIGITS, 1, 2);
    ResolvedRequest resolved = resolve(unproven, request());
    assertEquals("ddim", resolved.request().getSampler());
    assertEquals(50, resolved.request().getSteps());
    assertEquals(
        "ddim: none of the bundle's fitted tables is proven to be as good as ddim with 100 steps",
        resolved.samplerChoice());
    ResolvedRequest named = resolve(unproven, request().setSampler("fitted"));
    assertEquals(2, named.request().getSteps(), "the most that there are");
  }

  @Test
  void aBundlesOwnSamplerStaysWhatItRecommends_whereTheTablesDoNotFit() {
    Bundle recommending =
        Bundles.fitted(
            Bundles.bundle(
                Bundles.DIGITS.data(),
                Bundles.DIGITS.conditioning(),
                new Recommended("dpmpp-2m", 12, Map.of(), 2, 0)),
            2,
            3);
    assertEquals(
        "fitted",
        resolve(recommending, request().addLabels(1)).request().getSampler(),
        "guidance 2 is proven");
    ResolvedRequest resolved = resolve(recommending, request().addLabels(1).setSteps(9));
    assertEquals("dpmpp-2m", resolved.request().getSampler());
    assertTrue(resolved.samplerChoice().startsWith("dpmpp-2m: "), resolved.samplerChoice());
  }

  @Test
  void aResolvedRequest_resolvesToItself_andItsTableIsPartOfIt() {
    for (SampleRequest.Builder request :
        List.of(request(), request().addLabels(2).setGuidanceWeight(1.5), request().setSteps(7))) {
      ResolvedRequest resolved = resolve(FITTED, request);
      ResolvedRequest again = resolve(FITTED, resolved.request().toBuilder());
      assertEquals(resolved.request(), again.request());
      assertEquals(resolved.chain().plan(), again.chain().plan());
    }
  }

  static Stream<Arguments> wrong() {
    String other = id(Bundles.fitted(Bundles.UNCONDITIONAL, 3), 3);
    return Stream.of(
        Arguments.of(
            Bundles.DIGITS,
            fitted(),
            "sampler: fitted needs tables that were fitted to the network, as `ancestral fit` does"
                + " (expected one of: "),
        Arguments.of(FITTED, fitted().setSteps(7), "steps: 7 (expected: 2, 3, 4, "),
        Arguments.of(FITTED, fitted().setSteps(0), "steps: 0 (expected: 2, 3, 4, "),
        Arguments.of(
            FITTED,
            fitted().addLabels(0).setGuidanceWeight(4.5),
            "guidance_weight: 4.5 (expected: 1.0..4.0, "),
        Arguments.of(
            FITTED,
            fitted().addLabels(0).setGuidanceWeight(0),
            "guidance_weight: 0.0 (expected: 1.0..4.0, "),
        Arguments.of(
            FITTED,
            fitted().addLabels(0).setGuidanceWeight(2).setGuidanceRescale(0.7),
            "guidance_rescale: 0.7 (expected: 0, "),
        Arguments.of(FITTED, fitted().setClip(false), "clip: none (expected: -1.0..1.0, "),
        Arguments.of(FITTED, fitted().setEta(0.5), "eta: given for sampler fitted (expected: "),
        Arguments.of(
            FITTED, fitted().setRespacing("3"), "respacing: given for sampler fitted (expected: "),
        Arguments.of(
            FITTED, fitted().setKarras(true), "karras: given for sampler fitted (expected: "),
        Arguments.of(
            FITTED,
            fitted().setFittedTable("0123"),
            "fitted_table: 0123 (expected: 16 hexadecimal digits)"),
        Arguments.of(
            FITTED,
            fitted().setFittedTable(other),
            "fitted_table: %s (expected: %s, the network's table of 3 calls now)"
                .formatted(other, id(FITTED, 3))),
        Arguments.of(
            FITTED,
            request().setSampler("ddim").setFittedTable(id(FITTED, 3)),
            "fitted_table: given for sampler ddim (expected: for fitted only)"),
        Arguments.of(
            Bundles.DIGITS,
            request().setFittedTable(id(FITTED, 3)),
            "fitted_table: given for sampler ddim (expected: for fitted only)"));
  }

  private static SampleRequest.Builder fitted() {
    return request().setSampler("fitted");
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("wrong")
  void whatAFittedSamplerCannotDo_isRefusedByName(
      Bundle bundle, SampleRequest.Builder request, String message) {
    String refusal =
        String.valueOf(
            assertThrows(InvalidRequestException.class, () -> resolve(bundle, request))
                .getMessage());
    assertTrue(refusal.startsWith(message), refusal);
    assertFalse(refusal.contains("; "), "nothing else: " + refusal);
  }

  @Test
  void theModelListsItsTablesWithTheirProofs_andWhatARequestGets() {
    FakeDenoiser denoiser = new FakeDenoiser(FITTED.data().shape(), true, false, 4);
    try (TestServer server = TestServer.of(FITTED, denoiser)) {
      Model model = server.models().getModel(GetModelRequest.getDefaultInstance());
      assertEquals("fitted", model.getDefaultSampler());
      assertEquals(3, model.getDefaultSteps());
      assertTrue(model.getSamplersList().contains("fitted"));
      SampleRequest defaults = model.getSamplerDefaults(model.getSamplersList().indexOf("fitted"));
      assertEquals(3, defaults.getSteps());
      assertEquals(id(FITTED, 3), defaults.getFittedTable());
      Fitted fitted = model.getFitted();
      assertEquals("ddim:100", fitted.getTeacher());
      assertEquals("ddim", fitted.getOtherwise());
      assertEquals(Map.of("chains", "64"), fitted.getProvenanceMap());
      assertEquals(
          List.of(2, 3, 4),
          fitted.getTablesList().stream().map(FittedTable::getTimestepsCount).toList());
      assertEquals(id(FITTED, 2), fitted.getTables(0).getId());
      FittedWeight unproven = fitted.getTables(0).getWeights(0);
      assertFalse(unproven.getProven() || unproven.hasComparison());
      FittedWeight proven = fitted.getTables(1).getWeights(1);
      assertEquals(2, proven.getGuidanceWeight());
      assertTrue(proven.getProven());
      assertEquals(0.06, proven.getDistance());
      assertEquals(0.16, proven.getDistanceOfDdim());
      assertEquals(0.14, proven.getDistanceOfDpmpp2M());
      assertEquals(1.04, proven.getComparison().getFrechetUpper(), 1e-12);
      assertEquals(0.99, proven.getComparison().getHighFrequencyRatio());
      assertEquals(0.81, proven.getComparison().getTeacherAccuracy());
      Accepted accepted = server.sample(SampleRequest.getDefaultInstance()).get(0).getAccepted();
      assertEquals(fitted.getDefaultChoice(), accepted.getSamplerChoice());
      assertEquals(
          Objects.requireNonNull(FITTED.fitted()).table(3).orElseThrow().timesteps(),
          accepted.getTimestepsList());
    }
  }

  @Test
  void aModelWithoutTables_saysNothingOfThem() {
    FakeDenoiser denoiser = new FakeDenoiser(Bundles.DIGITS.data().shape(), true, false, 4);
    try (TestServer server = TestServer.of(Bundles.DIGITS, denoiser)) {
      Model model = server.models().getModel(GetModelRequest.getDefaultInstance());
      assertFalse(model.hasFitted());
      assertEquals("ddim", model.getDefaultSampler());
      assertEquals(
          "",
          server
              .sample(SampleRequest.getDefaultInstance())
              .get(0)
              .getAccepted()
              .getSamplerChoice());
    }
  }

  @Test
  void afterAnotherFit_aRecipeOfTheOldOneIsRefused() {
    SampleRequest recipe = resolve(FITTED, request().setSeed(3)).request();
    FittedTables old = Objects.requireNonNull(FITTED.fitted());
    Bundle refitted =
        Bundles.DIGITS.withFitted(
            new FittedTables(
                old.teacher(),
                old.clipping(),
                List.of(
                    new dev.ancestral.diffusion.sampler.FittedTable(
                        List.of(990.0, 600.0, 200.0), old.tables().get(1).weighted())),
                Map.of()));
    assertEquals(
        "fitted_table: %s (expected: %s, the network's table of 3 calls now)"
            .formatted(id(FITTED, 3), id(refitted, 3)),
        assertThrows(InvalidRequestException.class, () -> resolve(refitted, recipe.toBuilder()))
            .getMessage());
  }
}
