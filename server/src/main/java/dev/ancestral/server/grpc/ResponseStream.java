package dev.ancestral.server.grpc;

import dev.ancestral.server.engine.EngineException;
import dev.ancestral.server.engine.RunStatistics;
import dev.ancestral.server.engine.SampleListener;
import dev.ancestral.server.engine.Ticker;
import dev.ancestral.server.engine.Ticket;
import dev.ancestral.v1.Progress;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.Summary;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One request's way back: takes from the engine at once, sends at the reader's pace.
 *
 * <p>Three kinds of threads meet here. The engine's only fills the {@link Outbox}; gRPC's says when
 * the reader is ready or gone; the pump, on the executor, encodes and sends, and is never run twice
 * at the same time, since a stream observer is not thread-safe.
 */
final class ResponseStream implements SampleListener {
  private static final long PROGRESS_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

  private final ServerCallStreamObserver<SampleResponse> observer;
  private final Responses responses;
  private final Outbox outbox;
  private final OpenStreams streams;
  private final Executor executor;
  private final Ticker ticker;
  private final long acceptedAt;

  /** Calls of the pump that are asked for; it starts at one, which {@link #open} spends. */
  private final AtomicInteger asked = new AtomicInteger(1);

  private volatile @Nullable Ticket ticket;

  // Written by the engine's thread alone.
  private volatile boolean begun;
  private long begunAt;
  private long progressAt;

  // Written by the pump alone.
  private volatile boolean ended;
  private volatile boolean unread;
  private volatile long unreadSince;

  // The clock's thread alone.
  private long toldAt;

  ResponseStream(
      ServerCallStreamObserver<SampleResponse> observer,
      Responses responses,
      OpenStreams streams,
      Executor executor,
      Ticker ticker) {
    this.observer = observer;
    this.responses = responses;
    this.streams = streams;
    this.executor = executor;
    this.ticker = ticker;
    this.acceptedAt = ticker.nanos();
    this.begunAt = acceptedAt;
    this.progressAt = acceptedAt - PROGRESS_INTERVAL;
    this.toldAt = progressAt;
    this.outbox = new Outbox(responses.accepted(), responses.isLossless());
  }

  /** Lets the pump run: before, a refused request can still be answered by its status alone. */
  void open(Ticket admitted) {
    ticket = admitted;
    streams.add(this);
    executor.execute(this::pump);
  }

  /** The reader takes more, or there is more to take. */
  void schedule() {
    if (asked.getAndIncrement() == 0) {
      executor.execute(this::pump);
    }
  }

  /** The client gave up, ran out of time, or is gone. */
  void cancel() {
    streams.remove(this);
    cancelRows();
    outbox.discard();
  }

  /** Ends the stream with this reason; what waits is dropped. From any thread. */
  void fail(RuntimeException reason) {
    outbox.fail(StatusMapping.of(reason));
    cancelRows();
    schedule();
  }

  /** For how long the reader has taken nothing although something waits. From any thread. */
  Duration unreadFor(long now) {
    return unread ? Duration.ofNanos(now - unreadSince) : Duration.ZERO;
  }

  @Override
  public void onBegin() {
    begun = true;
    begunAt = ticker.nanos();
  }

  @Override
  public void onProgress(long stepsDone, long stepsTotal) {
    long now = ticker.nanos();
    // The last always: whoever counts is to see the end.
    if (now - progressAt >= PROGRESS_INTERVAL || stepsDone == stepsTotal) {
      progressAt = now;
      outbox.putProgress(
          SampleResponse.newBuilder()
              .setProgress(Progress.newBuilder().setStepsDone(stepsDone).setStepsTotal(stepsTotal))
              .build());
      schedule();
    }
  }

  /**
   * Says where the request stands, if it waits for its first step and was not told in this time.
   * From the clock's thread.
   *
   * @param share how many times the usual interval to leave between two
   */
  void tellWaiting(long now, int share) {
    Ticket admitted = ticket;
    if (begun || ended || admitted == null || now - toldAt < share * PROGRESS_INTERVAL) {
      return;
    }
    toldAt = now;
    outbox.putWaiting(
        SampleResponse.newBuilder().setProgress(responses.waiting(admitted.standing())).build());
    schedule();
  }

  @Override
  public void onFrame(
      int sample,
      int step,
      double timestep,
      float @Nullable [] state,
      float @Nullable [] estimate) {
    outbox.putFrame(new Outbox.FrameItem(sample, step, timestep, state, estimate));
    schedule();
  }

  @Override
  public void onSample(int sample, float[] data) {
    outbox.putSample(new Outbox.SampleItem(sample, data));
    schedule();
  }

  @Override
  public void onDone(RunStatistics statistics) {
    long now = ticker.nanos();
    outbox.finish(
        SampleResponse.newBuilder()
            .setSummary(
                Summary.newBuilder()
                    .setNumSamples(responses.samples())
                    .setTotalMs(milliseconds(now - acceptedAt))
                    .setQueueMs(milliseconds(begunAt - acceptedAt))
                    .setMeanBatchRows(statistics.meanRows())
                    // No frame comes after the last sample, so the number is final.
                    .setFramesDropped(outbox.dropped()))
            .build());
    schedule();
  }

  @Override
  public void onFailure(EngineException failure) {
    outbox.fail(StatusMapping.of(failure));
    schedule();
  }

  @Override
  public boolean mayStep() {
    return outbox.hasRoom();
  }

  @Override
  public int undelivered() {
    return outbox.samples();
  }

  private void pump() {
    int served = asked.get();
    do {
      send();
      served = asked.addAndGet(-served);
    } while (served != 0);
  }

  private void send() {
    boolean relieved = false;
    while (!ended && !observer.isCancelled()) {
      StatusRuntimeException failure = outbox.failure();
      if (failure != null) {
        // A status needs no room at the reader's.
        end();
        observer.onError(failure);
        return;
      }
      // If not ready, gRPC calls schedule() as soon as it is.
      Outbox.Item item = observer.isReady() ? outbox.take() : null;
      if (item == null) {
        break;
      }
      unread = false;
      relieved |= !(item instanceof Outbox.Message);
      send(item);
    }
    noteReader();
    Ticket admitted = ticket;
    if (relieved && admitted != null) {
      admitted.wake();
    }
  }

  private void send(Outbox.Item item) {
    try {
      SampleResponse response = responses.encode(item);
      observer.onNext(response);
      if (response.hasSummary()) {
        end();
        observer.onCompleted();
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void end() {
    ended = true;
    unread = false;
    streams.remove(this);
  }

  private void noteReader() {
    if (ended || observer.isReady() || outbox.isEmpty()) {
      unread = false;
    } else if (!unread) {
      unreadSince = ticker.nanos();
      unread = true;
    }
  }

  private void cancelRows() {
    Ticket admitted = ticket;
    if (admitted != null) {
      admitted.cancel();
    }
  }

  private static double milliseconds(long nanos) {
    return nanos / 1e6;
  }
}
