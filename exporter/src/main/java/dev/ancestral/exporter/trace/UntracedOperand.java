package dev.ancestral.exporter.trace;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Recognises, by the stack, that the engine itself was given a traced array: the array on the left
 * of the operation, or the first of a list, was a real one, and its numbers would have been frozen
 * into the graph together with the result.
 */
final class UntracedOperand {
  private static final String ENGINE = "ai.djl.pytorch.";
  private static final List<String> MACHINERY =
      List.of(
          "ai.djl.ndarray.",
          "ai.djl.pytorch.",
          "java.",
          "jdk.",
          "dev.ancestral.exporter.trace.Trace");

  private UntracedOperand() {}

  /** The engine's method that stumbled over a traced array, if one did. */
  static Optional<String> operation(StackTraceElement[] stack) {
    String operation = null;
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().startsWith(ENGINE)) {
        operation = frame.getMethodName();
      } else if (operation != null) {
        break;
      }
    }
    return Optional.ofNullable(operation);
  }

  /** The error. */
  static TraceException error(String operation, String where) {
    return new TraceException(
        ("%s: the array it is called on is not traced, but an argument is; called in %s (expected:"
                + " the traced array on the left, constants from its getManager(), parameters from"
                + " the parameter store)")
            .formatted(operation, where));
  }

  /**
   * Translates what the engine threw, if that is the reason.
   *
   * @param e from the network's forward
   */
  static Optional<TraceException> translate(RuntimeException e) {
    boolean typical =
        e instanceof ClassCastException
            || e instanceof ArrayStoreException
            || String.valueOf(e.getMessage()).startsWith("Only PtNDArray");
    if (!typical) {
      return Optional.empty();
    }
    StackTraceElement[] stack = e.getStackTrace();
    String where =
        Arrays.stream(stack)
            .filter(frame -> MACHINERY.stream().noneMatch(frame.getClassName()::startsWith))
            .map(StackTraceElement::toString)
            .findFirst()
            .orElse("?");
    Optional<TraceException> told = operation(stack).map(operation -> error(operation, where));
    told.ifPresent(error -> error.initCause(e));
    return told;
  }
}
