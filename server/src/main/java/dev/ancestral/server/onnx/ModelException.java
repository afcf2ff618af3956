package dev.ancestral.server.onnx;

import ai.onnxruntime.OrtException;

/** An ONNX file that cannot be served: the message names the file and what is wrong. */
public final class ModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The message is {@code file: problem}. */
  public ModelException(String file, String problem) {
    super(file + ": " + problem);
  }

  /** What ONNX Runtime said, in one line. */
  static String said(OrtException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ").strip();
  }
}
