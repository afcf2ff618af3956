package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.sampler.ChainPlan;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class EngineTest {
  private static final int ELEMENTS = 16;
  private final FakeDenoiser denoiser = new FakeDenoiser(List.of(1L, 4L, 4L), true, true, 16);
  private final FakeTicker ticker = new FakeTicker();
  private final Engine engine =
      Engine.start(EngineSetup.of("test", denoiser, new EngineLimits(4, 32)).by(ticker));

  /** Each call of the network takes a permit, once a test has called {@link #stepByStep}. */
  private final Semaphore permits = new Semaphore(0);

  @AfterEach
  void close() {
    permits.release(1 << 20);
    engine.close();
    assertTrue(denoiser.isClosed());
    assertEquals(0, engine.rows());
  }

  private void stepByStep() {
    denoiser.before(rows -> permits.acquireUninterruptibly());
  }

  private RecordingListener run(ChainRequest request) {
    RecordingListener listener = new RecordingListener();
    engine.submit(request, listener);
    return listener;
  }

  @Test
  void chainsOfTwoSamplersTwoStepCountsAndTwoTimestepsShareACall() throws Exception {
    stepByStep();
    // The label tells the fake which request a row belongs to.
    RecordingListener ddim = run(Chains.request("ddim", 5, 1, 1, 0));
    ddim.begun.join();
    RecordingListener ddpm = run(Chains.request("ddpm", 9, 2, 1, 1));
    permits.release(100);
    RunStatistics statistics = ddim.await();
    ddpm.await();
    assertTrue(
        denoiser.calls().stream()
            .anyMatch(
                call ->
                    call.stream().map(FakeDenoiser.Seen::timestep).distinct().count() == 2
                        && call.stream().map(FakeDenoiser.Seen::label).distinct().count() == 2),
        denoiser.calls().toString());
    assertEquals(9, statistics.callRows());
    assertEquals(9 / 5.0, statistics.meanRows());
  }

  @Test
  void everySampleEqualsAPlainLoop_aloneOrAmongOthers() throws Exception {
    RecordingListener ddpm = run(Chains.request("ddpm", 20, 7, 5, 2));
    RecordingListener ddim = run(Chains.request("ddim", 7, 8, 6, 1));
    ddpm.await();
    ddim.await();
    for (int sample = 0; sample < 5; sample++) {
      assertArrayEquals(
          Chains.plainLoop(Chains.plan("ddpm", 20), 7, sample, 2, ELEMENTS),
          ddpm.samples.get(sample));
    }
    for (int sample = 0; sample < 6; sample++) {
      assertArrayEquals(
          Chains.plainLoop(Chains.plan("ddim", 7), 8, sample, 1, ELEMENTS),
          ddim.samples.get(sample));
    }
  }

  @Test
  void noiseDrawnWhileTheNetworkRunsIsTheSameNoise() throws Exception {
    int elements = 2048;
    try (Engine large =
        Engine.start(
            EngineSetup.of(
                    "large",
                    new FakeDenoiser(List.of(2L, 32L, 32L), true, 4),
                    new EngineLimits(4, 32))
                .by(ticker))) {
      RecordingListener listener = new RecordingListener();
      large.submit(Chains.request("ddpm", 20, 7, 5, 2), listener);
      listener.await();
      for (int sample = 0; sample < 5; sample++) {
        assertArrayEquals(
            Chains.plainLoop(Chains.plan("ddpm", 20), 7, sample, 2, elements),
            listener.samples.get(sample));
      }
    }
  }

  @Test
  void previousEstimatesAndLearnedVariancesAreEachSamplesOwn() throws Exception {
    ChainPlan plan = Chains.everyTerm(12);
    RecordingListener every = run(Chains.request(plan, 7, 5, 2));
    RecordingListener ddpm = run(Chains.request("ddpm", 9, 8, 6, 1));
    every.await();
    ddpm.await();
    for (int sample = 0; sample < 5; sample++) {
      assertArrayEquals(Chains.plainLoop(plan, 7, sample, 2, ELEMENTS), every.samples.get(sample));
    }
    for (int sample = 0; sample < 6; sample++) {
      assertArrayEquals(
          Chains.plainLoop(Chains.plan("ddpm", 9), 8, sample, 1, ELEMENTS),
          ddpm.samples.get(sample));
    }
  }

  @Test
  void aLearnedVarianceIsRefusedWhereTheNetworkPredictsNone() {
    try (Engine plain =
        Engine.start(
            EngineSetup.of("plain", new FakeDenoiser(List.of(2L), false, 4), new EngineLimits(4, 4))
                .by(ticker))) {
      ChainRequest request = Chains.request(Chains.everyTerm(2), 1, 1, 0);
      assertThrows(
          IllegalArgumentException.class, () -> plain.submit(request, new RecordingListener()));
      assertEquals(0, plain.rows());
    }
  }

  @Test
  void givenInitialNoiseIsTheFirstState() throws Exception {
    ChainPlan plan = Chains.plan("ddim", 3);
    ChainRequest request =
        new ChainRequest(
            plan,
            1,
            2,
            List.of(0),
            (sample, out) -> Arrays.fill(out, sample + 0.5f),
            FramePlan.every(3, 3, true, true));
    RecordingListener listener = run(request);
    listener.await();
    RecordingListener.Frame first =
        listener.frames.stream().filter(f -> f.sample() == 1 && f.step() == 0).findFirst().get();
    for (float x : Objects.requireNonNull(first.state())) {
      assertEquals(1.5f, x);
    }
    assertEquals(null, first.estimate());
    assertEquals(plan.timesteps()[0], first.timestep());
  }

  @Test
  void framesAreTheStatesOfTheAskedSteps_andTheLastIsTheSample() throws Exception {
    RecordingListener listener =
        run(
            Chains.withFrames(
                Chains.request("ddim", 7, 3, 1, 0), FramePlan.every(3, 7, true, false)));
    listener.await();
    assertEquals(
        List.of(0, 3, 6, 7), listener.frames.stream().map(RecordingListener.Frame::step).toList());
    assertArrayEquals(
        listener.samples.get(0), Objects.requireNonNull(listener.frames.get(3).state()));
  }

  @Test
  void cancelFreesTheRowsAtTheEndOfTheStep() throws Exception {
    stepByStep();
    RecordingListener cancelled = new RecordingListener();
    Ticket ticket = engine.submit(Chains.request("ddim", 50, 1, 3, 0), cancelled);
    cancelled.begun.join();
    RecordingListener other = run(Chains.request("ddim", 2, 1, 1, 1));
    assertEquals(4, engine.rows());
    ticket.cancel();
    permits.release(100);
    other.await();
    assertTrue(engine.awaitDrained(Duration.ofSeconds(10)));
    // The call that ran when it was cancelled, then only the other's two steps.
    assertEquals(3, denoiser.calls().get(0).size());
    assertEquals(
        List.of(List.of(1), List.of(1)),
        denoiser.calls().stream()
            .skip(1)
            .map(call -> call.stream().map(FakeDenoiser.Seen::label).toList())
            .toList());
    assertFalse(cancelled.isOver());
    assertTrue(cancelled.samples.isEmpty());
  }

  @Test
  void aPredictionThatIsNotFiniteFailsItsRequestAlone() throws Exception {
    denoiser.poison(row -> row.label() == 1 && row.timestep() < 500);
    RecordingListener bad = run(Chains.request("ddim", 10, 1, 3, 1));
    RecordingListener good = run(Chains.request("ddim", 20, 1, 3, 0));
    Throwable failure = bad.awaitFailure();
    good.await();
    assertInstanceOf(NonFinitePredictionException.class, failure);
    assertEquals(
        "prediction: not finite for sample 0 at step 5 (timestep 499.0); the chain cannot go on",
        failure.getMessage());
    assertArrayEquals(
        Chains.plainLoop(Chains.plan("ddim", 20), 1, 2, 0, ELEMENTS), good.samples.get(2));
  }

  @Test
  void aNetworkThatThrowsFailsTheCallsRequests_andTheEngineGoesOn() throws Exception {
    denoiser.before(
        rows -> {
          if (rows.get(0).label() == 2) {
            throw new IllegalStateException("out of order");
          }
        });
    Throwable failure = run(Chains.request("ddim", 3, 1, 1, 2)).awaitFailure();
    assertInstanceOf(DenoiserException.class, failure);
    run(Chains.request("ddim", 3, 1, 1, 0)).await();
  }

  @Test
  void aListenerThatPausesStopsItsOwnRequestAlone() throws Exception {
    RecordingListener paused = new RecordingListener();
    paused.mayStep = false;
    Ticket ticket = engine.submit(Chains.request("ddim", 3, 1, 2, 0), paused);
    run(Chains.request("ddim", 30, 1, 2, 1)).await();
    assertFalse(paused.begun.isDone());
    paused.mayStep = true;
    ticket.wake();
    paused.await();
  }

  @Test
  void samplesThatAreNotTakenKeepFurtherOnesFromStarting() throws Exception {
    int window = new EngineLimits(4, 32).window();
    CountDownLatch windowFull = new CountDownLatch(window);
    RecordingListener listener = new RecordingListener();
    SampleListenerThatHoards hoarder = new SampleListenerThatHoards(listener, windowFull);
    Ticket ticket = engine.submit(Chains.request("ddim", 1, 1, 30, 0), hoarder);
    windowFull.await();
    // Another request runs to its end; meanwhile the hoarder got nothing more.
    run(Chains.request("ddim", 20, 1, 1, 1)).await();
    assertEquals(window, listener.samples.size());
    assertEquals(30 - window, engine.rows());
    hoarder.release();
    ticket.wake();
    listener.await();
    assertEquals(30, listener.samples.size());
  }

  @Test
  void aListenerThatThrowsEndsItsOwnRequestAlone() throws Exception {
    RecordingListener listener = new RecordingListener();
    engine.submit(
        Chains.request("ddim", 3, 1, 2, 0),
        new ForwardingListener(listener) {
          @Override
          public void onSample(int sample, float[] data) {
            throw new IllegalStateException("defect");
          }
        });
    assertInstanceOf(ListenerException.class, listener.awaitFailure());
    engine.submit(
        Chains.request("ddim", 3, 1, 2, 0),
        new ForwardingListener(listener) {
          @Override
          public void onProgress(long stepsDone, long stepsTotal) {
            throw new IllegalStateException("defect");
          }

          @Override
          public void onFailure(EngineException failure) {
            throw new IllegalStateException("another");
          }
        });
    run(Chains.request("ddim", 3, 1, 1, 0)).await();
  }

  @Test
  void drainingFinishesWhatRunsAndRefusesWhatComes() throws Exception {
    stepByStep();
    RecordingListener running = run(Chains.request("ddim", 4, 1, 6, 0));
    running.begun.join();
    engine.drain();
    ChainRequest late = Chains.request("ddim", 1, 1, 1, 0);
    assertThrows(EngineStoppedException.class, () -> engine.submit(late, new RecordingListener()));
    assertFalse(engine.awaitDrained(Duration.ZERO));
    permits.release(100);
    assertTrue(engine.awaitDrained(Duration.ofSeconds(10)));
    running.await();
  }

  @Test
  void closingFailsWhatIsLeft() throws Exception {
    stepByStep();
    RecordingListener running = run(Chains.request("ddim", 1000, 1, 1, 0));
    running.begun.join();
    permits.release(5);
    Thread closer = new Thread(engine::close);
    closer.start();
    // It waits for the engine's thread once it has told it to stop.
    while (closer.getState() != Thread.State.TIMED_WAITING) {
      assertTrue(closer.isAlive(), "it did not wait");
      Thread.onSpinWait();
    }
    permits.release(1000);
    closer.join();
    assertInstanceOf(EngineStoppedException.class, running.awaitFailure());
  }
}
