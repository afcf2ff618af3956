package dev.ancestral.bench.drill;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends bodies as they are, a few at a time, and counts how the calls end. A call that is answered
 * counts as accepted, and is given up. Thread-safe.
 */
final class RawCalls {
  /** How a call that was answered is counted. */
  static final String ACCEPTED = "accepted";

  private static final int AT_A_TIME = 32;
  private static final int SECONDS = 30;

  private final ManagedChannel channel;
  private final Semaphore room = new Semaphore(AT_A_TIME);
  private final Map<String, Long> outcomes = new TreeMap<>();

  RawCalls(ManagedChannel channel) {
    this.channel = channel;
  }

  /** Waits for room, then starts a call. */
  void send(MethodDescriptor<?, ?> method, byte[] body) throws InterruptedException {
    room.acquire();
    ClientCall<byte[], byte[]> call =
        channel.newCall(
            method.toBuilder(Bytes.RAW, Bytes.RAW).build(),
            CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS));
    call.start(
        new ClientCall.Listener<>() {
          private boolean answered;

          @Override
          public void onMessage(byte[] message) {
            answered = true;
            call.cancel("answered", null);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            count(answered || status.isOk() ? ACCEPTED : status.getCode().name());
            room.release();
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(body);
    call.halfClose();
  }

  /** Waits until every call has ended; how many ended how. */
  Map<String, Long> outcomes() throws InterruptedException {
    room.acquire(AT_A_TIME);
    room.release(AT_A_TIME);
    synchronized (this) {
      return new TreeMap<>(outcomes);
    }
  }

  private synchronized void count(String outcome) {
    outcomes.merge(outcome, 1L, Long::sum);
  }

  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    RAW;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
