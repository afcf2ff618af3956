package dev.ancestral.bench.load;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends each request at its time, whether or not the earlier ones came back.
 *
 * <p>A latency counts from the time a request was to be sent, not from when it was: a server that
 * stops for a second makes all that arrive in it late, and all of them are counted. One that is not
 * done when the run is cut off counts with the time until then, which is less than it would have
 * taken.
 */
public final class OpenLoop {
  private OpenLoop() {}

  /**
   * What came of it.
   *
   * @param latencies of all requests after the warm-up but the failed ones
   * @param unfinished requests that were cut off
   * @param failures requests that the server refused or failed, by status
   * @param seconds from the first arrival's time to the end of the last request
   * @param stepsPerSecond steps of one row that the server did in that time
   */
  public record Result(
      Latencies latencies,
      int unfinished,
      Map<Status.Code, Integer> failures,
      double seconds,
      double stepsPerSecond) {}

  private record Sent(long intended, Call call) {}

  /**
   * Runs the arrivals.
   *
   * @param warmUp what arrives in it is served like all others, and its latencies are left out: a
   *     server that was empty is not what is measured
   * @param grace how long after the last arrival a request may still take
   */
  public static Result run(
      LoadClient client, List<Arrival> arrivals, Duration warmUp, Duration grace)
      throws InterruptedException {
    if (arrivals.isEmpty()) {
      throw new IllegalArgumentException("arrivals: none (expected: at least 1)");
    }
    long stepsBefore = client.steps();
    long start = System.nanoTime();
    List<Sent> all = new ArrayList<>();
    for (Arrival arrival : arrivals) {
      long intended = start + arrival.at().toNanos();
      sleepUntil(intended);
      all.add(new Sent(intended, client.start(arrival.request())));
    }
    long first = all.get(0).intended();
    long last = all.get(all.size() - 1).intended();
    long end = last + grace.toNanos();
    await(all, end);

    Latencies latencies = new Latencies();
    Map<Status.Code, Integer> failures = new EnumMap<>(Status.Code.class);
    int unfinished = 0;
    long ended = last;
    for (Sent sent : all) {
      Call.Outcome outcome = sent.call().outcome().getNow(null);
      if (outcome == null) {
        unfinished++;
        ended = end;
        sent.call().cancel();
      } else if (outcome.code() == Status.Code.OK) {
        ended = Math.max(ended, outcome.nanos());
      } else {
        failures.merge(outcome.code(), 1, Integer::sum);
        continue;
      }
      if (sent.intended() - start >= warmUp.toNanos()) {
        long until = outcome == null ? end : outcome.nanos();
        latencies.add(Duration.ofNanos(until - sent.intended()));
      }
    }
    double seconds = (ended - first) / 1e9;
    return new Result(
        latencies, unfinished, failures, seconds, (client.steps() - stepsBefore) / seconds);
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private static void await(List<Sent> all, long end) throws InterruptedException {
    CompletableFuture<?>[] outcomes =
        all.stream().map(sent -> sent.call().outcome()).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(outcomes)
          .get(Math.max(end - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // What is not done by now is counted as that.
    } catch (ExecutionException e) {
      throw new IllegalStateException("an outcome is never exceptional", e);
    }
  }
}
