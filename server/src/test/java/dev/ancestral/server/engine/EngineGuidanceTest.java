package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Guidance;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class EngineGuidanceTest {
  private static final int ELEMENTS = 16;
  private static final int NULL_LABEL = 3;
  private static final Guidance STRONG = new Guidance(2.5, 0.7, NULL_LABEL);

  private final FakeDenoiser denoiser = new FakeDenoiser(List.of(1L, 4L, 4L), true, true, 16);
  private final Engine engine =
      Engine.start(EngineSetup.of("test", denoiser, new EngineLimits(6, 64)));
  private final Semaphore permits = new Semaphore(0);

  @AfterEach
  void close() {
    permits.release(1 << 20);
    engine.close();
  }

  private RecordingListener run(ChainRequest request) {
    RecordingListener listener = new RecordingListener();
    engine.submit(request, listener);
    return listener;
  }

  private static void assertPlainLoops(
      RecordingListener listener, ChainPlan plan, long seed, int label, Guidance guidance) {
    listener.samples.forEach(
        (sample, data) ->
            assertArrayEquals(
                Chains.plainLoop(plan, seed, sample, label, guidance, ELEMENTS), data));
  }

  @Test
  void everyGuidedSampleEqualsAPlainLoop_aloneOrAmongOthers() throws Exception {
    ChainPlan every = Chains.everyTerm(12);
    ChainPlan ddpm = Chains.plan("ddpm", 9);
    Guidance gentle = new Guidance(1.5, 0, NULL_LABEL);
    RecordingListener alone = run(Chains.guided(Chains.request(every, 7, 1, 2), STRONG));
    alone.await();
    RecordingListener first = run(Chains.guided(Chains.request(every, 7, 5, 2), STRONG));
    RecordingListener second = run(Chains.guided(Chains.request(ddpm, 8, 4, 1), gentle));
    RecordingListener plain = run(Chains.request(ddpm, 9, 5, 0));
    first.await();
    second.await();
    plain.await();
    assertPlainLoops(first, every, 7, 2, STRONG);
    assertPlainLoops(second, ddpm, 8, 1, gentle);
    assertArrayEquals(alone.samples.get(0), first.samples.get(0));
    for (int sample = 0; sample < 5; sample++) {
      assertArrayEquals(Chains.plainLoop(ddpm, 9, sample, 0, ELEMENTS), plain.samples.get(sample));
    }
  }

  @Test
  void guidedAndUnguidedRowsOfTwoSamplersShareACall() throws Exception {
    denoiser.before(rows -> permits.acquireUninterruptibly());
    RecordingListener guided = run(Chains.guided(Chains.request("ddim", 5, 1, 1, 1), STRONG));
    guided.begun.join();
    RecordingListener plain = run(Chains.request("ddpm", 9, 2, 1, 2));
    permits.release(100);
    guided.await();
    plain.await();
    Set<FakeDenoiser.Seen> call =
        denoiser.calls().stream()
            .filter(rows -> rows.size() == 3)
            .map(Set::copyOf)
            .findFirst()
            .orElseThrow();
    assertEquals(
        Set.of(1, NULL_LABEL, 2),
        call.stream().map(FakeDenoiser.Seen::label).collect(Collectors.toSet()));
    assertEquals(2, call.stream().map(FakeDenoiser.Seen::timestep).distinct().count());
  }

  @Test
  void ofWeightOne_orWithoutAClass_oneRowIsEnough() throws Exception {
    RecordingListener weightOne =
        run(Chains.guided(Chains.request("ddim", 5, 1, 1, 1), new Guidance(1, 0.5, NULL_LABEL)));
    assertEquals(5, weightOne.await().callRows());
    RecordingListener unconditional =
        run(Chains.guided(Chains.request("ddim", 5, 1, 1, NULL_LABEL), STRONG));
    assertEquals(5, unconditional.await().callRows());
    RecordingListener guided = run(Chains.guided(Chains.request("ddim", 5, 1, 1, 1), STRONG));
    assertEquals(10, guided.await().callRows());
    ChainPlan plan = Chains.plan("ddim", 5);
    assertArrayEquals(Chains.plainLoop(plan, 1, 0, 1, ELEMENTS), weightOne.samples.get(0));
    assertArrayEquals(
        Chains.plainLoop(plan, 1, 0, NULL_LABEL, ELEMENTS), unconditional.samples.get(0));
  }

  @Test
  void aCallMayHaveTheTwoRowsOfAGuidedSample_evenWhereOneIsAllowed() throws Exception {
    FakeDenoiser single = new FakeDenoiser(List.of(2L), true, 2);
    try (Engine narrow = Engine.start(EngineSetup.of("narrow", single, new EngineLimits(1, 8)))) {
      RecordingListener listener = new RecordingListener();
      narrow.submit(Chains.guided(Chains.request("ddim", 3, 1, 2, 1), STRONG), listener);
      listener.await();
      assertTrue(single.calls().stream().allMatch(rows -> rows.size() == 2));
    }
  }

  @Test
  void aNullRowThatIsNotFiniteFailsTheRequest() throws Exception {
    denoiser.poison(row -> row.label() == NULL_LABEL);
    RecordingListener bad = run(Chains.guided(Chains.request("ddim", 5, 1, 1, 1), STRONG));
    assertTrue(bad.awaitFailure() instanceof NonFinitePredictionException);
  }

  @Test
  void withoutLabelsGuidanceIsRefused() {
    ChainRequest request = Chains.guided(Chains.request("ddim", 3, 1, 1, 1), STRONG);
    for (FakeDenoiser unfit :
        List.of(new FakeDenoiser(List.of(2L), false, 4), new FakeDenoiser(List.of(2L), true, 1))) {
      try (Engine other = Engine.start(EngineSetup.of("other", unfit, new EngineLimits(1, 8)))) {
        assertThrows(
            IllegalArgumentException.class, () -> other.submit(request, new RecordingListener()));
      }
    }
  }
}
