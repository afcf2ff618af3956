package dev.ancestral.server.onnx;

import ai.onnxruntime.OrtException;

/** An ONNX file that cannot be served: the message names the file and what is wrong. */
public final class ModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The message is {@code file: problem}. */
  public ModelException(String file, String problem) {
    super(file + ": " + problem);
  }

  /**
   * What ONNX Runtime said, in one line, without its error code, the file (which is named anyway)
   * and the place in its own source.
   */
  static String said(OrtException e) {
    return String.valueOf(e.getMessage())
        .replaceAll("\\s*\\R\\s*", " ")
        .replaceFirst("^Error code - \\w+ - message: ", "")
        .replaceFirst("^Load model from .* failed:\\s*", "")
        .replaceFirst("^/\\S+:\\d+ [^)]*\\) ", "")
        .strip();
  }
}
