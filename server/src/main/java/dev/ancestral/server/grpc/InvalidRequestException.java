package dev.ancestral.server.grpc;

import java.util.List;
import java.util.stream.Collectors;

/** A request with fields out of their bounds, all of them. */
final class InvalidRequestException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * One of them.
   *
   * @param field its path in the request, such as {@code frames.every} or {@code labels[2]}
   * @param problem what was given, and what is expected
   */
  record Violation(String field, String problem) {}

  private final transient List<Violation> violations;

  InvalidRequestException(List<Violation> violations) {
    super(
        violations.stream()
            .map(violation -> violation.field() + ": " + violation.problem())
            .collect(Collectors.joining("; ")));
    this.violations = List.copyOf(violations);
  }

  List<Violation> violations() {
    return violations;
  }
}
