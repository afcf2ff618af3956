package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine where several steps in a call are worthwhile. */
@Timeout(30)
final class EngineChainTest {
  private static final int ELEMENTS = 16;
  private static final CostCurve FAST =
      new CostCurve(16, List.of(new CostCurve.Point(1, 0.1), new CostCurve.Point(16, 0.1)));

  private final FakeChain chain = new FakeChain(8);
  private FakeDenoiser denoiser = network();

  private static FakeDenoiser network() {
    return new FakeDenoiser(List.of(1L, 4L, 4L), true, true, 16);
  }

  private Engine start(int chainSteps, boolean deterministic, CostCurve curve) {
    denoiser = network().with(chain);
    return Engine.start(
        new EngineSetup(
            "test",
            denoiser,
            new EngineLimits(16, 32, Batching.STEP, deterministic),
            network -> new Calibration(curve, BatchInvariance.VERIFIED, chainSteps),
            new DeviceShare(),
            new FakeTicker()));
  }

  private Engine start() {
    return start(6, false, FAST);
  }

  private static RecordingListener run(Engine engine, ChainRequest request) {
    RecordingListener listener = new RecordingListener();
    engine.submit(request, listener);
    return listener;
  }

  @Test
  void aSampleIsTheSame_withFewerCalls() throws Exception {
    for (String sampler : List.of("ddpm", "ddim", "dpmpp-2m", "unipc", "deis", "ipndm")) {
      try (Engine engine = start()) {
        RecordingListener listener = run(engine, Chains.request(sampler, 20, 7, 1, 2));
        assertEquals(4, listener.await().calls());
        assertArrayEquals(
            Chains.plainLoop(Chains.plan(sampler, 20), 7, 0, 2, ELEMENTS), listener.samples.get(0));
        assertEquals(20, listener.stepsDone);
      }
    }
    assertEquals(List.of(6, 6, 6, 2), chain.calls().subList(0, 4));
    assertEquals(List.of(), denoiser.calls());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6})
  void theResultIsClipped_inTheSampleAndItsFrame_whereThePlanSaysSo(int chainSteps)
      throws Exception {
    // Of a state of standard normals a million times what it was, in two steps.
    Step step = Step.estimating(500, 1, 0).plusState(1000);
    ChainPlan plan = new ChainPlan("test", 1, ClipRange.UNIT, List.of(step, step), true);
    try (Engine engine = start(chainSteps, false, FAST)) {
      RecordingListener listener =
          run(
              engine,
              Chains.withFrames(Chains.request(plan, 7, 1, 0), FramePlan.every(2, 2, true, false)));
      listener.await();
      float[] sample = Objects.requireNonNull(listener.samples.get(0));
      for (float x : sample) {
        assertEquals(1, Math.abs(x));
      }
      assertArrayEquals(sample, Objects.requireNonNull(listener.frames.get(1).state()));
    }
  }

  @Test
  void aGuidedSampleIsTheSame() throws Exception {
    Guidance guidance = new Guidance(3, 0, 2);
    try (Engine engine = start()) {
      RecordingListener listener =
          run(engine, Chains.guided(Chains.request("ddim", 9, 7, 1, 1), guidance));
      listener.await();
      assertArrayEquals(
          Chains.plainLoop(Chains.plan("ddim", 9), 7, 0, 1, guidance, ELEMENTS),
          listener.samples.get(0));
    }
    assertEquals(List.of(6, 3), chain.calls());
  }

  @Test
  void everyFrameThatIsAskedForIsSeen_andNoCallPassesOne() throws Exception {
    ChainRequest plain = Chains.request("dpmpp-2m", 20, 7, 2, 2);
    ChainRequest request = Chains.withFrames(plain, FramePlan.at(List.of(0, 3, 4, 16), true, true));
    RecordingListener single = new RecordingListener();
    try (Engine engine =
        Engine.start(EngineSetup.of("test", network(), new EngineLimits(16, 32)))) {
      engine.submit(request, single);
      single.await();
    }
    try (Engine engine = start()) {
      RecordingListener chained = run(engine, request);
      chained.await();
      assertEquals(single.frames.size(), chained.frames.size());
      for (int i = 0; i < single.frames.size(); i++) {
        assertEquals(single.frames.get(i).step(), chained.frames.get(i).step());
        assertEquals(single.frames.get(i).sample(), chained.frames.get(i).sample());
        assertEquals(single.frames.get(i).timestep(), chained.frames.get(i).timestep());
        assertArrayEquals(single.frames.get(i).state(), chained.frames.get(i).state());
        assertArrayEquals(single.frames.get(i).estimate(), chained.frames.get(i).estimate());
      }
    }
    assertEquals(List.of(3, 6, 6, 4), chain.calls());
    assertEquals(1, denoiser.calls().size());
  }

  @Test
  void whereFramesHoldEstimates_eachSampleHasItsOwn() throws Exception {
    ChainRequest plain = Chains.request("ddim", 4, 7, 2, 2);
    ChainRequest request = Chains.withFrames(plain, FramePlan.at(List.of(2), false, true));
    try (Engine engine = start()) {
      RecordingListener listener = run(engine, request);
      listener.await();
      assertEquals(2, listener.frames.size());
      assertTrue(
          !Arrays.equals(listener.frames.get(0).estimate(), listener.frames.get(1).estimate()));
    }
  }

  @Test
  void whatCannotBeExpressedTakesSingleSteps() throws Exception {
    try (Engine engine = start()) {
      RecordingListener listener = run(engine, Chains.request(Chains.everyTerm(5), 7, 1, 2));
      listener.await();
      assertArrayEquals(
          Chains.plainLoop(Chains.everyTerm(5), 7, 0, 2, ELEMENTS), listener.samples.get(0));
    }
    assertEquals(List.of(), chain.calls());
    assertEquals(5, denoiser.calls().size());
  }

  @Test
  void stepsAreSingleWhereSeveralAreNotWorthwhile_orBitsMustNotDependOnThem() throws Exception {
    try (Engine engine = start(1, false, FAST)) {
      assertEquals(5, run(engine, Chains.request("ddim", 5, 7, 1, 2)).await().calls());
    }
    try (Engine engine = start(6, true, FAST)) {
      assertEquals(5, run(engine, Chains.request("ddim", 5, 7, 1, 2)).await().calls());
    }
    assertEquals(List.of(), chain.calls());
  }

  @Test
  void noCallTakesLongerThanNewcomersMayWait() throws Exception {
    double millis = ChainLength.MOST_MILLIS / 2.5;
    try (Engine engine =
        start(6, false, new CostCurve(16, List.of(new CostCurve.Point(1, millis))))) {
      run(engine, Chains.request("ddim", 6, 7, 1, 2)).await();
    }
    assertEquals(List.of(2, 2, 2), chain.calls());
  }

  @Test
  void aStateThatIsNoNumberFailsItsRequest() throws Exception {
    chain.poison();
    try (Engine engine = start()) {
      RecordingListener listener = run(engine, Chains.request("ddim", 9, 7, 1, 2));
      assertInstanceOf(NonFinitePredictionException.class, listener.awaitFailure());
    }
  }
}
