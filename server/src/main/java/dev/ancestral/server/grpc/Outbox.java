package dev.ancestral.server.grpc;

import dev.ancestral.v1.SampleResponse;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What one request has made and its reader has not taken yet. Thread-safe: the engine puts in, the
 * pump takes out.
 *
 * <p>Bounds, of which the engine adds at most one batch's worth before it looks again: with
 * lossless frames, {@link #LOSSLESS_FRAMES} and {@link #LOSSLESS_BYTES}, beyond which {@link
 * #hasRoom()} is false; else one frame a sample that is under way, replaced by later ones. Finished
 * samples are never dropped; {@link #samples()} is what keeps the engine from starting more.
 */
@SuppressWarnings("ArrayRecordComponent") // Items hand arrays over; nobody compares items.
final class Outbox {
  /** Lossless frames that may wait before the request pauses. */
  static final int LOSSLESS_FRAMES = 64;

  /** Their bytes that may wait before the request pauses. */
  static final long LOSSLESS_BYTES = 8 << 20;

  /** Something to send, encoded when its turn comes. */
  sealed interface Item permits Message, FrameItem, SampleItem {}

  /** A message as it is. */
  record Message(SampleResponse response) implements Item {}

  /** A finished sample. */
  record SampleItem(int sample, float[] data) implements Item {}

  /** An intermediate state, as {@code SampleListener.onFrame} gives it. */
  record FrameItem(
      int sample, int step, double timestep, float @Nullable [] state, float @Nullable [] estimate)
      implements Item {
    long bytes() {
      int numbers = (state == null ? 0 : state.length) + (estimate == null ? 0 : estimate.length);
      return (long) Float.BYTES * numbers;
    }
  }

  /** A place in the queue; a droppable frame's content may be replaced while it waits there. */
  private static final class Slot {
    private Item item;

    Slot(Item item) {
      this.item = item;
    }
  }

  private final boolean lossless;
  private final Queue<Slot> queue = new ArrayDeque<>();
  private final Map<Integer, Slot> replaceable = new HashMap<>();
  private @Nullable SampleResponse first;
  private @Nullable SampleResponse progress;
  private @Nullable SampleResponse last;
  private @Nullable StatusRuntimeException failure;
  private int frames;
  private long bytes;
  private int samples;
  private long dropped;
  private boolean moved;

  /** An outbox that starts with this message. */
  Outbox(SampleResponse first, boolean lossless) {
    this.first = first;
    this.lossless = lossless;
  }

  synchronized void putFrame(FrameItem frame) {
    if (!lossless) {
      Slot waiting = replaceable.get(frame.sample());
      if (waiting != null) {
        bytes += frame.bytes() - ((FrameItem) waiting.item).bytes();
        waiting.item = frame;
        dropped++;
        return;
      }
    }
    Slot slot = new Slot(frame);
    queue.add(slot);
    frames++;
    bytes += frame.bytes();
    if (!lossless) {
      replaceable.put(frame.sample(), slot);
    }
  }

  synchronized void putSample(SampleItem sample) {
    queue.add(new Slot(sample));
    samples++;
  }

  /** Replaces the progress that was not taken yet. */
  synchronized void putProgress(SampleResponse latest) {
    moved = true;
    progress = latest;
  }

  /** As {@link #putProgress}, but too late once there was any: it is of a request that waits. */
  synchronized void putWaiting(SampleResponse latest) {
    if (!moved) {
      progress = latest;
    }
  }

  /** Nothing comes after this message. */
  synchronized void finish(SampleResponse summary) {
    moved = true;
    last = summary;
  }

  /** The request has failed: what waits is not worth sending. */
  synchronized void fail(StatusRuntimeException reason) {
    discard();
    failure = reason;
  }

  /** The reader is gone. */
  synchronized void discard() {
    moved = true;
    queue.clear();
    replaceable.clear();
    first = null;
    progress = null;
    last = null;
    frames = 0;
    bytes = 0;
    samples = 0;
  }

  /** Why the request failed, if it did. */
  synchronized @Nullable StatusRuntimeException failure() {
    return failure;
  }

  /** The next to send, null if there is nothing now. */
  synchronized @Nullable Item take() {
    SampleResponse message = first;
    if (message != null) {
      first = null;
      return new Message(message);
    }
    message = progress;
    if (message != null) {
      progress = null;
      return new Message(message);
    }
    Slot slot = queue.poll();
    if (slot != null) {
      return taken(slot.item);
    }
    message = last;
    last = null;
    return message == null ? null : new Message(message);
  }

  private Item taken(Item item) {
    if (item instanceof FrameItem frame) {
      frames--;
      bytes -= frame.bytes();
      replaceable.remove(frame.sample());
    } else if (item instanceof SampleItem) {
      samples--;
    }
    return item;
  }

  /** Whether the request may make more frames. */
  synchronized boolean hasRoom() {
    return !lossless || (frames < LOSSLESS_FRAMES && bytes < LOSSLESS_BYTES);
  }

  /** Whether there is nothing to send now. */
  synchronized boolean isEmpty() {
    return first == null && progress == null && queue.isEmpty() && last == null;
  }

  /** Finished samples that wait. */
  synchronized int samples() {
    return samples;
  }

  /** Frames that were replaced by later ones. */
  synchronized long dropped() {
    return dropped;
  }
}
