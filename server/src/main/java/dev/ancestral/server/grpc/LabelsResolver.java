package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.v1.SampleRequest;
import java.util.List;

/** The part of the door that looks at {@code labels}. */
final class LabelsResolver {
  private LabelsResolver() {}

  /** What each sample's row is labelled with; the null label, or 0 where the network takes none. */
  static List<Integer> resolve(
      SampleRequest request, String model, Bundle bundle, FieldChecks checks) {
    List<Integer> labels = request.getLabelsList();
    Conditioning conditioning = bundle.conditioning();
    if (conditioning == null) {
      checks.require(
          labels.isEmpty(),
          "labels",
          "%d given (expected: none, model %s is unconditional)".formatted(labels.size(), model));
      return List.of(0);
    }
    int classes = conditioning.numClasses();
    for (int i = 0; i < labels.size(); i++) {
      checks.range("labels[%d]".formatted(i), labels.get(i), 0, classes - 1, "");
    }
    if (!labels.isEmpty()) {
      return labels;
    }
    Integer nullLabel = conditioning.nullLabel();
    checks.require(
        nullLabel != null,
        "labels",
        "none given (expected: 0..%d, model %s cannot draw without a class)"
            .formatted(classes - 1, model));
    return List.of(nullLabel == null ? 0 : nullLabel);
  }
}
