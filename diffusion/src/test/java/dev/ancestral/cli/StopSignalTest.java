package dev.ancestral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signals to a process of their own. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS) // There is no kill.
final class StopSignalTest {
  /** How a process ended, and what it wrote. */
  private record End(int code, List<String> lines) {}

  /** Starts a process in this way, and sends it each signal at a line that it writes. */
  private static End run(String way, String... signals) throws Exception {
    for (String signal : signals) {
      assumeFalse(isIgnored(signal), () -> signal + " is ignored by whoever started this");
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                way)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String signal : signals) {
        assertEquals("send", out.readLine());
        send(signal, process.pid());
      }
      List<String> lines = out.lines().toList();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it goes on");
      return new End(process.exitValue(), lines);
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Whether a signal is ignored here, as those of a shell's background jobs and of nohup are: a
   * child inherits that, and Java leaves it so.
   */
  private static boolean isIgnored(String signal) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElseThrow();
    int number =
        switch (signal) {
          case "HUP" -> 1;
          case "INT" -> 2;
          case "TERM" -> 15;
          default -> throw new IllegalArgumentException(signal);
        };
    return (Long.parseUnsignedLong(ignored, 16) >> (number - 1) & 1) == 1;
  }

  private static void send(String signal, long pid) throws IOException, InterruptedException {
    assertEquals(
        0, new ProcessBuilder("kill", "-" + signal, String.valueOf(pid)).start().waitFor());
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
  void aSignalEndsTheProcessWithItsCode_andWithHooks(String signal, int code) throws Exception {
    assertEquals(new End(code, List.of("hook")), run("idle", signal));
  }

  @Test
  void aNativeCallIsWaitedFor_andNoOtherBegins() throws Exception {
    assertEquals(new End(143, List.of("call ended", "hook")), run("calls", "TERM"));
  }

  @Test
  void aNativeCallThatDoesNotComeBackEndsTheProcessWithoutHooks() throws Exception {
    assertEquals(new End(143, List.of()), run("hangs", "TERM"));
  }

  @Test
  void anExpectedSignalIsTold_andTheCommandEndsAsItLikes() throws Exception {
    assertEquals(new End(7, List.of("told 129", "hook")), run("expects", "HUP"));
  }

  @Test
  void aSecondSignalEndsAtOnce() throws Exception {
    assertEquals(new End(130, List.of()), run("lingers", "TERM", "INT"));
  }

  /** What gets the signals. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws InterruptedException {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
      // Long enough for a call that ends; a call that does not is given up at once.
      StopSignal.endInOrder(args[0].equals("hangs") ? Duration.ZERO : Duration.ofSeconds(30));
      switch (args[0]) {
        case "calls" -> {
          NativeCalls.begin();
          send();
          while (!NativeCalls.isShut()) {
            Thread.onSpinWait();
          }
          System.out.println("call ended");
          NativeCalls.end();
          NativeCalls.begin();
          System.out.println("another began");
        }
        case "hangs" -> {
          NativeCalls.begin();
          send();
        }
        case "expects" -> {
          try (StopSignal signal = StopSignal.expect()) {
            send();
            signal.await();
            System.out.println("told " + signal.exitCode());
          }
          StopSignal.exit(7);
        }
        case "lingers" -> {
          try (StopSignal signal = StopSignal.expect()) {
            send();
            signal.await();
            send();
            forEver(signal);
          }
        }
        default -> send();
      }
      forEver(args);
    }

    private static void send() {
      System.out.println("send");
    }

    private static void forEver(Object kept) throws InterruptedException {
      synchronized (kept) {
        while (true) {
          kept.wait();
        }
      }
    }
  }
}
