package dev.ancestral.server.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DynamicThreshold;
import dev.ancestral.diffusion.sampler.Entry;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Past;
import dev.ancestral.diffusion.sampler.Sampler;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.check.ComparedSample;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.DeviceChain;
import dev.ancestral.server.onnx.ForeignOnnx.Style;
import dev.ancestral.server.onnx.ForeignOnnx.Timesteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A chain on the device against single steps: the same samples within 1e-5. */
final class OrtDeviceChainTest {
  private static final OnnxRuntime RUNTIME = new OnnxRuntime(Device.cpu("a test"), 2);
  private static final float TOLERANCE = 1e-5f;
  private static final int MAX_ROWS = 16;
  private static final int STEPS = 12;

  private final Path file;

  OrtDeviceChainTest(@TempDir Path directory) {
    this.file = directory.resolve("tiny.onnx");
  }

  private void write(Bundle bundle) {
    TinyOnnx.file(file, bundle, BundleFormat.metadata(bundle));
  }

  private static ChainPlan plan(Bundle bundle, String name, int steps) {
    Sampler sampler = Samplers.of(name);
    return sampler.plan(
        bundle.model(), sampler.resolve(bundle.model(), SamplerOptions.ofSteps(steps)));
  }

  private static int elements(Bundle bundle) {
    return Math.toIntExact(bundle.data().shape().stream().reduce(1L, Math::multiplyExact));
  }

  /** Runs the samples to their ends, K steps a call, and compares after each call. */
  private void assertAgrees(Bundle bundle, List<ComparedSample> samples, int turns)
      throws IOException {
    assertAgrees(bundle, samples, turns, TOLERANCE);
  }

  private void assertAgrees(Bundle bundle, List<ComparedSample> samples, int turns, float tolerance)
      throws IOException {
    write(bundle);
    try (Denoiser denoiser = RUNTIME.open(file).denoiser(bundle, MAX_ROWS);
        DeviceChain chain = RUNTIME.openChain(file, null, bundle, MAX_ROWS)) {
      List<ComparedSample> alone = samples.stream().map(ComparedSample::copy).toList();
      int stepsLeft = samples.stream().mapToInt(s -> s.plan().length() - s.step()).min().orElse(0);
      while (stepsLeft > 0) {
        int taken = Math.min(turns, stepsLeft);
        ComparedSample.chained(samples, chain, taken, taken);
        for (int i = 0; i < samples.size(); i++) {
          ComparedSample.singleSteps(List.of(alone.get(i)), denoiser, taken);
          String where = "sample %d after %d of %d".formatted(i, samples.get(i).step(), turns);
          assertArrayEquals(alone.get(i).state(), samples.get(i).state(), tolerance, where);
          assertArrayEquals(alone.get(i).estimate(), samples.get(i).estimate(), tolerance, where);
          int left = Math.min(samples.get(i).step(), samples.get(i).history().length);
          for (int entry = 0; entry < left; entry++) {
            assertArrayEquals(
                alone.get(i).history()[entry],
                samples.get(i).history()[entry],
                tolerance,
                where + ", entry " + entry);
          }
        }
        stepsLeft -= taken;
      }
    }
  }

