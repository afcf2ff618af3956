package dev.ancestral.server.grpc;

import dev.ancestral.diffusion.Names;
import java.util.Collection;

/** A request for a model that is not loaded. */
final class ModelNotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String model;

  ModelNotFoundException(String model, Collection<String> known) {
    super(Names.unknown("model", model, known).getMessage());
    this.model = Names.shortened(model);
  }

  String model() {
    return model;
  }
}
