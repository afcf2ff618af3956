package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class EngineAllocationTest {
  /** Together with the 600 that a call of ONNX Runtime may allocate, no more than 1 KB. */
  private static final int BYTES_A_STEP = 400;

  /** The first steps compile; the last ones hand samples over. */
  private static final int FIRST = 200;

  private static final int LAST = 900;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Predicts zeros, and reads how much its thread has allocated so far, without allocating. */
  private static final class Meter implements Denoiser {
    private final long[] allocated = new long[1 << 13];
    private final int elements;
    private int calls;
    private int rows;

    Meter(int elements) {
      this.elements = elements;
    }

    @Override
    public List<Long> dataShape() {
      return List.of((long) elements);
    }

    @Override
    public boolean takesLabels() {
      return true;
    }

    @Override
    public boolean predictsVariance() {
      return false;
    }

    @Override
    public int maxRows() {
      return 16;
    }

    @Override
    public void predict(List<? extends Row> batch, float[] predictions) {
      if (batch.size() > rows) {
        rows = batch.size();
        calls = 0;
      }
      allocated[calls++] = THREADS.getCurrentThreadAllocatedBytes();
    }

    @Override
    public void close() {}

    double bytesAStep() {
      return (double) (allocated[LAST] - allocated[FIRST]) / (LAST - FIRST);
    }
  }

  private static double bytesAStep(int elements, int requests, String sampler) throws Exception {
    Meter meter = new Meter(elements);
    try (Engine engine =
        Engine.start(EngineSetup.of("allocation", meter, new EngineLimits(16, 64)))) {
      List<RecordingListener> listeners = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        RecordingListener listener = new RecordingListener();
        listeners.add(listener);
        engine.submit(Chains.request(sampler, 1000, i, 32 / requests, 0), listener);
      }
      for (RecordingListener listener : listeners) {
        listener.await();
      }
    }
    double bytes = meter.bytesAStep();
    System.out.printf(
        "%s, %d requests, %d rows of %d numbers: %.0f bytes a step%n",
        sampler, requests, meter.rows, elements, bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16})
  void aStepAllocatesLittle_forWhateverNumberOfRequests(int requests) throws Exception {
    assertTrue(bytesAStep(4, requests, "ddpm") <= BYTES_A_STEP);
  }

  @Test
  void aStepAllocatesLittle_alsoWhereItReadsWhatStepsBeforeLeft() throws Exception {
    assertTrue(bytesAStep(4, 1, "unipc") <= BYTES_A_STEP);
  }

  @Test
  void aStepAllocatesLittle_alsoWhereAnotherThreadDrawsTheNoise() throws Exception {
    assertTrue(bytesAStep(4096, 1, "ddpm") <= BYTES_A_STEP);
  }
}
