package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class TimedCalibratorTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final AtomicLong now = new AtomicLong();
  private final FakeDenoiser denoiser = new FakeDenoiser(List.of(1L, 2L, 2L), true, 12);

  /** Each call takes a fixed time and one for each row. */
  private void takes(Duration call, Duration row) {
    denoiser.before(rows -> now.addAndGet(call.plus(row.multipliedBy(rows.size())).toNanos()));
  }

  private Calibration calibrate(Duration timing, Duration comparing) {
    return new TimedCalibrator(1000, timing, comparing, now::get).calibrate(denoiser);
  }

  private RecordingListener run(Engine engine, ChainRequest request) throws Exception {
    RecordingListener listener = new RecordingListener();
    engine.submit(request, listener);
    listener.await();
    return listener;
  }

  @Test
  void powersOfTwoAndTheLargestSizeAreTimed() {
    takes(Duration.ofMillis(2), Duration.ofMillis(8));
    Calibration calibration = calibrate(MINUTE, MINUTE);
    assertEquals(
        List.of(1, 2, 4, 8, 12),
        calibration.curve().measured().stream().map(CostCurve.Point::rows).toList());
    for (int rows = 1; rows <= 12; rows++) {
      assertEquals(2 + 8 * rows, calibration.curve().millis(rows), 1e-9);
    }
  }

  @Test
  void ofFiveCallsOneThatIsNotHeldUpIsEnough() {
    AtomicLong calls = new AtomicLong();
    denoiser.before(
        rows -> now.addAndGet((calls.incrementAndGet() % 5 == 0 ? 10 : 100) * 1_000_000L));
    Calibration calibration = calibrate(MINUTE, MINUTE);
    assertTrue(calibration.curve().measured().stream().allMatch(size -> size.millis() == 10));
  }

  @Test
  void whereTimeIsShort_largeSizesAreNotTimed_andNothingIsPromised() {
    takes(Duration.ZERO, Duration.ofSeconds(1));
    Calibration calibration = calibrate(Duration.ofSeconds(7), Duration.ofSeconds(7));
    assertEquals(
        List.of(1, 2), calibration.curve().measured().stream().map(CostCurve.Point::rows).toList());
    assertEquals(BatchInvariance.UNVERIFIED, calibration.invariance());
    assertTrue(now.get() <= Duration.ofSeconds(16).toNanos(), "took " + now.get() + " ns");
  }

  @Test
  void sameBitsInEveryBatchAreVerified_inSizesOneToTheLargest() {
    Calibration calibration = calibrate(Duration.ZERO, MINUTE);
    assertEquals(BatchInvariance.VERIFIED, calibration.invariance());
    for (int rows = 1; rows <= 12; rows++) {
      int size = rows;
      assertTrue(denoiser.calls().stream().anyMatch(call -> call.size() == size));
    }
  }

  @Test
  void bitsThatDependOnTheBatchAreFound() {
    denoiser.unsteady();
    assertEquals(BatchInvariance.BROKEN, calibrate(Duration.ZERO, MINUTE).invariance());
  }

  @Test
  void timestepsAreThoseTheModelKnows() {
    new TimedCalibrator(3, MINUTE, MINUTE, now::get).calibrate(denoiser);
    assertTrue(
        denoiser.calls().stream()
            .flatMap(List::stream)
            .allMatch(
                row ->
                    row.timestep() >= 0
                        && row.timestep() <= 2
                        && row.timestep() == Math.rint(row.timestep())));
  }

  @Test
  void deterministic_whereTheNetworkIsNot_eachSampleRunsAlone() throws Exception {
    denoiser.unsteady();
    Calibrator calibrator = new TimedCalibrator(1000);
    EngineLimits limits = new EngineLimits(4, 64, Batching.STEP, true);
    ChainRequest request = Chains.request("ddim", 5, 1, 4, 1);
    try (Engine engine =
        Engine.start(
            new EngineSetup(
                "deterministic", denoiser, limits, calibrator, new DeviceShare(), Ticker.SYSTEM))) {
      assertSame(BatchInvariance.BROKEN, engine.batchInvariance());
      assertTrue(engine.costCurve().isMeasured());
      int before = denoiser.calls().size();
      run(engine, request);
      assertTrue(denoiser.calls().stream().skip(before).allMatch(call -> call.size() == 1));
    }
  }

  @Test
  void deterministic_whereTheNetworkIsSoItself_batchesAsAnyOther() throws Exception {
    EngineLimits limits = new EngineLimits(4, 64, Batching.STEP, true);
    try (Engine engine =
        Engine.start(
            new EngineSetup(
                "steady",
                denoiser,
                limits,
                new TimedCalibrator(1000),
                new DeviceShare(),
                Ticker.SYSTEM))) {
      assertSame(BatchInvariance.VERIFIED, engine.batchInvariance());
      int before = denoiser.calls().size();
      run(engine, Chains.request("ddim", 5, 1, 40, 1));
      assertTrue(denoiser.calls().stream().skip(before).anyMatch(call -> call.size() > 1));
    }
  }

  @Test
  void notDeterministic_theBitsMayDependOnTheCompany() throws Exception {
    denoiser.unsteady();
    try (Engine engine = Engine.start(EngineSetup.of("any", denoiser, new EngineLimits(4, 64)))) {
      float[] alone = run(engine, Chains.request("ddim", 5, 1, 1, 1)).samples.get(0);
      float[] among = run(engine, Chains.request("ddim", 5, 1, 4, 1)).samples.get(0);
      assertFalse(Arrays.equals(alone, among));
    }
  }

  @Test
  void aNetworkThatDoesNotRunDoesNotStart_andIsClosed() {
    denoiser.before(
        rows -> {
          throw new DenoiserException("out of order", new IllegalStateException());
        });
    EngineLimits limits = new EngineLimits(4, 64);
    Calibrator calibrator = new TimedCalibrator(1000);
    assertThrows(
        DenoiserException.class,
        () ->
            Engine.start(
                new EngineSetup(
                    "broken", denoiser, limits, calibrator, new DeviceShare(), Ticker.SYSTEM)));
    assertTrue(denoiser.isClosed());
  }
}
