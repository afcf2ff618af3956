package dev.ancestral.server.onnx;

/** An ONNX file that cannot be served: the message names the file and what is wrong. */
public final class ModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The message is {@code file: problem}. */
  public ModelException(String file, String problem) {
    super(file + ": " + problem);
  }
}
