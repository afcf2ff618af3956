package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.ClassNames;
import dev.ancestral.v1.SampleRequest;
import java.util.ArrayList;
import java.util.List;

/** The part of the door that looks at {@code labels} and {@code label_names}. */
final class LabelsResolver {
  private static final String LABELS = "labels";
  private static final String NAMES = "label_names";

  private LabelsResolver() {}

  /** What each sample's row is labelled with; the null label, or 0 where the network takes none. */
  static List<Integer> resolve(
      SampleRequest request,
      SampleRequest.Builder resolved,
      String model,
      Bundle bundle,
      FieldChecks checks) {
    Conditioning conditioning = bundle.conditioning();
    if (conditioning == null) {
      checkNone(LABELS, request.getLabelsCount(), model, checks);
      checkNone(NAMES, request.getLabelNamesCount(), model, checks);
      return List.of(0);
    }
    List<Integer> labels = labels(request, conditioning, checks);
    resolved.clearLabels().addAllLabels(labels).clearLabelNames();
    if (!labels.isEmpty()) {
      return labels;
    }
    Integer nullLabel = conditioning.nullLabel();
    checks.require(
        nullLabel != null,
        LABELS,
        "none given (expected: 0..%d, model %s cannot draw without a class)"
            .formatted(conditioning.numClasses() - 1, model));
    return List.of(nullLabel == null ? 0 : nullLabel);
  }

  private static void checkNone(String field, int count, String model, FieldChecks checks) {
    checks.require(
        count == 0,
        field,
        "%d given (expected: none, model %s is unconditional)".formatted(count, model));
  }

  private static List<Integer> labels(
      SampleRequest request, Conditioning conditioning, FieldChecks checks) {
    List<Integer> labels = request.getLabelsList();
    int classes = conditioning.numClasses();
    for (int i = 0; i < labels.size(); i++) {
      checks.range("labels[%d]".formatted(i), labels.get(i), 0, classes - 1, "");
    }
    if (request.getLabelNamesCount() == 0) {
      return labels;
    }
    checks.require(labels.isEmpty(), NAMES, "given beside labels (expected: one of the two)");
    ClassNames names = new ClassNames(classes, conditioning.classNames());
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < request.getLabelNamesCount(); i++) {
      try {
        found.add(names.find(request.getLabelNames(i)));
      } catch (IllegalArgumentException e) {
        checks.reject("%s[%d]".formatted(NAMES, i), String.valueOf(e.getMessage()));
        found.add(0);
      }
    }
    return found;
  }
}
