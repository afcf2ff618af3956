package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may not enter, and when he may. */
@Timeout(30)
final class EngineAdmissionTest {
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
  void whatDoesNotFitIsRefused_andFitsLater() throws Exception {
    stepByStep();
    RecordingListener big = run(Chains.request("ddim", 1, 1, 30, 0));
    ChainRequest more = Chains.request("ddim", 1, 1, 3, 0);
    QueueFullException refusal =
        assertThrows(QueueFullException.class, () -> engine.submit(more, new RecordingListener()));
    assertEquals(
        "queue: 30 of 32 rows are taken, 3 more do not fit (expected: at most 2, or a later try)",
        refusal.getMessage());
    permits.release(100);
    big.await();
    run(more).await();
  }

  @Test
  void aRefusalSaysWhenTheRowsShouldFit_byTheStepsLeftAndTheCostOfACall() throws Exception {
    Semaphore begun = new Semaphore(0);
    CostCurve curve = new CostCurve(4, List.of(new CostCurve.Point(4, 2000)));
    FakeDenoiser slow = new FakeDenoiser(List.of(1L, 4L, 4L), true, 4);
    slow.before(
        rows -> {
          begun.release();
          permits.acquireUninterruptibly();
        });
    try (Engine measured =
        Engine.start(
            new EngineSetup(
                "slow",
                slow,
                new EngineLimits(4, 32),
                network -> new Calibration(curve, BatchInvariance.UNVERIFIED),
                new DeviceShare(),
                ticker))) {
      measured.submit(Chains.request("ddim", 4, 1, 30, 0), new RecordingListener());
      permits.release(3);
      begun.acquire(4);
      // Three calls of four rows are over, and one row must leave.
      ChainRequest more = Chains.request("ddim", 1, 1, 3, 0);
      QueueFullException refusal =
          assertThrows(
              QueueFullException.class, () -> measured.submit(more, new RecordingListener()));
      assertEquals(Duration.ofMillis(2000 * (30 * 4 - 3 * 4) / 30), refusal.retryAfter());
      permits.release(1 << 20);
    }
  }

  @Test
  void aDeadlineThatCannotBeMetIsRefused_withTheTimeThatIsNeeded() throws Exception {
    CostCurve curve = new CostCurve(4, List.of(new CostCurve.Point(1, 100)));
    FakeDenoiser slow = new FakeDenoiser(List.of(1L, 4L, 4L), true, 4);
    try (Engine measured =
        Engine.start(
            new EngineSetup(
                "slow",
                slow,
                new EngineLimits(4, 32),
                network -> new Calibration(curve, BatchInvariance.UNVERIFIED),
                new DeviceShare(),
                ticker))) {
      ChainRequest request = Chains.request("ddim", 50, 1, 1, 0);
      DeadlineException refusal =
          assertThrows(
              DeadlineException.class,
              () ->
                  measured.submit(
                      request, new Urgency(0, Duration.ofMillis(4999)), new RecordingListener()));
      assertEquals(Duration.ofSeconds(5), refusal.estimate());
      assertEquals(
          "deadline: 5.00 s left (expected: at least 5.00 s, which it would take now)",
          refusal.getMessage());
      assertEquals(0, measured.rows());
      RecordingListener inTime = new RecordingListener();
      measured.submit(request, new Urgency(0, Duration.ofSeconds(5)), inTime);
      inTime.await();
    }
  }

  @Test
  void whereNothingWasMeasuredNoDeadlineIsRefused() throws Exception {
    RecordingListener listener = new RecordingListener();
    engine.submit(
        Chains.request("ddim", 50, 1, 1, 0), new Urgency(0, Duration.ofNanos(1)), listener);
    listener.await();
  }
}
