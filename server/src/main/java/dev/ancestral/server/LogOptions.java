package dev.ancestral.server;

import dev.ancestral.server.door.LoggedRequests;
import dev.ancestral.server.log.LogLevel;
import dev.ancestral.server.log.ServerLog;
import picocli.CommandLine.Option;

/** What is logged, on standard error. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields in.
final class LogOptions {
  @Option(
      names = "--log-level",
      defaultValue = "info",
      paramLabel = "error|warn|info|debug",
      description = {
        "What is logged, a line each, on standard error (default: ${DEFAULT-VALUE}). error: what is wrong",
        "with the server, as requests that end INTERNAL. warn: also requests that it could not serve",
        "(RESOURCE_EXHAUSTED, UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED). info: also the mistakes of",
        "clients. debug: also stack traces. Of requests that fail alike, five in ten seconds get a",
        "line and the others a sum."
      })
  private LogLevel level;

  @Option(
      names = "--access-log",
      description = "Log a line for every request, whatever the level, and no sums.")
  private boolean access;

  /** From now on everything that is logged goes where and as the flags say. */
  void begin() {
    ServerLog.to(System.err, level);
  }

  LoggedRequests requests() {
    return access ? LoggedRequests.ALL : LoggedRequests.FAILED;
  }
}
