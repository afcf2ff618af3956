package dev.ancestral.client;

import dev.ancestral.v1.Accepted;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Progress;
import dev.ancestral.v1.Sample;

/**
 * What a sampling tells while it runs, called in the thread that samples. A slow observer slows its
 * own stream down and no other.
 */
public interface SampleObserver {
  /** The server took the request; every default is filled in. Comes first. */
  default void accepted(Accepted accepted) {}

  /** How far the request is. */
  default void progress(Progress progress) {}

  /** An intermediate state, if the request asks for frames. */
  default void frame(Frame frame) {}

  /** A finished sample; samples come in the order in which they finish. */
  default void sample(Sample sample) {}
}
