package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DeviceShareTest {
  private final DeviceShare device = new DeviceShare();

  /** Whose calls ran, in order; guarded by the device itself, which lets one in at a time. */
  private final List<String> calls = new ArrayList<>();

  private final List<Thread> threads = new ArrayList<>();

  private void engine(String name, int count, double millis) {
    DeviceShare.Lane lane = device.lane();
    threads.add(
        new Thread(
            () -> {
              for (int i = 0; i < count; i++) {
                lane.enter();
                calls.add(name);
                lane.leave(millis);
              }
              lane.idle();
            },
            name));
  }

  private void run() throws InterruptedException {
    // None may begin before all do.
    DeviceShare.Lane gate = device.lane();
    gate.enter();
    threads.forEach(Thread::start);
    while (device.waiting() < threads.size()) {
      Thread.onSpinWait();
    }
    gate.leave(0);
    gate.idle();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private int count(String name, int first) {
    return Collections.frequency(calls.subList(0, first), name);
  }

  @Test
  void enginesThatAreBusyGetEqualTimes_howeverLongTheirCalls() throws InterruptedException {
    engine("large", 10, 50);
    engine("small", 250, 2);
    run();
    // While both are busy: a call of the large one for every 25 of the small one.
    assertEquals(5, count("large", 130), 1.0);
    assertEquals(125, count("small", 130), 1.0);
  }

  @Test
  void equalCallsTakeTurns() throws InterruptedException {
    engine("a", 30, 7);
    engine("b", 30, 7);
    run();
    assertEquals(10, count("a", 20), 1.0);
  }

  @Test
  void whoWasIdleHasSavedNothingUp() throws InterruptedException {
    DeviceShare.Lane busy = device.lane();
    DeviceShare.Lane idle = device.lane();
    for (int i = 0; i < 100; i++) {
      busy.enter();
      busy.leave(10);
    }
    // Of the time before it came nothing is made up: after one call it is behind the busy one.
    idle.enter();
    idle.leave(15);
    threads.add(thread(idle, "idle"));
    threads.add(thread(busy, "busy"));
    busy.idle();
    idle.idle();
    run();
    assertEquals(List.of("busy", "idle"), calls);
  }

  private Thread thread(DeviceShare.Lane lane, String name) {
    return new Thread(
        () -> {
          lane.enter();
          calls.add(name);
          lane.leave(1);
          lane.idle();
        },
        name);
  }
}
