package dev.ancestral.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class ServerLogTest {
  private static final Logger LOG = System.getLogger(ServerLogTest.class.getName());

  @Test
  void anEventIsALine_withItsTimeAndLevel() {
    try (LogLines log = new LogLines(LogLevel.INFO)) {
      LOG.log(Level.WARNING, "the disk is nearly full");
      List<String> lines = log.rest();
      assertEquals(1, lines.size());
      assertTrue(
          lines
              .get(0)
              .matches(
                  "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z warn  the disk is nearly full"),
          lines.get(0));
    }
  }

  @Test
  void aFailureIsInTheLine_withoutAStackTrace() throws Exception {
    try (LogLines log = new LogLines(LogLevel.INFO)) {
      LOG.log(Level.ERROR, "it broke", new IllegalStateException("no more rows"));
      assertEquals("error it broke: java.lang.IllegalStateException: no more rows", log.next());
      LOG.log(Level.ERROR, "it broke: no more rows", new IllegalStateException("no more rows"));
      assertEquals("error it broke: no more rows", log.next());
      assertEquals(List.of(), log.rest());
    }
  }

  @Test
  void debugShowsWhereItComesFrom() throws Exception {
    try (LogLines log = new LogLines(LogLevel.DEBUG)) {
      LOG.log(Level.DEBUG, "it broke", new IllegalStateException("no more rows"));
      assertEquals("debug it broke: java.lang.IllegalStateException: no more rows", log.next());
      List<String> trace = log.rest();
      assertEquals("java.lang.IllegalStateException: no more rows", trace.get(0));
      assertTrue(trace.get(1).startsWith("\tat " + ServerLogTest.class.getName()), trace.get(1));
    }
  }

  @Test
  void whatOthersWroteMakesNoLineOfItsOwn() throws Exception {
    try (LogLines log = new LogLines(LogLevel.DEBUG)) {
      LOG.log(
          Level.ERROR, "a\nREADY grpc=evil\u001b[2J", new IllegalStateException("b\nREADY grpc=x"));
      assertEquals(
          "error a\\nREADY grpc=evil\\u001b[2J: java.lang.IllegalStateException: b\\nREADY grpc=x",
          log.next());
      assertTrue(log.rest().stream().noneMatch(line -> line.startsWith("READY")));
    }
  }

  @ParameterizedTest
  @CsvSource({"ERROR, 1", "WARN, 2", "INFO, 3", "DEBUG, 4"})
  void aLevelLetsPassWhatIsAtLeastAsImportant(LogLevel level, int lines) {
    try (LogLines log = new LogLines(level)) {
      for (Level each : List.of(Level.ERROR, Level.WARNING, Level.INFO, Level.DEBUG)) {
        LOG.log(each, "something");
      }
      assertEquals(lines, log.rest().size());
    }
  }

  @Test
  void whatGrpcWarnsOfIsForDebuggingAlone_andRequestsThatWereAskedForAlwaysPass() {
    Logger grpc = System.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");
    for (LogLevel level : LogLevel.values()) {
      try (LogLines log = new LogLines(level)) {
        grpc.log(Level.WARNING, "Stream Error");
        assertEquals(level == LogLevel.DEBUG ? 1 : 0, log.rest().size(), level.toString());
        System.getLogger(ServerLog.ACCESS).log(Level.INFO, "a request");
        assertEquals(1, log.rest().size(), level.toString());
      }
    }
  }
}
