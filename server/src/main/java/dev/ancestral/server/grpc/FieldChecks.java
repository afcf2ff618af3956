package dev.ancestral.server.grpc;

import dev.ancestral.server.grpc.InvalidRequestException.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects what is wrong with one request, so that its sender hears of everything at once; of very
 * much, of the first.
 */
final class FieldChecks {
  /** A status travels in trailers, of which clients take 8 KiB by default. */
  private static final int MAX_VIOLATIONS = 10;

  private final List<Violation> violations = new ArrayList<>();

  /** {@code field} is wrong: {@code problem} says what was given and what is expected. */
  void reject(String field, String problem) {
    if (violations.size() < MAX_VIOLATIONS) {
      violations.add(new Violation(field, problem));
    }
  }

  /** Rejects unless it holds. */
  void require(boolean holds, String field, String problem) {
    if (!holds) {
      reject(field, problem);
    }
  }

  /** Rejects a number out of its bounds; {@code why} explains them, or is empty. */
  void range(String field, long value, long min, long max, String why) {
    require(
        value >= min && value <= max,
        field,
        "%d (expected: %d..%d%s)".formatted(value, min, max, why.isEmpty() ? "" : ", " + why));
  }

  /** What was rejected first, with its field. */
  Optional<String> first() {
    return violations.stream()
        .map(violation -> violation.field() + ": " + violation.problem())
        .findFirst();
  }

  /** Whether nothing was rejected so far. */
  boolean passed() {
    return violations.isEmpty();
  }

  /**
   * Ends the checks.
   *
   * @throws InvalidRequestException with everything that was rejected
   */
  void verify() {
    if (!passed()) {
      throw new InvalidRequestException(violations);
    }
  }
}
