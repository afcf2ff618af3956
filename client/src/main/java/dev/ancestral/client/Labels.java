package dev.ancestral.client;

import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.ClassNames;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.SampleRequest;

/** The classes that {@code --label} asks for, by the names that the model has for them. */
final class Labels {
  private Labels() {}

  /**
   * Puts indices in the place of names.
   *
   * @throws UserError naming the label that the model does not know
   */
  static void resolve(SampleRequest.Builder request, Model model) {
    if (request.getLabelNamesCount() == 0) {
      return;
    }
    ClassNames names = new ClassNames(model.getNumClasses(), model.getClassNamesList());
    if (names.count() == 0) {
      throw new UserError(
          "--label: %s (expected: none, model %s is unconditional)"
              .formatted(request.getLabelNames(0), model.getName()));
    }
    request.clearLabels();
    for (String label : request.getLabelNamesList()) {
      try {
        request.addLabels(names.find(label));
      } catch (IllegalArgumentException e) {
        throw new UserError("--label: " + e.getMessage(), e);
      }
    }
    request.clearLabelNames();
  }
}
