package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.FakeDenoiser;
import dev.ancestral.v1.Frames;
import dev.ancestral.v1.SampleRequest;
import io.grpc.StatusRuntimeException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RetentionTest {
  private static final int MAX_ROWS = TestServer.LIMITS.maxRows();

  /** What there is one of for each request or sample, and what holds their numbers. */
  private static final List<String> OF_A_REQUEST =
      List.of(
          "engine.Cohort",
          "engine.Ticket",
          "engine.Trajectory",
          "grpc.Outbox",
          "grpc.Outbox$SampleItem",
          "grpc.Outbox$FrameItem",
          "grpc.ResolvedRequest",
          "grpc.ResponseStream");

  private final FakeDenoiser denoiser = new FakeDenoiser(List.of(1L, 8L, 8L), true, MAX_ROWS);
  private final TestServer server = TestServer.of(Bundles.DIGITS, denoiser);

  @AfterEach
  void close() {
    server.close();
  }

  private static SampleRequest request(int label) {
    return SampleRequest.newBuilder()
        .setNumSamples(2 * MAX_ROWS)
        .setSteps(50)
        .addLabels(label)
        .setFrames(Frames.newBuilder().setEvery(1).setLossless(true))
        .build();
  }

  @Test
  void nothingOfARequestIsKept_whetherItWasFinishedFailedOrGivenUp() throws Exception {
    // While requests run the names are seen to be right.
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch runs = new CountDownLatch(1);
    denoiser.before(
        rows -> {
          runs.countDown();
          awaitQuietly(looked);
        });
    SlowReader givenUp = new SlowReader();
    server.asyncSampler().sample(request(0), givenUp);
    givenUp.awaitAccepted();
    runs.await();
    assertEquals(
        Set.of(
            "engine.Cohort",
            "engine.Ticket",
            "engine.Trajectory",
            "grpc.Outbox",
            "grpc.Outbox$FrameItem",
            "grpc.ResponseStream"),
        kept());
    looked.countDown();
    givenUp.cancel();
    denoiser.poison(row -> row.label() == 1);
    server.sample(request(0));
    assertThrows(StatusRuntimeException.class, () -> server.sample(request(1)));

    Set<String> kept = kept();
    // The last thread that had to do with a call may be about to let go of it.
    for (int i = 0; i < 100 && !kept.isEmpty(); i++) {
      Thread.onSpinWait();
      kept = kept();
    }
    assertEquals(Set.of(), kept);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Which of {@link #OF_A_REQUEST} are reachable, after a full collection. */
  private static Set<String> kept() throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    Set<String> kept = new TreeSet<>();
    for (String name : OF_A_REQUEST) {
      if (histogram.lines().anyMatch(line -> line.endsWith(" dev.ancestral.server." + name))) {
        kept.add(name);
      }
    }
    return kept;
  }
}
