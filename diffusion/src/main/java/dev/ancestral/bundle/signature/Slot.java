package dev.ancestral.bundle.signature;

import dev.ancestral.bundle.signature.Declared.Dimension;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A place that one of a file's inputs or its output takes.
 *
 * @param role what it is for
 * @param row shape after the batch
 */
record Slot(Role role, List<Long> row) {
  /** What a network is given, and what it gives. */
  enum Role {
    STATE,
    TIMESTEP,
    LABELS,
    PREDICTION;

    /** Whether exporters call it that. */
    boolean isCalled(String name) {
      Set<String> names =
          switch (this) {
            case STATE -> Set.of("sample", "x", "input");
            case TIMESTEP -> Set.of("timestep", "timesteps", "t");
            case LABELS -> Set.of("class_labels", "labels", "y");
            case PREDICTION -> Set.of("out_sample", "output", "noise_pred");
          };
      return names.contains(name);
    }

    /** The types that it may have. */
    List<String> types() {
      return switch (this) {
        case STATE, PREDICTION -> List.of("float32");
        case TIMESTEP -> List.of("float32", "int64");
        case LABELS -> List.of("int64");
      };
    }

    /** As {@code the state}. */
    String label() {
      return "the " + name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether an input may be this one: its type and shape are right, and its name no other's. */
  boolean takesInput(Declared input) {
    for (Role other : List.of(Role.STATE, Role.TIMESTEP, Role.LABELS)) {
      if (other != role && other.isCalled(input.name())) {
        return false;
      }
    }
    return takes(input);
  }

  /** Whether type and shape are right. */
  boolean takes(Declared declared) {
    List<Dimension> shape = declared.shape();
    if (!role.types().contains(declared.type())) {
      return false;
    }
    if (shape.isEmpty()) {
      return role == Role.TIMESTEP;
    }
    if (shape.size() != row.size() + 1 || !(shape.get(0).isFree() || shape.get(0).is(1))) {
      return false;
    }
    for (int i = 0; i < row.size(); i++) {
      // Free dimensions are taken on trust: the first call tells.
      if (!shape.get(i + 1).isFree() && !shape.get(i + 1).is(row.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** As {@code the timestep float32 or int64 [batch], [1] or []}. */
  @Override
  public String toString() {
    String types = String.join(" or ", role.types());
    String after = row.stream().map(size -> ", " + size).collect(Collectors.joining());
    return "%s %s [batch%s]%s"
        .formatted(role.label(), types, after, role == Role.TIMESTEP ? ", [1] or []" : "");
  }
}