  static Stream<String> samplers() {
    return Samplers.namesFor(Bundles.DIGITS.model()).stream();
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void everySamplerTakesTheSameSteps(String sampler) throws Exception {
    ChainPlan plan = plan(Bundles.DIGITS, sampler, STEPS);
    assertTrue(DeviceChain.expressible(plan, null));
    int elements = elements(Bundles.DIGITS);
    // An estimate that is clipped hides what the network said.
    ChainPlan free = plan.withClipping(Clipping.NONE);
    assertAgrees(
        Bundles.DIGITS,
        List.of(
            new ComparedSample(plan, 7, 1, null, elements),
            new ComparedSample(free, 8, 2, null, elements)),
        5);
  }

  static Stream<String> scoreSamplers() {
    return Samplers.namesFor(Bundles.SCORE.model()).stream();
  }

  @ParameterizedTest
  @MethodSource("scoreSamplers")
  void everySamplerOfAScoreTakesTheSameSteps(String sampler) throws Exception {
    Sampler of = Samplers.of(sampler);
    ChainPlan plan =
        of.plan(
            Bundles.SCORE.model(), of.resolve(Bundles.SCORE.model(), SamplerOptions.ofSteps(4)));
    assertAgrees(Bundles.SCORE, List.of(new ComparedSample(plan, 7, 0, null, 2)), 3);
  }

  /** Different samplers, positions, labels and seeds, two guided, in one batch. */
  private static List<ComparedSample> mixed(int count) {
    List<ComparedSample> samples = new ArrayList<>();
    List<String> names = samplers().toList();
    for (int i = 0; i < count; i++) {
      ChainPlan plan = plan(Bundles.DIGITS, names.get(i % names.size()), STEPS + 3 * i);
      Guidance guidance = i % 3 == 1 ? new Guidance(1.5 + i, 0, 3) : null;
      samples.add(new ComparedSample(plan, i, i % 3, guidance, elements(Bundles.DIGITS)));
    }
    return samples;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 12})
  void mixedSamplesStayThemselves_whateverTheSteps(int turns) throws Exception {
    assertAgrees(Bundles.DIGITS, mixed(9), turns);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 9})
  void mixedSamplesStayThemselves_whateverTheBatch(int count) throws Exception {
    assertAgrees(Bundles.DIGITS, mixed(count), 4);
  }

  /** Fitted chains, one of them guided, among others of other lengths, to their clipped ends. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void aFittedChainAmongOthersStaysItself(int turns) throws Exception {
    Bundle fitted = Bundles.fitted(Bundles.DIGITS, 3, 5);
    int elements = elements(fitted);
    assertAgrees(
        fitted,
        List.of(
            new ComparedSample(plan(fitted, "fitted", 5), 1, 1, null, elements),
            new ComparedSample(plan(fitted, "ddpm", 9), 2, 2, null, elements),
            new ComparedSample(plan(fitted, "fitted", 5), 3, 0, new Guidance(2, 0, 3), elements),
            new ComparedSample(plan(fitted, "dpmpp-2m", 5), 4, 3, null, elements)),
        turns);
  }

  /** Steps that read so many entries of a history of linear forms, as soon as there are some. */
  private static ChainPlan reaching(int depth) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      int most = Math.min(i, depth);
      steps.add(
          Step.estimating(900 - 50 * i, 1.1, -0.3)
              .plusX0(0.3)
              .plusState(0.7)
              .plusOutput(0.05)
              .plusPast(new Past(most > 0 ? -0.3 : 0, most > 1 ? 0.2 : 0, most > 2 ? 0.13 : 0))
              .leaving(new Entry(0.21, 0.7, -0.17))
              .plusNoise(i % 2 == 0 ? 0.1 : 0));
    }
    return new ChainPlan("reaching-" + depth, 1, ClipRange.UNIT, steps, depth % 2 == 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 12})
  void rowsOfEveryHistoryStayThemselves_toTheBit(int turns) throws Exception {
    List<ComparedSample> samples = new ArrayList<>();
    for (int depth : new int[] {0, 3, 1, 2}) {
      Guidance guidance = depth > 1 ? new Guidance(2, 0, 3) : null;
      samples.add(
          new ComparedSample(reaching(depth), depth, 1, guidance, elements(Bundles.DIGITS)));
    }
    assertAgrees(Bundles.DIGITS, samples, turns, 0);
  }

  @Test
  void aCallKeepsNoMoreHistoryThanItsRowsNeed() {
    assertHistory(1, false, 0);
    assertHistory(1, true, 1);
    assertHistory(2, true, 0, 2, 1);
    assertHistory(3, true, 3);
  }

  private static void assertHistory(int entries, boolean read, int... depths) {
    List<ComparedSample> samples =
        Arrays.stream(depths)
            .mapToObj(
                depth -> new ComparedSample(reaching(depth), 5, 1, null, elements(Bundles.DIGITS)))
            .toList();
    OrtDeviceChain.Call call = OrtDeviceChain.Call.of(samples, samples.size(), 4);
    assertEquals(entries, call.entries());
    assertEquals(read, call.readsHistory());
  }

  @Test
  void aRowThatKeepsOneEntryGivesTheSameAlone() throws Exception {
    assertAgrees(
        Bundles.DIGITS,
        List.of(new ComparedSample(reaching(1), 5, 1, null, elements(Bundles.DIGITS))),
        4,
        0);
  }

  @ParameterizedTest
  @EnumSource(Timesteps.class)
  void anAdaptedNetworkTakesTheSameSteps(Timesteps timesteps) throws Exception {
    Bundle bundle = Bundles.UNCONDITIONAL;
    write(bundle);
    Path theirs = file.resolveSibling("theirs.onnx");
    Files.write(
        theirs,
        ForeignOnnx.model(
            bundle, Style.OURS.named("x", "t", "y", "eps").with(DataType.INT64, timesteps)));
    ChainPlan plan = plan(bundle, "ddim", STEPS);
    ComparedSample ours = new ComparedSample(plan, 7, 0, null, elements(bundle));
    ComparedSample adapted = ours.copy();
    try (OnnxModel model = RUNTIME.open(theirs);
        DeviceChain chain = RUNTIME.openChain(file, null, bundle, 1);
        DeviceChain other = RUNTIME.openChain(theirs, model.signature(bundle), bundle, 1)) {
      chain.run(List.of(ours), STEPS);
      other.run(List.of(adapted), STEPS);
    }
    assertArrayEquals(ours.state(), adapted.state());
    assertArrayEquals(ours.estimate(), adapted.estimate());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void paddedBatchesGiveTheSame(int count) throws Exception {
    write(Bundles.DIGITS);
    List<ComparedSample> exact = mixed(count);
    List<ComparedSample> padded = mixed(count);
    try (DeviceChain chain = RUNTIME.openChain(file, null, Bundles.DIGITS, BatchSizes.exact(7));
        DeviceChain bucketed =
            RUNTIME.openChain(file, null, Bundles.DIGITS, BatchSizes.buckets(7))) {
      chain.run(exact, 5);
      bucketed.run(padded, 5);
    }
    for (int i = 0; i < count; i++) {
      assertArrayEquals(exact.get(i).state(), padded.get(i).state());
      assertArrayEquals(exact.get(i).estimate(), padded.get(i).estimate());
    }
  }

  @Test
  void samplesAtDifferentStepsShareACall() throws Exception {
    write(Bundles.DIGITS);
    List<ComparedSample> samples = mixed(4);
    try (Denoiser denoiser = RUNTIME.open(file).denoiser(Bundles.DIGITS, 2)) {
      for (int i = 0; i < samples.size(); i++) {
        ComparedSample.singleSteps(List.of(samples.get(i)), denoiser, 2 * i);
      }
    }
    assertAgrees(Bundles.DIGITS, samples, 3);
  }

  @Test
  void pointsWithoutLabelsAndWithoutClippingAreSamplesToo() throws Exception {
    ChainPlan plan = plan(Bundles.POINTS, "ddpm", STEPS);
    ChainPlan free = plan.withClipping(Clipping.NONE);
    assertAgrees(
        Bundles.POINTS,
        List.of(new ComparedSample(plan, 1, 0, null, 2), new ComparedSample(free, 2, 0, null, 2)),
        5);
  }

  @Test
  void whatBoundsNothingIsNotReadAsNoise() throws Exception {
    ChainPlan plan = plan(Bundles.POINTS, "ddim", STEPS);
    ChainPlan free = plan.withClipping(Clipping.NONE);
    assertAgrees(Bundles.POINTS, List.of(new ComparedSample(free, 2, 0, null, 2)), STEPS);
  }

  @Test
  void aNetworkWithAVarianceHalfRunsTheSamplersThatDoNotReadIt() throws Exception {
    Bundle learned = Bundles.withVariance(Bundles.DIGITS, Variance.LEARNED_RANGE);
    assertAgrees(
        learned,
        List.of(
            new ComparedSample(plan(learned, "ddim", STEPS), 3, 1, null, elements(learned)),
            new ComparedSample(
                plan(learned, "ddim", STEPS), 3, 1, new Guidance(3, 0, 3), elements(learned))),
        4);
  }

  @Test
  void whatCannotBeExpressedSaysSo() throws Exception {
    Bundle learned = Bundles.withVariance(Bundles.DIGITS, Variance.LEARNED_RANGE);
    ChainPlan ddim = plan(Bundles.DIGITS, "ddim", STEPS);
    ChainPlan threshold = ddim.withClipping(new DynamicThreshold(-1, 1, 0.9));
    assertEquals(false, DeviceChain.expressible(plan(learned, "ddpm", STEPS), null));
    assertEquals(false, DeviceChain.expressible(threshold, null));
    assertEquals(false, DeviceChain.expressible(ddim, new Guidance(2, 0.5, 3)));
    assertEquals(true, DeviceChain.expressible(ddim, new Guidance(2, 0, 3)));
    write(Bundles.DIGITS);
    try (DeviceChain chain = RUNTIME.openChain(file, null, Bundles.DIGITS, MAX_ROWS)) {
      List<ComparedSample> samples =
          List.of(new ComparedSample(threshold, 1, 0, null, elements(Bundles.DIGITS)));
      assertThrows(IllegalArgumentException.class, () -> chain.run(samples, 2));
    }
  }

  @Test
  void rowsAndStepsThatDoNotFitAreRefused_andTheChainStaysUsable() throws Exception {
    write(Bundles.DIGITS);
    try (DeviceChain chain = RUNTIME.openChain(file, null, Bundles.DIGITS, 2)) {
      ChainPlan plan = plan(Bundles.DIGITS, "ddim", STEPS);
      List<ComparedSample> one =
          List.of(new ComparedSample(plan, 1, 0, null, elements(Bundles.DIGITS)));
      List<ComparedSample> three = List.of(one.get(0), one.get(0), one.get(0));
      assertThrows(IllegalArgumentException.class, () -> chain.run(one, 0));
      assertThrows(IllegalArgumentException.class, () -> chain.run(one, STEPS + 1));
      assertThrows(IllegalArgumentException.class, () -> chain.run(one, chain.maxSteps() + 1));
      assertThrows(IllegalArgumentException.class, () -> chain.run(three, 1));
      assertThrows(IllegalArgumentException.class, () -> chain.run(List.of(), 1));
      chain.run(one, 2);
    }
  }

  @Test
  void noStepReadsAFactorThatIsNotThere() throws Exception {
    // A plan of one step that copies its state: every other term has the factor 0.
    Step still = Step.estimating(10, 1, 0).plusState(1);
    ChainPlan plan = new ChainPlan("still", 1, Clipping.NONE, List.of(still, still));
    assertAgrees(Bundles.POINTS, List.of(new ComparedSample(plan, 5, 0, null, 2)), 2);
  }

  @Test
  void weightsMayLieInAnotherFile() throws Exception {
    write(Bundles.UNCONDITIONAL);
    byte[] whole = Files.readAllBytes(file);
    ChainPlan plan = plan(Bundles.UNCONDITIONAL, "ddpm", STEPS);
    int elements = elements(Bundles.UNCONDITIONAL);
    ComparedSample inside = new ComparedSample(plan, 5, 0, null, elements);
    ComparedSample outside = new ComparedSample(plan, 5, 0, null, elements);
    try (DeviceChain chain = RUNTIME.openChain(file, null, Bundles.UNCONDITIONAL, 1)) {
      chain.run(List.of(inside), STEPS);
    }
    Files.write(file, TinyOnnx.movedWeights(whole, file.resolveSibling("model.onnx.data")));
    try (DeviceChain chain = RUNTIME.openChain(file, null, Bundles.UNCONDITIONAL, 1)) {
      chain.run(List.of(outside), STEPS);
    }
    assertArrayEquals(inside.state(), outside.state());
  }

  @Test
  void aFileThatIsNoNetworkIsNamed() throws Exception {
    Files.writeString(file, "no network");
    String message =
        String.valueOf(
            assertThrows(
                    ModelException.class, () -> RUNTIME.openChain(file, null, Bundles.DIGITS, 1))
                .getMessage());
    assertTrue(message.startsWith(file + ": chain"), message);
  }
}
