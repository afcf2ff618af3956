package dev.ancestral.server.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;

/**
 * Turns the runs of one session off, from any thread: the one that runs ends before its next
 * operator, and no later one begins. The options of all of that session's runs.
 */
final class RunSwitch implements AutoCloseable {
  private final RunOptions options;
  private boolean closed;

  RunSwitch() throws OrtException {
    this.options = new RunOptions();
  }

  /** For the thread that runs the session, which is the one that closes this. */
  RunOptions options() {
    return options;
  }

  synchronized void off() {
    if (closed) {
      return;
    }
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + ModelException.said(e), e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    options.close();
  }
}
