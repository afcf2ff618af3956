package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RetentionTest {
  /** What holds a request's numbers. */
  private static final List<String> OF_A_REQUEST = List.of("Cohort", "Trajectory");

  private final FakeDenoiser denoiser = new FakeDenoiser(List.of(1L, 8L, 8L), true, 4);
  private final Engine engine =
      Engine.start(EngineSetup.of("kept", denoiser, new EngineLimits(4, 32)));
  private final Semaphore permits = new Semaphore(0);

  @AfterEach
  void close() {
    permits.release(1 << 20);
    engine.close();
  }

  @Test
  void nothingOfARequestIsKept_whetherItWasGivenUpFinishedOrFailed() throws Exception {
    denoiser.before(rows -> permits.acquireUninterruptibly());
    giveUpInTheMiddle();
    permits.release(1 << 20);
    RecordingListener finished = new RecordingListener();
    engine.submit(Chains.request("ddpm", 50, 2, 8, 0), finished);
    finished.await();
    assertEquals(Set.of(), keptAtLast());

    denoiser.poison(row -> row.label() == 1);
    RecordingListener failed = new RecordingListener();
    engine.submit(Chains.request("ddpm", 50, 3, 8, 1), failed);
    assertInstanceOf(NonFinitePredictionException.class, failed.awaitFailure());
    assertEquals(Set.of(), keptAtLast());
  }

  /** A method of its own: a frame that is interpreted keeps what its variables held. */
  private void giveUpInTheMiddle() throws JMException {
    RecordingListener givenUp = new RecordingListener();
    Ticket ticket = engine.submit(Chains.request("ddpm", 50, 1, 8, 0), givenUp);
    givenUp.begun.join();
    assertEquals(Set.copyOf(OF_A_REQUEST), kept(), "while it runs");
    ticket.cancel();
  }

  /** The engine's thread may be about to let go of it. */
  private static Set<String> keptAtLast() throws JMException {
    Set<String> kept = kept();
    for (int i = 0; i < 20 && !kept.isEmpty(); i++) {
      kept = kept();
    }
    return kept;
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
      if (histogram
          .lines()
          .anyMatch(line -> line.endsWith(" dev.ancestral.server.engine." + name))) {
        kept.add(name);
      }
    }
    return kept;
  }
}
