package dev.ancestral.client;

import dev.ancestral.v1.SampleRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that say how soon the samples are wanted. */
final class UrgencyFlags {
  @Option(
      names = "--priority",
      paramLabel = "P",
      description = "Over other requests, -100..100: a higher one runs first. Default: 0.")
  private @Nullable Integer priority;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      description = {
        "Give up after this time. Refused at once where the server cannot be done by then.",
        "Default: none."
      })
  private @Nullable Double deadline;

  void write(SampleRequest.Builder request) {
    if (priority != null) {
      request.setPriority(priority);
    }
  }

  /** The number given with --deadline. */
  @Nullable Double deadline() {
    return deadline;
  }

  /** The client that keeps to the deadline, if there is one. */
  AncestralClient timed(AncestralClient client) {
    return deadline == null
        ? client
        : client.withDeadline(Duration.ofNanos(Math.round(deadline * 1e9)));
  }
}
